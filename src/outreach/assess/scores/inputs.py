"""What a score is made of, each as bounds over a table of people: age, sex, laboratory values, diagnoses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir

from outreach.assess.scores.bounds import ENDLESS, Bounds, Step, points

#: Older than anybody: the age where no birth date is on record lies from 0 to here.
OLDEST = 130


class Input(Protocol):
    """One thing a score is made of. ``name`` is what the ask list calls it."""

    @property
    def name(self) -> str: ...

    def bounds(self, people: ir.Table) -> Bounds:
        """Equal where it is known; never NULL."""


@dataclass(frozen=True)
class Age:
    """Whole years on the day; a partial birth date gives a range. Born on 29 February: see domain.calendar."""

    as_of: date
    name: str = "birth-date"

    def bounds(self, people: ir.Table) -> Bounds:
        return self._years(people.birth_hi, 0), self._years(people.birth_lo, OLDEST)

    def _years(self, birth: ir.DateValue, unknown: int) -> ir.FloatingValue:
        today = self.as_of.month * 100 + self.as_of.day
        before_birthday = birth.month() * 100 + birth.day() > today
        years = self.as_of.year - birth.year() - ibis.ifelse(before_birthday, 1, 0)
        within = ibis.greatest(ibis.least(years, OLDEST), 0)
        return ibis.ifelse(birth.isnull(), unknown, within).cast("float64")


@dataclass(frozen=True)
class Male:
    """1 for men, 0 for women (administrative sex); either where it is not recorded as one of these."""

    name: str = "sex"

    def bounds(self, people: ir.Table) -> Bounds:
        male, female = ((people.sex == word).fill_null(False) for word in ("male", "female"))
        return ibis.ifelse(male, 1.0, 0.0), ibis.ifelse(female, 0.0, 1.0)


@dataclass(frozen=True)
class Lab:
    """The latest value that can be read; from 0 to ``most`` where there is none.

    A value below 0 or above ``most`` is a fault of the record, and so unknown; with ``positive`` a zero is too.
    """

    name: str
    key: str
    most: float = ENDLESS
    positive: bool = True

    def bounds(self, people: ir.Table) -> Bounds:
        low, high = people[self.key]["low"], people[self.key]["high"]
        real = (high > 0) if self.positive else (high >= 0)
        known = (real & (low >= 0) & (low <= self.most)).fill_null(False)
        return ibis.ifelse(known, low, 0.0), ibis.ifelse(known, ibis.least(high, self.most), self.most)


@dataclass(frozen=True)
class Either:
    """1 where a record says yes, 0 where none does: after a whole pull an absent diagnosis is false."""

    name: str
    key: str

    def bounds(self, people: ir.Table) -> Bounds:
        there = ibis.ifelse(people[self.key].notnull(), 1.0, 0.0)
        return there, there


@dataclass(frozen=True)
class Points:
    """The points of the steps on which an input stands."""

    of: Input
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        return self.of.name

    def bounds(self, people: ir.Table) -> Bounds:
        return points(self.of.bounds(people), self.steps)
