"""Boundaries in time: the day from which a new value of a parameter holds, and the day before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from outreach.check.demand import Demand, Subject
from outreach.check.seen import Seen


def effective_dates(subject: Subject) -> Iterator[Demand]:
    """Of every value but the first, which also holds before its date."""
    for parameter in subject.rule.parameters:
        for value in sorted(parameter.values, key=lambda value: value.since)[1:]:
            place = subject.places.at("parameters", parameter.name, value.since.isoformat())
            before = value.since - timedelta(days=1)
            case = f"one person in two cases, today: {before} and today: {value.since}, with two answers"
            what = f"{parameter.name}: nobody is answered otherwise from {value.since} on"
            yield subject.side(place, what, case, partial(_changes, subject, value.since, before))


def _changes(subject: Subject, since: date, before: date, seen: Seen) -> bool:
    """Whether a case of the day has a twin, the same person the day before, who is answered otherwise."""
    twins = [other for other in subject.seen if other.today == before and _given(other) == _given(seen)]
    return seen.today == since and any(_told(twin) != _told(seen) for twin in twins)


def _given(seen: Seen) -> object:
    return seen.answer.case.given


def _told(seen: Seen) -> tuple[str, str]:
    return seen.answer.status, seen.answer.reason
