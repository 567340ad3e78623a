"""What the tests of post share: people on a real server, a planned night, and processes that die.

What is on the server is read back by a client of its own; what the sender says of itself proves nothing.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from integration import test_post_records as records
from integration.test_post_processes import in_child
from integration.test_post_records import PORTAL, SOON
from outreach.demo.server import sekmet
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource
from outreach.invite import Letter, MissingFact, NoTemplate, campaign_key
from outreach.ledger import Ledger, PlannedInvitation, Run, SlotChoice, State
from outreach.post import CallRow, Desk, Fresh, Posted, PostSettings, post_night
from outreach.post.server import Server
from servers.sekmet_server import put

CAMPAIGN, HOLD = "urn:outreach:campaign", "urn:outreach:hold"
SETTINGS = PostSettings(
    zone=ZoneInfo("America/New_York"),
    sender="Organization/clinic",
    portal_system=PORTAL,
    notice=timedelta(hours=24),
    reply_within=timedelta(days=2),
    workers=1,
    settle_tries=2,
    settle_s=0.0,
)


@pytest.fixture(scope="session")
def post_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one real server for all tests of post."""
    with sekmet(tmp_path_factory.mktemp("sekmet")) as address:
        yield address


@pytest.fixture
def world(post_server: str, tmp_path: Path) -> World:
    return World(post_server, tmp_path)


@dataclass
class World:
    """One clinic of its own on a shared server. Names are unique, so worlds do not meet."""

    base: str
    folder: Path
    name: str = field(default_factory=lambda: uuid4().hex[:8])
    database: str = ""  #: address of the ledger; "" for a file of its own
    people: dict[str, PlannedInvitation] = field(default_factory=dict)
    resources: list[Resource] = field(default_factory=list)
    slots: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.client = FhirClient(self.base, deadline_s=30)
        with self.ledger() as ledger:
            self.secret = ledger.secret()

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        ledger = Ledger.open(self.database or self.folder / f"{self.name}.sqlite", folder=self.folder)
        try:
            yield ledger
        finally:
            ledger.close()

    def person(self, name: str, /, *slots: str, portal: bool = True, language: str = "es", **changes: object) -> str:
        """Somebody overdue with an order and a visit, planned with these slots; gives the campaign key."""
        id_, n = f"{self.name}-{name}", len(self.people)
        patient = records.patient(id_, portal, language) | changes
        visit = {**records.visit(id_), "start": records.text(SOON + timedelta(minutes=n))}
        self.resources += [patient, records.order(id_), visit]
        choices = tuple(self.slot(slot) for slot in slots)
        key = campaign_key(self.secret, "hcc", id_, "2026-02", "first")
        self.people[name] = PlannedInvitation(
            key, id_, "2026-02", "first", f"{id_}-order", choices, f"{id_}-visit", SOON + timedelta(minutes=n), "clinic"
        )
        return key

    def slot(self, name: str) -> SlotChoice:
        """A free slot, made when it is first named; its hour follows from its name."""
        id_ = f"{self.name}-{name}"
        start = SOON + timedelta(minutes=30 * (sum(name.encode()) % 9))
        if id_ not in self.slots:
            self.slots.add(id_)
            self.resources.append(records.slot(id_, start))
        return SlotChoice(id_, start, start + timedelta(minutes=30))

    def plan(self) -> World:
        """Put everything on the server and write the plan."""
        put(self.client, self.resources)
        self.since = datetime.now(UTC)
        with self.ledger() as ledger, ledger.lease("night", "plan") as lease:
            ledger.plan(lease, ledger.begin_run(lease, "hcc", self.since.date(), rule_hash="r"), self.planned, [])
        return self

    @property
    def planned(self) -> list[PlannedInvitation]:
        return list(self.people.values())

    def change(self, type_: str, id_: str, **values: object) -> None:
        """Change one resource on the server, as somebody at the hospital would. None removes."""
        found = self.client.read(type_, f"{self.name}-{id_}")
        assert found is not None
        changed = {k: v for k, v in (found.resource | values).items() if v is not None}
        self.client.update(changed, if_match=found.etag)

    def add(self, **resource: object) -> None:
        """Somebody at the hospital writes something new."""
        put(self.client, [resource | {"id": f"{self.name}-{uuid4().hex[:8]}"}])

    def reference(self, name: str) -> dict[str, str]:
        return {"reference": f"Patient/{self.name}-{name}"}

    def post(self, client: Server | None = None, **desk: object) -> Posted:
        """Carry the night out in this process."""
        with self.ledger() as ledger, ledger.lease("night", f"pid {os.getpid()}") as lease:
            run = ledger.begin_run(lease, "hcc", self.since.date(), rule_hash="r")
            options = {"settings": SETTINGS, "sleep": lambda _: None} | desk
            letters = options.pop("letters", letter)
            at = Desk(client or FhirClient(self.base, deadline_s=30), ledger, lease, **options)  # type: ignore[arg-type]
            return post_night(at, run, since=self.since, letters=letters)  # type: ignore[arg-type]

    def post_in_child(self, client: Callable[[], Server] | None = None, **desk: object) -> int:
        """Carry the night out in a process of its own: its exit status, or minus the signal that ended it."""

        def work() -> None:
            posted = self.post(client() if client else None, **desk)
            self.calls_file.write_text(json.dumps([[row.list_name, row.person, row.phone] for row in posted.calls]))

        self.calls_file.unlink(missing_ok=True)
        return in_child(work)

    @property
    def calls_file(self) -> Path:
        return self.folder / f"{self.name}.calls.json"

    # What there is to see afterwards

    def states(self) -> dict[str, str]:
        """Where each person stands: state, or state:reason."""
        with self.ledger() as ledger:
            items = {name: ledger.item(planned.key) for name, planned in self.people.items()}
        return {name: f"{i.state}:{i.reason}" if i.reason else i.state.value for name, i in items.items()}

    def messages(self) -> dict[str, int]:
        """How many Communications the server holds for each person, by campaign key."""
        by_key = {planned.key: name for name, planned in self.people.items()}
        wanted = ",".join(f"{CAMPAIGN}|{key}" for key in by_key)
        found = self.client.search("Communication", [("identifier", wanted)])
        counted = Counter(by_key[i["value"]] for each in found for i in each["identifier"] if i["value"] in by_key)
        return {name: counted[name] for name in self.people if counted[name]}

    def held(self) -> dict[str, list[str]]:
        """The marks on every slot that the server shows as held."""
        found = [self.client.read("Slot", slot) for slot in sorted(self.slots)]
        busy = [f.resource for f in found if f is not None and f.resource["status"] == "busy-tentative"]
        return {slot["id"]: [i["value"] for i in slot.get("identifier", []) if i["system"] == HOLD] for slot in busy}

    def run(self, ledger: Ledger) -> Run:
        with ledger.lease("night", "look") as lease:
            return ledger.begin_run(lease, "hcc", self.since.date(), rule_hash="r")

    def assert_whole(self) -> None:
        """The promises that hold for every night, however often it died on the way."""
        with self.ledger() as ledger:
            run = self.run(ledger)
            items, holds = ledger.items(run.run_id), ledger.holds_of(run.run_id)
            counts, problems = ledger.counts(run), ledger.verify_chain()
        assert problems == []
        assert counts.unaccounted == 0, self.states()
        assert not [i for i in items if i.state in (State.PLANNED, State.SENDING, State.UNKNOWN)], self.states()
        doubled = {name: n for name, n in self.messages().items() if n > 1 and name != "sue"}  # sue: see the matrix
        assert doubled == {}, "duplicate messages"
        sent = {i.planned.person for i in items if i.state is State.SENT}
        told = {f"{self.name}-{name}" for name in self.messages() if name != "sue"}
        assert sent == told, "the ledger and the server disagree on who was told"
        ours = {slot: marks for slot, marks in self.held().items() if marks}
        assert all(len(marks) == 1 for marks in ours.values()), "a slot held twice"
        assert {slot: marks[0] for slot, marks in ours.items()} == {h.slot: h.mark for h in holds}
        named = {i.slot for i in items if i.state in (State.SENT, State.HANDED_OVER) and i.slot}
        assert named == {h.slot for h in holds}, "holds are not the slots that messages and calls name"


def letter(planned: PlannedInvitation, fresh: Fresh) -> Letter:
    """The writer of the tests: a few words in two languages."""
    if fresh.language not in ("es", "en"):
        raise NoTemplate(fresh.language or "")
    if planned.step == "no-facts":
        raise MissingFact("visit_place")
    text = {"es": "Le guardamos una cita", "en": "We hold a place for you"}[fresh.language]
    return Letter("A place", f"{text} {fresh.slot.start:%H:%M}", fresh.language, "template")


def persons(rows: Sequence[CallRow]) -> list[str]:
    return [row.person for row in rows]
