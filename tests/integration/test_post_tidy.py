"""Loose ends: nights that were never finished, places nobody took, a ledger from a backup."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

from integration.test_post_crash import Unlucky
from integration.test_post_processes import DieAt
from integration.test_post_records import SOON
from integration.test_post_stop import Forgetful
from integration.test_post_world import HOLD, SETTINGS, World, letter
from outreach.errors import ServerFault
from outreach.fhir.client import FhirClient
from outreach.ledger.states import REOPENABLE
from outreach.post import Checkpoint, Desk, post_night, tidy
from outreach.post.writing import reply_by

pytest_plugins = ("integration.test_post_world",)


def tidy_up(world: World, days: int = 1, now: datetime | None = None, client: object = None) -> int:
    with world.ledger() as ledger, ledger.lease("night", "tidy") as lease:
        at = now or ledger.now()
        desk = Desk(client or world.client, ledger, lease, SETTINGS, now=lambda: at, sleep=lambda _: None)  # type: ignore[arg-type]
        return tidy(desk, "hcc", world.since.date() + timedelta(days=days), replies_read=True)


def next_night(world: World) -> None:
    """The night after: whoever may be planned again is, with the same keys and the same slots."""
    with world.ledger() as ledger, ledger.lease("night", "next") as lease:
        known = ledger.known(planned.key for planned in world.planned)
        again = [p for p in world.planned if known[p.key] in REOPENABLE]
        run = ledger.begin_run(lease, "hcc", world.since.date() + timedelta(days=1), rule_hash="r")
        desk = Desk(world.client, ledger, lease, SETTINGS, sleep=lambda _: None)
        post_night(desk, ledger.plan(lease, run, again, []), since=world.since, letters=letter)


class TestANightThatWasNeverFinished:
    @pytest.mark.parametrize(
        "name", [Checkpoint.HOLD_WRITTEN, Checkpoint.SLOT_PUT, Checkpoint.HOLD_CONFIRMED, Checkpoint.CLAIMED]
    )
    def test_what_was_not_sent_is_withheld_its_slot_free_and_the_next_night_sends_it(
        self, world: World, name: Checkpoint
    ) -> None:
        world.person("ana", "a")
        assert world.plan().post_in_child(checkpoint=DieAt(name)) == -9
        assert tidy_up(world) == 0
        assert world.states() == {"ana": "withheld:night-abandoned"}
        assert world.held() == {}
        next_night(world)
        assert world.messages() == {"ana": 1}
        assert world.states() == {"ana": "sent"}

    def test_what_was_sent_is_found_and_is_not_sent_again(self, world: World) -> None:
        world.person("ana", "a")
        assert world.plan().post_in_child(checkpoint=DieAt(Checkpoint.POSTED)) == -9
        assert tidy_up(world) == 0
        assert world.states() == {"ana": "sent"}
        next_night(world)
        assert world.messages() == {"ana": 1}
        world.assert_whole()

    def test_tonights_own_work_is_left_alone(self, world: World) -> None:
        world.person("ana", "a")
        world.plan().post_in_child(checkpoint=DieAt(Checkpoint.CLAIMED))
        assert tidy_up(world, days=0) == 0
        assert world.states() == {"ana": "sending"}

    def test_a_message_that_needs_somebody_is_left_to_somebody(self, world: World) -> None:
        world.person("sue", "s")
        identifier = [{"system": "urn:outreach:campaign", "value": world.people["sue"].key}]
        who = world.reference("sue")
        for _ in range(2):
            world.add(resourceType="Communication", status="completed", identifier=identifier, subject=who)
        world.plan().post()
        tidy_up(world)
        assert world.states() == {"sue": "quarantined:several-match"}

    def test_nothing_is_settled_while_the_server_is_away(self, world: World) -> None:
        world.person("ana", "a")
        world.plan().post_in_child(checkpoint=DieAt(Checkpoint.CLAIMED))
        nobody = FhirClient("http://127.0.0.1:9/fhir", sleep=lambda _: None)
        with pytest.raises(ServerFault):
            tidy_up(world, client=nobody)
        tidy_up(world)
        assert world.states() == {"ana": "withheld:night-abandoned"}


class TestAPlaceNobodyTook:
    def test_it_goes_back_when_the_time_to_reply_is_over(self, world: World) -> None:
        world.person("ana", "a")
        world.person("bea", "b", portal=False)
        world.plan().post()
        before = world.client.read("Slot", world.slot("a").slot)
        until = reply_by(datetime.now(SOON.tzinfo), world.slot("a").start, SETTINGS)
        tidy_up(world, now=until - timedelta(hours=1))
        assert len(world.held()) == 2
        tidy_up(world, now=until + timedelta(hours=1))
        assert world.held() == {}
        after = world.client.read("Slot", world.slot("a").slot)
        assert before is not None
        assert after is not None
        assert (after.resource["status"], "identifier" in after.resource) == ("free", False)
        assert world.states() == {"ana": "expired:no-reply", "bea": "expired:no-reply"}

    def test_other_marks_on_the_slot_stay(self, world: World) -> None:
        world.person("ana", "a")
        world.resources[-1]["identifier"] = [{"system": "urn:hospital", "value": "7"}]
        world.plan().post()
        tidy_up(world, now=SOON)
        slot = world.client.read("Slot", world.slot("a").slot)
        assert slot is not None
        assert slot.resource["identifier"] == [{"system": "urn:hospital", "value": "7"}]

    @pytest.mark.parametrize("status", ["busy", "busy-unavailable", "entered-in-error"])
    def test_a_slot_that_was_booked_since_stays_booked(self, world: World, status: str) -> None:
        world.person("ana", "a")
        world.plan().post()
        world.change("Slot", "a", status=status)
        tidy_up(world, now=SOON)
        slot = world.client.read("Slot", world.slot("a").slot)
        assert slot is not None
        assert slot.resource["status"] == status

    def test_a_slot_that_somebody_else_holds_by_now_stays_theirs(self, world: World) -> None:
        world.person("ana", "a")
        world.plan().post()
        world.change("Slot", "a", identifier=[{"system": HOLD, "value": "another engine"}])
        tidy_up(world, now=SOON)
        assert world.held() == {world.slot("a").slot: ["another engine"]}

    def test_one_that_cannot_be_given_back_now_is_told_and_done_later(self, world: World) -> None:
        world.person("ana", "a")
        world.plan().post()

        class Stuck(Unlucky):
            def update(self, resource: object, *, if_match: str) -> object:  # type: ignore[override]
                raise ServerFault("the server cannot write today")

        assert tidy_up(world, now=SOON, client=Stuck(world)) == 1
        assert len(world.held()) == 1
        assert tidy_up(world, now=SOON) == 0
        assert world.held() == {}


class TestALedgerFromABackup:
    """It has forgotten the night; the server has not."""

    def forget(self, world: World) -> None:
        file = world.folder / f"{world.name}.sqlite"
        with world.ledger() as ledger, ledger.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(file, file.with_suffix(".backup"))
        world.post()
        for path in world.folder.glob(f"{world.name}.sqlite-*"):
            path.unlink()
        shutil.copy(file.with_suffix(".backup"), file)

    def test_nobody_is_told_twice_and_the_holds_are_known_again(self, world: World) -> None:
        world.person("ana", "a", "a2")
        world.person("bea", "b", "b2")
        world.plan()
        self.forget(world)
        assert set(world.states().values()) == {"planned"}
        world.post()
        assert world.messages() == {"ana": 1, "bea": 1}
        world.assert_whole()

    def test_the_look_before_the_send_is_what_saves_a_server_that_ignores_keys(self, world: World) -> None:
        world.person("ana", "a")
        world.plan()
        self.forget(world)
        world.post(Forgetful(world.base))  # type: ignore[arg-type]
        assert world.messages() == {"ana": 1}

    def test_without_it_a_server_that_ignores_keys_gets_a_second_message(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.person("ana", "a")
        world.plan()
        self.forget(world)
        monkeypatch.setattr("outreach.post.recheck.has_identifier", lambda *_: False)
        world.post(Forgetful(world.base))  # type: ignore[arg-type]
        assert world.messages() == {"ana": 2}
