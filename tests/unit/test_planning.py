"""Everyone stands in exactly one place of the night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.allocate import Policy, allocate
from outreach.domain.outcome import Bucket, Outcome
from outreach.domain.slot import Overdue, Slot, Visit
from outreach.errors import OutreachError, Stopped
from outreach.followup import still_open
from outreach.ledger import State
from outreach.planning import Night, guard, make_plan, to_be_matched
from outreach.settings import Guard
from outreach.track import Invited, follow

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
TEN = datetime(2026, 3, 5, 15, tzinfo=UTC)
HALF = timedelta(minutes=30)
POLICY = Policy(ZoneInfo("America/New_York"), 120, 24, 21, ("cirrhosis",))


def _overdue(who: str, order: str = "o") -> Overdue:
    return Overdue(who, date(2025, 6, 1), date(2025, 8, 1), "cirrhosis", order)


def _night(
    *people: Overdue, still: frozenset[str] = frozenset(), aliases: dict[str, tuple[str, ...]] | None = None
) -> Night:
    visits = tuple(Visit(f"v-{p.person}", p.person, TEN, TEN + HALF, "here", telehealth=False) for p in people)
    slots = tuple(
        Slot(f"s{n}", "1", "sch", "here", TEN + HALF * (2 + n), TEN + HALF * (3 + n), "free") for n in range(2)
    )
    return Night(people, visits, slots, aliases or {}, still)


def _plan(night: Night, known: dict[str, State] | None = None, settled: list[Outcome] | None = None, cohort: int = 0):
    keys = {p.person: f"key-{p.person}" for p in night.overdue}
    people = to_be_matched(night, keys, known or {})
    allocation = allocate(people, night.visits, night.slots, POLICY, now=NOW, seed=1)
    settled = settled or []
    return make_plan(night, settled, allocation, keys, known or {}, cohort or len(night.overdue) + len(settled))


def test_who_is_invited_and_what_becomes_of_the_others():
    """An order and a place: invited. No order, an open invitation, an old one: each with its reason."""
    night = _night(
        *(_overdue(who) for who in ("ana", "bea", "cam", "dov", "eli")),
        _overdue("fay", order=""),
        still=frozenset({"bea"}),
    )
    plan = _plan(night, {"key-cam": State.SENT, "key-dov": State.WITHHELD}, [Outcome("gus", Bucket.NOT_DUE, "")])
    told = {o.person: (o.bucket, o.reason) for o in plan.outcomes}
    assert len(plan.items) == 2
    assert {item.person for item in plan.items} < {"ana", "dov", "eli"}
    assert told["bea"] == told["cam"] == (Bucket.DEFERRED, "already-invited")
    assert told["fay"] == (Bucket.WITHHELD, "no-order")
    assert len(told) + len(plan.items) == 7


def test_ids_merged_into_a_person_go_with_the_invitation():
    (item,) = _plan(_night(_overdue("ana"), aliases={"ana": ("old",)})).items
    assert item.aliases == ("old",)


def test_an_invitation_stays_open_until_a_test_whatever_the_due_date_does():
    """Also when the person invited was merged into another since."""
    invited = [Invited(who, date(2026, 2, 1), None) for who in ("ana", "old", "done")]
    followed = follow(invited, {"done": date(2026, 2, 10)}, date(2026, 3, 2))
    assert still_open(followed, {"bea": ("old",)}) == {"ana", "bea"}


def test_nobody_may_be_dropped_or_counted_twice():
    with pytest.raises(OutreachError, match="nothing was planned"):
        _plan(_night(_overdue("ana")), cohort=2)
    with pytest.raises(OutreachError, match="nothing was planned"):
        _plan(_night(_overdue("ana")), settled=[Outcome("ana", Bucket.NOT_DUE, "")])


@pytest.mark.parametrize(("cohort", "overdue"), [(9, 5), (101, 5), (50, 11)])
def test_the_guard_stops_a_number_nobody_expects(cohort, overdue):
    with pytest.raises(Stopped, match="Nothing was sent"):
        guard(Guard(cohort=(10, 100), overdue=(0, 10)), cohort, overdue)
