"""Creatinine as MELD counts it: somebody on dialysis has the greatest, whatever the laboratory found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from outreach.assess.calendar import moved
from outreach.assess.facts import in_set
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds, clamped
from outreach.assess.scores.inputs import Lab
from outreach.domain.calendar import add

WEEK = 7


@dataclass(frozen=True)
class Creatinine:
    """Held between 1 and ``most`` (mg/dL), and at ``most`` on dialysis.

    On dialysis: treated on two different days of the seven before the creatinine and its own (before the day
    asked about, where there is no creatinine). Treated once, or said to depend on dialysis, may be either.
    """

    serum: Lab
    days: str
    dependent: str
    as_of: date
    most: float
    name: str = "creatinine"

    @classmethod
    def asked(cls, ask: Ask, most: float) -> Creatinine:
        since = ibis.literal(add(ask.as_of, ask.within, -1) - timedelta(days=WEEK), "date")

        def treated(rows: ir.Table) -> ir.Value:
            where = in_set(rows, "dialysis") & (rows.date_lo >= since)
            return rows.date_lo.collect(where=where.fill_null(False), distinct=True)

        days = ask.gather.ask("procedure", f"dialysis_{ask.within.count}_{ask.within.unit}", treated)
        dependent = ask.gather.event("condition", "dialysis")
        return cls(ask.lab("creatinine", "mg/dL"), days, dependent, ask.as_of, most)

    def bounds(self, people: ir.Table) -> Bounds:
        low, high = clamped(self.serum.bounds(people), 1.0, self.most)
        surely, perhaps = self._dialysed(people)
        return ibis.ifelse(surely, self.most, low), ibis.ifelse(perhaps, self.most, high)

    def _dialysed(self, people: ir.Table) -> tuple[ir.BooleanValue, ir.BooleanValue]:
        day = ibis.coalesce(people[self.serum.key]["day"], ibis.literal(self.as_of, "date"))
        first = moved(day, ibis.interval(days=-WEEK))
        times = people[self.days].filter(lambda d: (d >= first) & (d <= day)).length().fill_null(0)
        return times >= 2, (times >= 1) | people[self.dependent].notnull()
