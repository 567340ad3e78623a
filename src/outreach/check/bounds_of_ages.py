"""Boundaries of ages: the birthday on the day, and the day before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from outreach.check.bound import Bound
from outreach.check.facts import WHOLE
from outreach.check.seen import Seen
from outreach.check.watched import RULE_AGE, Spot
from outreach.domain.calendar import on_birthday
from outreach.rulebook.criterion import Age

DAY = timedelta(days=1)


def age_bounds(spot: Spot, age: Age) -> Iterator[tuple[tuple[str, ...], Bound]]:
    start = f" at the start of {age.at_start_of.name}" if age.at_start_of else ""
    if age.low is not None:
        yield (
            ("from",),
            Bound(
                f"{_name(spot)}age from {age.low}{start}",
                f"a person who turns {age.low} that very day, of whom it is true",
                partial(_low, spot, 0, True),
                f"a person who turns {age.low} the day after, of whom it is not",
                partial(_low, spot, 1, False),
            ),
        )
    if age.high is not None:
        yield (
            ("to",),
            Bound(
                f"{_name(spot)}age to {age.high}{start}",
                f"a person who turns {age.high + 1} the day after, of whom it is true",
                partial(_high, spot, 1, True),
                f"a person who turns {age.high + 1} that very day, of whom it is not",
                partial(_high, spot, 0, False),
            ),
        )


def _name(spot: Spot) -> str:
    return "" if spot == RULE_AGE else f"{spot.section}: {spot.line}: "


def _low(spot: Spot, days: int, true: bool, seen: Seen) -> bool:
    age = _age(seen, spot)
    return age.low is not None and _turns(seen, age.low) == _day(seen, age) + days * DAY and seen.true(spot) is true


def _high(spot: Spot, days: int, true: bool, seen: Seen) -> bool:
    age = _age(seen, spot)
    high = age.high
    return high is not None and _turns(seen, high + 1) == _day(seen, age) + days * DAY and seen.true(spot) is true


def _age(seen: Seen, spot: Spot) -> Age:
    return seen.rule.age if spot == RULE_AGE else seen.leaf(spot, Age)


def _day(seen: Seen, age: Age) -> date:
    return age.at_start_of.bounds(seen.today)[0] if age.at_start_of else seen.today


def _turns(seen: Seen, age: int) -> date | None:
    """The day the person reaches an age; None where the day of birth is not known."""
    born = seen.answer.case.given.born
    return on_birthday(date.fromisoformat(born), age) if len(born) == WHOLE else None
