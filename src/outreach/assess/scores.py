"""Published risk scores, on bounds: a missing input leaves a range, and the range often decides.

A score knows the population it was derived in; outside it, it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir

from outreach.assess.gather import Gather
from outreach.assess.labs import latest_value
from outreach.domain.calendar import Period, latest_birth_for_age

Bounds = tuple[ir.NumericValue, ir.NumericValue]


class Score(Protocol):
    """A score over a table of people that holds its gathered columns."""

    def bounds(self, people: ir.Table) -> Bounds:
        """The least and the greatest value the person can have."""

    def holds_for(self, people: ir.Table) -> ir.BooleanValue:
        """Whether the person belongs to the population the score was derived in."""

    def missing(self, people: ir.Table) -> dict[str, ir.BooleanValue]:
        """Inputs not on record, by the names the ask list uses."""


class PageB:
    """PAGE-B: five-year liver cancer risk in chronic hepatitis B.

    Age 16–29 0, 30–39 2, 40–49 4, 50–59 6, 60–69 8, 70 or older 10; male 6; platelets (10*9/L) 200 or
    more 0, 100–199 6, below 100 9. At most 9 low, 10–17 intermediate, 18 or more high risk.

    Derived in Caucasian adults on antiviral treatment. Source: Papatheodoridis 2016,
    doi:10.1016/j.jhep.2015.11.035.
    """

    AGES = ((70, 10), (60, 8), (50, 6), (40, 4), (30, 2), (16, 0))

    def __init__(self, gather: Gather, as_of: date, within: Period) -> None:
        self.as_of = as_of
        self.diagnosis = gather.event("condition", "chronic-hepatitis-b")
        self.platelets = gather.ask(*latest_value(gather.rule.value_sets["platelets"], as_of, within, "10*9/L"))

    def holds_for(self, people: ir.Table) -> ir.BooleanValue:
        adult = ibis.cases((people.birth_lo > latest_birth_for_age(16, self.as_of), False), else_=True)
        return people[self.diagnosis].notnull() & adult

    def bounds(self, people: ir.Table) -> Bounds:
        count = people[self.platelets]["value"]
        platelets = _bands(count, ((200, 0), (100, 6), (0, 9)), (0, 9))
        sex = (
            ibis.ifelse((people.sex == "male").fill_null(False), 6, 0),
            ibis.ifelse((people.sex == "female").fill_null(False), 0, 6),
        )
        return _total([self._age(people), sex, platelets])

    def _age(self, people: ir.Table) -> Bounds:
        """Points from the latest possible birth date (youngest) to the earliest (oldest)."""
        ages = [(latest_birth_for_age(age, self.as_of), points) for age, points in self.AGES]
        least = ibis.cases(*[(people.birth_hi <= born, points) for born, points in ages], else_=0)
        most = ibis.cases((people.birth_lo.isnull(), 10), *[(people.birth_lo <= born, p) for born, p in ages], else_=0)
        return least, most

    def missing(self, people: ir.Table) -> dict[str, ir.BooleanValue]:
        least, most = self._age(people)
        return {
            "platelets": people[self.platelets].isnull(),
            "sex": people.sex.isnull() | people.sex.notin(("female", "male")),
            "birth-date": least != most,
        }


class ChildPugh:
    """Child-Pugh: how far cirrhosis has gone. A 5–6, B 7–9, C 10–15.

    Bilirubin (mg/dL) below 2, 2–3, above 3; albumin (g/dL) above 3.5, 2.8–3.5, below 2.8; INR below 1.7,
    1.7–2.3, above 2.3; ascites none, mild, moderate or severe; encephalopathy none, grade 1–2, 3–4: 1, 2
    or 3 points each. A diagnosis of ascites or encephalopathy does not say how bad: 2 to 3 points.

    Source: Pugh 1973, doi:10.1002/bjs.1800600817, with INR for prothrombin time.
    """

    def __init__(self, gather: Gather, as_of: date, within: Period) -> None:
        sets = gather.rule.value_sets
        units = {"bilirubin": "mg/dL", "albumin": "g/dL", "inr": "1"}
        self.labs = {n: gather.ask(*latest_value(sets[n], as_of, within, unit)) for n, unit in units.items()}
        self.signs = [gather.event("condition", name) for name in ("ascites", "hepatic-encephalopathy")]
        self.cirrhosis = gather.event("condition", "cirrhosis")

    def holds_for(self, people: ir.Table) -> ir.BooleanValue:
        return people[self.cirrhosis].notnull()

    def bounds(self, people: ir.Table) -> Bounds:
        bilirubin, albumin, inr = (people[self.labs[n]]["value"] for n in ("bilirubin", "albumin", "inr"))
        signs = [(ibis.ifelse(people[s].notnull(), 2, 1), ibis.ifelse(people[s].notnull(), 3, 1)) for s in self.signs]
        return _total([_above(bilirubin, 2, 3), _below(albumin, 3.5, 2.8), _above(inr, 1.7, 2.3), *signs])

    def missing(self, people: ir.Table) -> dict[str, ir.BooleanValue]:
        return {name: people[key].isnull() for name, key in self.labs.items()}


SCORES: dict[str, Callable[[Gather, date, Period], Score]] = {"page-b": PageB, "child-pugh": ChildPugh}


def _bands(value: ir.NumericValue, bands: Sequence[tuple[float, int]], unknown: tuple[int, int]) -> Bounds:
    """Points by the first band whose lower end the value reaches."""
    branches = [(value >= low, points) for low, points in bands]
    return (
        ibis.cases((value.isnull(), unknown[0]), *branches, else_=bands[-1][1]),
        ibis.cases((value.isnull(), unknown[1]), *branches, else_=bands[-1][1]),
    )


def _above(value: ir.NumericValue, two: float, three: float) -> Bounds:
    """1 point below ``two``, 3 above ``three``, 2 between, both ends included."""
    branches = [(value < two, 1), (value > three, 3)]
    return ibis.cases((value.isnull(), 1), *branches, else_=2), ibis.cases((value.isnull(), 3), *branches, else_=2)


def _below(value: ir.NumericValue, two: float, three: float) -> Bounds:
    """1 point above ``two``, 3 below ``three``, 2 between, both ends included."""
    branches = [(value > two, 1), (value < three, 3)]
    return ibis.cases((value.isnull(), 1), *branches, else_=2), ibis.cases((value.isnull(), 3), *branches, else_=2)


def _total(parts: Sequence[Bounds]) -> Bounds:
    low, high = parts[0]
    for least, most in parts[1:]:
        low, high = low + least, high + most
    return low, high


def with_scores(people: ir.Table, scores: Mapping[str, Score]) -> ir.Table:
    """``people`` with the bounds of each score as columns, so that they are computed once."""
    columns: dict[str, ir.Value] = {}
    for key, score in scores.items():
        columns[f"{key}_low"], columns[f"{key}_high"] = score.bounds(people)
    return people.mutate(**columns)
