"""kill -9 at every named instant, and before and after every call to the server: nobody twice, nobody lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from integration.test_post_processes import DieAt, die
from integration.test_post_world import CAMPAIGN, SETTINGS, World
from outreach.errors import OutcomeUnknown
from outreach.fhir.client import Created, FhirClient, Versioned
from outreach.fhir.dialect import Resource
from outreach.fhir.faults import BadStatus
from outreach.fhir.filters import Params
from outreach.ledger import Lease
from outreach.ledger.book import Book
from outreach.post import Checkpoint
from unit.test_ledger_support import POSTGRES, postgres_schema

pytest_plugins = ("integration.test_post_world",)


def everybody(base: str, folder: Path, database: str = "") -> World:
    """One person for each way an invitation can go."""
    world = World(base, folder, database=database)
    world.person("ana", "a")  # sent
    world.person("bea", "taken", "b")  # her first slot is lost
    world.person("cam", "c", portal=False)  # called
    world.person("dee", "d", active=False)  # withheld
    world.person("eve", "e", language="vi")  # called with an interpreter
    world.person("fay", "f")  # her message is stored, the answer lost
    world.person("gil", "g")  # his message is lost
    world.person("hal", "h", "h2")  # his message is refused, his slot given back
    world.person("ivy", "taken2")  # no slot left
    sue = world.person("sue", "s")  # the server has two messages with her key
    world.resources += [_message(world, n, sue) for n in range(2)]
    world.plan()
    for slot in ("taken", "taken2"):
        world.change("Slot", slot, status="busy")
    return world


#: What must come of everybody, whatever died in between; hal is told once an honest server answers.
ENDS = {
    "ana": {"sent"},
    "bea": {"sent"},
    "cam": {"handed_over:no-portal-account"},
    "dee": {"withheld:inactive"},
    "eve": {"handed_over:no-letter-in-language"},
    "fay": {"sent"},
    "gil": {"sent"},
    "hal": {"sent", "withheld:message-refused"},
    "ivy": {"deferred:slot-lost"},
    "sue": {"quarantined:several-match"},
}


class Unlucky:
    """A real client whose creates fare as the person's name says; may kill its process around its nth call."""

    def __init__(self, world: World, before: int = 0, after: int = 0) -> None:
        self._client, self._before, self._after = FhirClient(world.base, deadline_s=30), before, after
        self._who = {planned.key: name for name, planned in world.people.items()}
        self.calls, self._created = 0, Counter[str]()

    def _begin(self) -> None:
        self.calls += 1
        if self.calls == self._before:
            die()

    def _end(self) -> None:
        if self.calls == self._after:
            die()

    def read(self, type_: str, id_: str) -> Versioned | None:
        self._begin()
        found = self._client.read(type_, id_)
        self._end()
        return found

    def search(self, type_: str, params: Params = ()) -> list[Resource]:
        self._begin()
        found = self._client.search(type_, params)
        self._end()
        return found

    def update(self, resource: Resource, *, if_match: str) -> Versioned:
        self._begin()
        written = self._client.update(resource, if_match=if_match)
        self._end()
        return written

    def create(self, resource: Resource, *, if_none_exist: tuple[str, str]) -> Created:
        self._begin()
        who = self._who[if_none_exist[1]]
        self._created[who] += 1
        if who == "hal":
            raise BadStatus("create of Communication", 422)
        if who == "gil" and self._created[who] == 1:
            raise OutcomeUnknown("lost before the server saw it")
        created = self._client.create(resource, if_none_exist=if_none_exist)
        self._end()
        if who == "fay":
            raise OutcomeUnknown("lost after the server stored it")
        return created


def assert_all_well(world: World, where: str) -> None:
    world.assert_whole()
    states = world.states()
    assert all(states[name] in ends for name, ends in ENDS.items()), (where, states)
    told = [row.split('"')[1::2] for row in world.calls_file.read_text().split("], [")]
    assert sorted(person.removeprefix(f"{world.name}-") for _, person, _ in told) == ["cam", "eve"], where


@pytest.fixture(scope="module")
def undisturbed(post_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[Checkpoint], int]:
    """How often each instant comes, and how many calls there are, in a night in which nothing dies."""
    world = everybody(post_server, tmp_path_factory.mktemp("undisturbed"))
    checkpoints, client = DieAt(), Unlucky(world)
    assert world.post(client, checkpoint=checkpoints).whole
    assert {name for name, ends in ENDS.items() if world.states()[name] not in ends} == set()
    return Counter(checkpoints.seen), client.calls


def test_the_night_comes_past_every_named_instant(undisturbed: tuple[Counter[Checkpoint], int]) -> None:
    assert set(undisturbed[0]) == set(Checkpoint)


@pytest.mark.parametrize("times", ["first and last", pytest.param("between", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", Checkpoint)
def test_killed_at_a_named_instant(
    post_server: str, tmp_path: Path, undisturbed: tuple[Counter[Checkpoint], int], name: Checkpoint, times: str
) -> None:
    every = list(range(1, undisturbed[0][name] + 1))
    for nth in sorted({every[0], every[-1]}) if times == "first and last" else every[1:-1]:
        world = everybody(post_server, tmp_path)
        assert world.post_in_child(lambda w=world: Unlucky(w), checkpoint=DieAt(name, nth)) == -9
        assert world.post_in_child() == 0
        assert_all_well(world, f"{name} {nth}")


@pytest.mark.long
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("part", range(4))
def test_killed_around_every_call_to_the_server(
    post_server: str, tmp_path: Path, undisturbed: tuple[Counter[Checkpoint], int], side: str, part: int
) -> None:
    deaths = 0
    for nth in range(1 + part, undisturbed[1] + 1, 4):
        world = everybody(post_server, tmp_path)
        deaths += world.post_in_child(lambda w=world, n=nth: Unlucky(w, **{side: n})) == -9
        assert world.post_in_child() == 0
        assert_all_well(world, f"{side} call {nth}")
    assert deaths > 5


@pytest.mark.long
@pytest.mark.parametrize("side", ["inside", "after"])
@pytest.mark.parametrize("part", range(4))
def test_killed_around_every_write_of_the_ledger(
    post_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: str, part: int
) -> None:
    """The nth transaction, just before and just after its commit, until a night goes through untouched."""
    for nth in range(1 + part, 1_000, 4):
        world = everybody(post_server, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(Book, "_writing", dying_write(nth, side))
            died = world.post_in_child(lambda w=world: Unlucky(w))
        assert world.post_in_child() == 0
        assert_all_well(world, f"{side} write {nth}")
        if died == 0:
            assert nth > 40
            return


def dying_write(nth: int, side: str) -> Callable[[Book, Lease | None], AbstractContextManager[Connection]]:
    """The ledger's own transaction, in which the process dies at its nth."""
    whole, count = Book._writing, iter(range(1, 1_000_000))

    @contextmanager
    def writing(book: Book, lease: Lease | None = None) -> Iterator[Connection]:
        last = next(count) == nth
        with whole(book, lease) as connection:
            yield connection
            if last and side == "inside":
                die()
        if last:
            die()

    return writing


@pytest.mark.parametrize("name", [Checkpoint.HOLD_WRITTEN, Checkpoint.CLAIMED, Checkpoint.POSTED, Checkpoint.SENT])
def test_killed_with_several_hands_at_work(post_server: str, tmp_path: Path, name: Checkpoint) -> None:
    hands = replace(SETTINGS, workers=4)
    for nth in (1, 2, 3):
        world = everybody(post_server, tmp_path)
        assert world.post_in_child(lambda w=world: Unlucky(w), checkpoint=DieAt(name, nth), settings=hands) == -9
        assert world.post_in_child(settings=hands) == 0
        assert_all_well(world, f"{name} {nth}")


@pytest.mark.skipif(not POSTGRES, reason="OUTREACH_TEST_POSTGRES names no database")
@pytest.mark.parametrize("name", Checkpoint)
def test_killed_with_the_ledger_on_postgresql(post_server: str, tmp_path: Path, name: Checkpoint) -> None:
    with postgres_schema() as database:
        world = everybody(post_server, tmp_path, database)
        assert world.post_in_child(lambda: Unlucky(world), checkpoint=DieAt(name)) == -9
        assert world.post_in_child() == 0
        assert_all_well(world, f"{name} on PostgreSQL")


def test_killed_again_and_again(post_server: str, tmp_path: Path) -> None:
    """Each process gets one instant further than the one before."""
    world = everybody(post_server, tmp_path)
    deaths = 0
    for calls in range(3, 200):
        died = world.post_in_child(lambda n=calls: Unlucky(world, after=n))
        if died == 0:
            break
        assert died == -9
        deaths += 1
    assert deaths > 10
    assert_all_well(world, f"{deaths} deaths")


def _message(world: World, n: int, key: str) -> Resource:
    identifier = [{"system": CAMPAIGN, "value": key}]
    head = {"resourceType": "Communication", "id": f"{world.name}-sue-{n}", "status": "completed"}
    return head | {"identifier": identifier, "subject": world.reference("sue")}
