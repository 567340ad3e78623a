"""Boundaries of tests that count: the age at which they were done, and how near the test that goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from outreach.check.bound import Bound
from outreach.check.demand import Demand, Subject
from outreach.check.facts import WHOLE, day_of, is_beside, is_test
from outreach.check.seen import Seen
from outreach.domain.calendar import Period, add, on_birthday
from outreach.rulebook.model import Counts

DAY = timedelta(days=1)


def boundaries_of_tests(subject: Subject) -> Iterator[Demand]:
    for kind in subject.rule.counts:
        for key, bound in (*_ages(kind), *_beside(kind)):
            yield from bound.sides(subject, subject.places.at("counts_as_done", kind.name, *key))


def _ages(kind: Counts) -> Iterator[tuple[tuple[str, ...], Bound]]:
    low, high = (kind.at_age.low, kind.at_age.high) if kind.at_age else (None, None)
    if low is not None:
        yield (
            ("at_age", "from"),
            Bound(
                f"{kind.name} counts at age {low} or older",
                f"a {kind.name} on the day the person turns {low}, which counts",
                partial(_at_age, kind.name, low, 0, True),
                f"a {kind.name} the day before, which does not",
                partial(_at_age, kind.name, low, -1, False),
            ),
        )
    if high is not None:
        yield (
            ("at_age", "to"),
            Bound(
                f"{kind.name} counts at age {high} or younger",
                f"a {kind.name} the day before the person turns {high + 1}, which counts",
                partial(_at_age, kind.name, high + 1, -1, True),
                f"a {kind.name} on that day, which does not",
                partial(_at_age, kind.name, high + 1, 0, False),
            ),
        )


def _beside(kind: Counts) -> Iterator[tuple[tuple[str, ...], Bound]]:
    if not kind.beside:
        return
    period, others = kind.beside_within, " or ".join(kind.beside)
    for sign, word in ((-1, "before"), (1, "after")):
        yield (
            ("with_within",),
            Bound(
                f"{kind.name} counts with {others} up to {period} {word} it",
                f"a {kind.name} with {others} {period} {word} it, which counts",
                partial(_goes_with, kind.name, sign, 0, True),
                f"a {kind.name} with {others} one day further {word} it, and none nearer, which does not",
                partial(_goes_with, kind.name, sign, 1, False),
            ),
        )


def _kind(seen: Seen, name: str) -> Counts:
    return next(kind for kind in seen.rule.counts if kind.name == name)


def _counts(seen: Seen, name: str) -> bool:
    return seen.kind(name).truth is True


def _at_age(name: str, age: int, days: int, counts: bool, seen: Seen) -> bool:
    kind, born = _kind(seen, name), seen.answer.case.given.born
    if len(born) < WHOLE or _counts(seen, name) is not counts:
        return False
    day = on_birthday(date.fromisoformat(born), age) + days * DAY
    return any(is_test(seen.rule, fact, kind) and day_of(fact, kind) == day for fact in seen.facts)


def _goes_with(name: str, sign: int, further: int, counts: bool, seen: Seen) -> bool:
    kind = _kind(seen, name)
    if _counts(seen, name) is not counts:
        return False
    tests = [day_of(fact, kind) for fact in seen.facts if is_test(seen.rule, fact, kind)]
    edges = {_edge(day, kind.beside_within, sign) + sign * further * DAY for day in tests}
    return any(is_beside(seen.rule, fact, kind) and fact.first in edges for fact in seen.facts)


def within(day: date, test: date, period: Period) -> bool:
    """Whether a day is at most so far from that of a test."""
    return _edge(test, period, -1) <= day <= _edge(test, period, 1)


def _edge(day: date, period: Period, sign: int) -> date:
    return add(day, period, sign)
