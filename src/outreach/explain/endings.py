"""When, and by what, one criterion's answer would turn round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.domain.calendar import Period, add, on_birthday
from outreach.explain.lines import Answer, Story
from outreach.prose.scores import score_title
from outreach.prose.words import quantity, said
from outreach.rulebook.criterion import Age, Booked, DateOf, Lab, Record, Rising, ScanResult, ScoreIs

_BIRTH = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Turn:
    says: str
    on: date | None = None


def ending(answer: Answer, as_of: date, story: Story) -> Turn | None:
    """What would turn this answer; None where only another record would.

    A record that must lie within a period drops out by itself, on the first day that looks back less far.
    """
    leaf, found = answer.leaf, answer.finding.evidence
    if isinstance(leaf, Age):
        return _birthday(leaf, found.value if found else "", as_of)
    if isinstance(leaf, Booked):
        when = f" on {said(found.on)}" if found and found.on else ""
        return Turn(f"Ends after the appointment{when}, or when it is called off.")
    if isinstance(leaf, ScanResult):
        return _result(leaf, found.on if found else None)
    if isinstance(leaf, Record) and leaf.kind == "open-order":
        return Turn(f"Ends when the order ({found.resource if found else 'open'}) is completed or called off.")
    if isinstance(leaf, Lab | Rising):
        return _measured(leaf, found.on if found else None, story)
    if isinstance(leaf, ScoreIs):
        return Turn(f"Ends with newer values that give another {score_title(leaf.score)} score.")
    if isinstance(leaf, Record | DateOf):
        return _dated(leaf, found.on if found else None, found.resource if found else "")
    return None


def last_day(on: date, period: Period) -> date:
    """The last day that still looks back to ``on`` within a period: lengths of months clip."""
    day = add(on, period)
    while add(day, period, -1) < on:
        day += timedelta(days=1)
    while add(day + timedelta(days=1), period, -1) <= on:
        day += timedelta(days=1)
    return day


def _birthday(leaf: Age, born: str, as_of: date) -> Turn | None:
    if not _BIRTH.fullmatch(born) or leaf.at_start_of is not None:
        return None
    days = [
        on_birthday(date.fromisoformat(born), age)
        for age in (leaf.low, None if leaf.high is None else leaf.high + 1)
        if age is not None
    ]
    ahead = [day for day in days if day > as_of]
    return Turn(f"Turns by age on {said(ahead[0])}.", ahead[0]) if ahead else None


def _result(leaf: ScanResult, on: date | None) -> Turn:
    of = f" of {said(on)}" if on else ""
    if leaf.results == ("uncoded",):
        return Turn(f"Ends when somebody codes the result of the test{of}, or with a later test whose result is coded.")
    return Turn(f"Ends with a test later than the one{of} that has another result.")


def _measured(leaf: Lab | Rising, on: date | None, story: Story) -> Turn:
    by_itself = last_day(on, leaf.within) + timedelta(days=1) if on and leaf.within else None
    or_then = f", or by itself on {said(by_itself)}" if by_itself else ""
    if isinstance(leaf, Rising):
        return Turn(f"Ends with a later value that is not higher{or_then}.", by_itself)
    found = story.rule.value_sets.get(leaf.codes) if story.rule else None
    unit = found.unit if found else ""
    wanted = f"below {quantity(leaf.low, unit)}" if leaf.low is not None else ""
    wanted += " or " if leaf.low is not None and leaf.below is not None else ""
    wanted += f"of {quantity(leaf.below, unit)} or more" if leaf.below is not None else ""
    return Turn(f"Ends with a later value {wanted}{or_then}.", by_itself)


def _dated(leaf: Record | DateOf, on: date | None, resource: str) -> Turn:
    period = leaf.period if isinstance(leaf, DateOf) else leaf.window.period if leaf.window else None
    relation = leaf.relation if isinstance(leaf, DateOf) else leaf.window.relation if leaf.window else ""
    if relation == "within" and period is not None and on is not None and isinstance(leaf, Record):
        day = last_day(on, period) + timedelta(days=1)
        return Turn(f"Ends by itself on {said(day)}, when the record of {said(on)} lies too far back.", day)
    return Turn(
        f"Ends only if the record is corrected: {resource}." if resource else "Ends only if the record is corrected."
    )
