"""Everything that could forbid a send, read again minutes before it.

People are asked about together, and alone where the answer of many cannot be trusted. A search that
fails for one person withholds that person; a server that is away stops the night as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from outreach.errors import ServerFault
from outreach.fhir.dialect import Resource, has_identifier, patients_of, token
from outreach.invite import CAMPAIGN
from outreach.ledger import Item
from outreach.ledger.book import Clock
from outreach.post.people import instant_of
from outreach.post.server import Server

Params = list[tuple[str, str]]
Job = Callable[[], list[Resource]]
Mapper = Callable[[Callable[[Job], list[Resource]], Iterable[Job]], Iterable[list[Resource]]]

#: A new or changed one of these may have settled or forbidden what the plan relied on.
CHANGING = ("Condition", "Observation", "DiagnosticReport", "Procedure", "ServiceRequest", "Appointment")


@dataclass(frozen=True)
class Records:
    """What the server says of one person now."""

    patient: Resource | None
    consents: Sequence[Resource]
    order: Resource | None  #: the ServiceRequest that was planned with
    visit: Resource | None
    changed: bool  #: something was written about the person since the pull
    messages: Sequence[Resource]  #: Communications that already bear the campaign key
    asked: datetime


class Recheck:
    """Asks a server about people. ``since`` is the transaction time of the pull the plan was made from."""

    def __init__(self, client: Server, since: datetime, now: Clock, pool: Executor) -> None:
        self._client, self._now, self._pool = client, now, pool
        self._since = since.astimezone(UTC)
        self._consent_forms = [_by_patient, _active, _all]

    def records(self, items: Sequence[Item]) -> Mapping[str, Records | None]:
        """The records of each item by its key; None for a person of whom the server would not tell.

        Raises:
            ServerFault: the server is away. Nobody is to blame, nobody is withheld.
        """
        try:
            found = self._ask(items, self._pool.map)
        except ServerFault:
            found = {}
        # Every planned person has a record and an order. One that did not come back may mean that this
        # server does not understand a list, and then a missing opt-out would mean nothing either.
        return found | {item.key: self.alone(item) for item in items if not _came_back(found.get(item.key))}

    def alone(self, item: Item) -> Records | None:
        """The records of one item, asked for one after the other; otherwise as ``records``."""
        try:
            return self._ask([item], map)[item.key]
        except ServerFault:
            self._client.search("Patient", [("_id", item.planned.person)])  # raises when the server is away
            return None

    def _ask(self, items: Sequence[Item], do: Mapper) -> dict[str, Records]:
        asked = self._now()
        people = ",".join(sorted({id_ for item in items for id_ in _ids(item)}))
        visits = sorted({item.planned.visit for item in items if item.planned.visit})
        keys = ",".join(token(CAMPAIGN, item.key) for item in items)
        jobs: list[Job] = [
            partial(self._client.search, "Patient", [("_id", people)]),
            partial(self._consents, people),
            partial(self._client.search, "ServiceRequest", _by_patient(people)),
            partial(self._client.search, "Appointment", [("_id", ",".join(visits))]) if visits else list,
            partial(self._client.search, "Communication", [("identifier", keys)]),
            *(partial(self._changed, type_, people) for type_ in CHANGING),
        ]
        patients, consents, orders, appointments, messages, *changes = do(_call, jobs)
        changed = [row for rows in changes for row in rows]
        return {i.key: _pick(i, asked, patients, consents, orders, appointments, changed, messages) for i in items}

    def _consents(self, people: str) -> list[Resource]:
        """The Consents of these people, among others perhaps: by the narrowest search the server allows."""
        while True:
            try:
                return self._client.search("Consent", self._consent_forms[0](people))
            except ServerFault:
                if len(self._consent_forms) == 1:
                    raise
                self._client.search("Patient", [("_id", people.split(",")[0])])  # raises when the server is away
                self._consent_forms = self._consent_forms[1:]

    def _changed(self, type_: str, people: str) -> list[Resource]:
        """What was written since the pull, as far as the resource itself does not show that it is older."""
        since = self._since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        rows = self._client.search(type_, [*_by_patient(people), ("_lastUpdated", f"gt{since}")])
        return [row for row in rows if self._is_newer(row)]

    def _is_newer(self, row: Resource) -> bool:
        written = instant_of((row.get("meta") or {}).get("lastUpdated"))
        return written is None or written > self._since


def _call(job: Job) -> list[Resource]:
    return job()


def _by_patient(people: str) -> Params:
    """With the type before each id: Medplum's router finds nothing by a bare id, and says so with a 200."""
    return [("patient", ",".join(f"Patient/{id_}" for id_ in people.split(",")))]


def _active(people: str) -> Params:
    return [("status", "active")]


def _all(people: str) -> Params:
    return []


def _ids(item: Item) -> set[str]:
    return {item.planned.person, *item.planned.aliases}


def _is_visit(row: Resource, visit: str) -> bool:
    """The planned visit is judged by itself: a new note on it is no reason."""
    return (row.get("resourceType"), row.get("id")) == ("Appointment", visit)


def _came_back(records: Records | None) -> bool:
    return records is not None and records.patient is not None and records.order is not None


def _pick(
    item: Item,
    asked: datetime,
    patients: Iterable[Resource],
    consents: Iterable[Resource],
    orders: Iterable[Resource],
    appointments: Iterable[Resource],
    changed: Iterable[Resource],
    messages: Iterable[Resource],
) -> Records:
    """One person's part of what was asked for many; every criterion applied again here."""
    planned, ids = item.planned, _ids(item)
    return Records(
        patient=next((p for p in patients if p.get("id") == planned.person), None),
        consents=[c for c in consents if patients_of(c) & ids],
        order=next((o for o in orders if o.get("id") == planned.order), None),
        visit=next((a for a in appointments if a.get("id") == planned.visit), None),
        changed=any(patients_of(c) & ids for c in changed if not _is_visit(c, planned.visit)),
        messages=[m for m in messages if has_identifier(m, CAMPAIGN, item.key)],
        asked=asked,
    )
