"""From the night's tables to its plan: who is invited, and what becomes of everybody else.

The rows read here are those of people who are overdue and of their visits: thousands, not millions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from outreach.allocate import Allocation
from outreach.domain.outcome import Bucket, Outcome
from outreach.domain.query import exact
from outreach.domain.slot import Offer, Overdue, Slot, Visit
from outreach.domain.tables import Rows
from outreach.errors import OutreachError, Stopped
from outreach.ledger import PlannedInvitation, SlotChoice, State
from outreach.ledger.states import REOPENABLE
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import ValueSet
from outreach.settings import Guard

#: The first message of a due cycle. Reminders will be steps of their own.
STEP = "invitation"

#: A Slot or Appointment with no time zone is in UTC once flatten has read it.
_INSTANT = "TIMESTAMPTZ"

#: Assessment status → the bucket of the night's sum, its reason and the list that owns the person.
_SETTLED = """
    SELECT a.person, b.bucket, b.reason, b.list_name
    FROM read_parquet($assessment) a
    LEFT JOIN (
        SELECT DISTINCT coalesce(s.survivor, q.person) AS person
        FROM read_parquet($quarantine) q LEFT JOIN read_parquet($survivors) s ON s.loser = q.person
        WHERE q.person IS NOT NULL
    ) q USING (person),
    LATERAL (SELECT CASE
        WHEN q.person IS NOT NULL AND a.reason NOT IN ('merged', 'deceased', 'opted-out')
            THEN {'bucket': 'quarantined', 'reason': 'unreadable-record', 'list_name': 'data-quality'}
        WHEN a.status = 'not-applicable' THEN {'bucket': 'not_applicable', 'reason': a.reason, 'list_name': ''}
        WHEN a.status = 'unknown'
            THEN {'bucket': 'unknown', 'reason': array_to_string(a.missing, ' + '), 'list_name': 'ask-list'}
        WHEN a.status = 'not-now' THEN {'bucket': 'not_now', 'reason': a.reason, 'list_name': a.list_name}
        WHEN a.status = 'excluded' THEN {'bucket': 'excluded', 'reason': a.reason, 'list_name': ''}
        WHEN a.status = 'exception' THEN {'bucket': 'exception', 'reason': a.reason, 'list_name': ''}
        WHEN a.status = 'up-to-date' THEN {'bucket': 'not_due', 'reason': '', 'list_name': ''}
        WHEN a.status = 'due' THEN {'bucket': 'deferred', 'reason': 'within-grace', 'list_name': ''}
        END AS b)
    WHERE b IS NOT NULL
    UNION ALL
"""

#: Patients whose own record could not be read: people all the same.
_UNREADABLE = """
    SELECT DISTINCT coalesce(person, file || ':' || line), 'quarantined', 'unreadable-person', 'data-quality'
    FROM read_parquet($quarantine) WHERE type = 'Patient'
        AND (person IS NULL OR person NOT IN (SELECT person FROM read_parquet($assessment)))
"""

_OVERDUE = """
    SELECT a.person, a.due_on, a.overdue_on, a.risk_group, coalesce(min(o.id), '') AS order_id
    FROM read_parquet($assessment) a
    LEFT JOIN (
        SELECT coalesce(s.survivor, o.person) AS person, o.id
        FROM service_request o LEFT JOIN read_parquet($survivors) s ON s.loser = o.person
        WHERE o.status = 'active' AND o.intent IN ('order', 'original-order', 'filler-order', 'instance-order')
            AND NOT coalesce(
                o.do_not_perform, list_contains(list_transform(o.lost, lambda e: e."column"), 'do_not_perform'), false)
            AND o.requester AND (o.system, o.code) IN (SELECT (system, code) FROM wanted)
    ) o USING (person)
    WHERE a.status = 'overdue'
        AND a.person NOT IN (
            SELECT coalesce(s.survivor, q.person) FROM read_parquet($quarantine) q
            LEFT JOIN read_parquet($survivors) s ON s.loser = q.person WHERE q.person IS NOT NULL
        )
    GROUP BY ALL ORDER BY a.person
"""

_ALIASES = """
    SELECT survivor, list_sort(list(loser)) FROM read_parquet($survivors) WHERE resolved GROUP BY survivor
"""

_VISITS = f"""
    SELECT a.id, coalesce(s.survivor, a.person), any_value(a.start), any_value(a."end"),
        coalesce(any_value(a.location), ''), bool_or((a.system, a.code) IN (SELECT (system, code) FROM telehealth))
    FROM appointment a LEFT JOIN read_parquet($survivors) s ON s.loser = a.person
    WHERE a.status = 'booked' AND a.person IS NOT NULL AND a."end" IS NOT NULL
        AND a.start >= $from::{_INSTANT} AND a.start < $until::{_INSTANT}
    GROUP BY ALL ORDER BY 1, 2
"""  # noqa: S608  (the only thing put in is a type name)

_SLOTS = f"""
    WITH clinic AS (
        SELECT id, any_value(location) AS location FROM schedule
        WHERE coalesce(active, true) AND location IS NOT NULL
            AND (system, code) IN (SELECT (system, code) FROM wanted)
        GROUP BY id
    )
    SELECT s.id, coalesce(s.version, ''), s.schedule, c.location, s.start, s."end", s.status
    FROM slot s JOIN clinic c ON c.id = s.schedule
    WHERE s.start >= $from::{_INSTANT} AND s.start < $until::{_INSTANT} AND s."end" IS NOT NULL
    ORDER BY s.id
"""  # noqa: S608


@dataclass(frozen=True)
class Night:
    """What a matching needs, read from the tables of a night."""

    overdue: tuple[Overdue, ...]
    visits: tuple[Visit, ...]
    slots: tuple[Slot, ...]
    aliases: Mapping[str, tuple[str, ...]]  #: survivor → ids of the records merged into it
    open: frozenset[str] = frozenset()  #: people whose invitation of an earlier night still stands


class Tables:
    """The tables of one night, read by name."""

    def __init__(self, folder: Path, assessment: Path, rule: Rule, telehealth: ValueSet) -> None:
        self.files = {name: exact(folder / f"{name}.parquet") for name in ("quarantine", "survivors")}
        self.files["assessment"] = exact(assessment)
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        for name in _TABLES:
            self.connection.execute(f"CREATE TEMP VIEW {name} AS {Rows(folder, name).sql()}")
        self._codes("wanted", rule.value_sets[rule.scan])
        self._codes("telehealth", telehealth)

    def _codes(self, name: str, values: ValueSet) -> None:
        self.connection.execute(f"CREATE TEMP TABLE {name} (system VARCHAR, code VARCHAR)")
        self.connection.executemany(f"INSERT INTO {name} VALUES (?, ?)", [(c.system, c.code) for c in values.codes])  # noqa: S608

    def _rows(self, sql: str, **also: object) -> Iterator[tuple[object, ...]]:
        values: dict[str, object] = {name: path for name, path in self.files.items() if f"${name}" in sql}
        for batch in self.connection.sql(sql, params=values | also).to_arrow_reader(10_000):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def cohort(self) -> int:
        """Everybody the night must account for: each Patient record, and each that could not be read."""
        (people,) = next(self._rows("SELECT count(*) FROM read_parquet($assessment)"))
        (unreadable,) = next(self._rows(f"SELECT count(*) FROM ({_UNREADABLE})"))  # noqa: S608
        return int(str(people)) + int(str(unreadable))

    def settled(self) -> list[Outcome]:
        """What the assessment alone decides: everybody who is not overdue, or whose data cannot be trusted."""
        return [Outcome(str(p), Bucket(str(b)), str(r), str(n)) for p, b, r, n in self._rows(_SETTLED + _UNREADABLE)]

    def night(self, now: datetime, horizon_days: int) -> Night:
        """The overdue, and the visits and slots of the days ahead. ``now`` carries a zone."""
        window = {"from": now.astimezone(UTC), "until": (now + timedelta(days=horizon_days)).astimezone(UTC)}
        return Night(
            tuple(Overdue(*row) for row in self._rows(_OVERDUE)),  # type: ignore[arg-type]
            tuple(Visit(*row) for row in self._rows(_VISITS, **window)),  # type: ignore[arg-type]
            tuple(Slot(*row) for row in self._rows(_SLOTS, **window)),  # type: ignore[arg-type]
            {str(survivor): tuple(losers) for survivor, losers in self._rows(_ALIASES)},  # type: ignore[arg-type]
        )


_TABLES = ("service_request", "appointment", "schedule", "slot")


@dataclass(frozen=True)
class Plan:
    """Tonight's decisions: whom to invite with which slots, and what becomes of everybody else."""

    items: tuple[PlannedInvitation, ...]
    outcomes: tuple[Outcome, ...]
    allocation: Allocation
    cohort: int


def make_plan(
    night: Night,
    settled: list[Outcome],
    allocation: Allocation,
    keys: Mapping[str, str],
    known: Mapping[str, State],
    cohort: int,
) -> Plan:
    """Put everyone in exactly one place.

    Args:
        night: the overdue with their visits and the slots.
        settled: what the assessment alone decided.
        allocation: the matching of those in ``to_be_matched``.
        keys: person → campaign key of the present due cycle.
        known: campaign key → state, for keys that an earlier night has met.
        cohort: how many people must stand in it.

    Raises:
        OutreachError: somebody would be dropped or counted twice; nothing is planned.
    """
    offers = {offer.person: offer for offer in allocation.offers}
    outcomes, items = list(settled), []
    misses = {miss.person: miss.reason for miss in allocation.none}
    for person in night.overdue:
        early = _before_matching(night, person, keys, known)
        if early is not None:
            outcomes.append(early)
        elif person.person in offers:
            offer = offers[person.person]
            others = allocation.alternatives.get(person.person, ())
            spare = [other.slot for other in others if other.visit.id == offer.visit.id]
            aliases = night.aliases.get(person.person, ())
            items.append(_invitation(person, keys[person.person], offer, [offer.slot, *spare], aliases))
        else:
            outcomes.append(_no_offer(person.person, misses[person.person]))
    placed = {outcome.person for outcome in outcomes} | {item.person for item in items}
    if not len(placed) == len(outcomes) + len(items) == cohort:
        raise OutreachError(f"of {cohort} people {len(placed)} would be accounted for; nothing was planned")
    return Plan(tuple(items), tuple(outcomes), allocation, cohort)


def to_be_matched(night: Night, keys: Mapping[str, str], known: Mapping[str, State]) -> list[Overdue]:
    """The overdue who may be offered a slot tonight."""
    return [person for person in night.overdue if _before_matching(night, person, keys, known) is None]


def _before_matching(
    night: Night, person: Overdue, keys: Mapping[str, str], known: Mapping[str, State]
) -> Outcome | None:
    state = known.get(keys[person.person])
    if person.person in night.open or (state is not None and state not in REOPENABLE):
        return Outcome(person.person, Bucket.DEFERRED, "already-invited")
    if not person.order:
        return Outcome(person.person, Bucket.WITHHELD, "no-order", "signature-request")
    return None


def _no_offer(person: str, reason: str) -> Outcome:
    """Somebody without a visit is the navigator's; somebody with one is tried again tomorrow."""
    if reason in ("no-visit", "telehealth-visit"):
        return Outcome(person, Bucket.HANDED_OVER, "navigator", "navigator")
    return Outcome(person, Bucket.DEFERRED, reason)


def _invitation(
    person: Overdue, key: str, offer: Offer, slots: list[Slot], aliases: tuple[str, ...]
) -> PlannedInvitation:
    choices = tuple(SlotChoice(slot.id, slot.start, slot.end) for slot in slots)
    return PlannedInvitation(
        key=key,
        person=person.person,
        cycle=person.due_on.isoformat(),
        step=STEP,
        order=person.order,
        choices=choices,
        visit=offer.visit.id,
        visit_start=offer.visit.start,
        visit_place=offer.visit.location,
        aliases=aliases,
    )


def guard(bounds: Guard, cohort: int, overdue: int) -> None:
    """Stop a night whose numbers are not believable.

    Raises:
        Stopped: the cohort or the overdue lie outside the bounds of the settings.
    """
    for what, number, (low, high) in (("cohort", cohort, bounds.cohort), ("overdue", overdue, bounds.overdue)):
        if not low <= number <= high:
            raise Stopped(
                f"the guard stopped the night: {what} is {number}, expected {low} to {high}. "
                f"Nothing was sent. If the number is right, change guard.{what} in the settings."
            )


def guard_rule(rule: Rule, found: Mapping[str, int]) -> None:
    """Stop a night on which far more, or far fewer, are at risk than the rule expects where it is at home.

    Args:
        found: people by status.

    Raises:
        Stopped: outside the rule's ``expect``.
    """
    at_risk = sum(count for status, count in found.items() if status not in ("not-applicable", "unknown"))
    if rule.expected is not None and not rule.expected.low <= at_risk <= rule.expected.high:
        raise Stopped(
            f"the guard of {rule.name} stopped the night: {at_risk} are at risk, the rule expects {rule.expected.low} "
            f"to {rule.expected.high}. Nothing was sent. If the number is right, change expect: in the rule."
        )


def lottery_seed(programme: str, as_of: date) -> int:
    """The seed of a night's lottery: fixed by programme and date, so that a night can be repeated."""
    return int.from_bytes(hashlib.sha256(f"{programme}|{as_of.isoformat()}".encode()).digest()[:8])
