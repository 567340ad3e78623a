"""From an invitation to a scan, or to somebody who must be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """Where somebody invited earlier stands tonight."""

    DONE = "done"  #: a test that counts is on record, on the day of the invitation or later
    WAITING = "waiting"  #: the day of the slot has not passed
    MISSED = "missed"  #: it has, and no test that counts is on record: somebody calls


@dataclass(frozen=True)
class Invited:
    """Somebody who was written to, or handed to a caller, on an earlier night."""

    person: str
    invited_on: date
    slot_on: date | None  #: the clinic's local day; None when no slot was named


@dataclass(frozen=True)
class Followed:
    """An invitation with what came of it. A missed day is never held against the person (see allocate)."""

    person: str
    invited_on: date
    slot_on: date | None
    tested_on: date | None
    standing: Standing


def follow(invited: Iterable[Invited], last_test: Mapping[str, date], as_of: date) -> list[Followed]:
    """What came of each invitation, in the order of persons.

    A test on the day of the invitation or later counts as its fruit, wherever it was done: the question
    is whether the person is covered, not who gets the credit.

    Args:
        last_test: the latest test that counts, by person; people without one are left out.
    """
    found = []
    for one in sorted(invited, key=lambda one: (one.person, one.invited_on)):
        tested = last_test.get(one.person)
        fruit = tested if tested is not None and tested >= one.invited_on else None
        found.append(Followed(one.person, one.invited_on, one.slot_on, fruit, _standing(one, fruit, as_of)))
    return found


def _standing(one: Invited, fruit: date | None, as_of: date) -> Standing:
    if fruit is not None:
        return Standing.DONE
    until = one.slot_on or one.invited_on
    return Standing.MISSED if until < as_of else Standing.WAITING
