"""Child-Pugh: how far cirrhosis has gone. A 5–6, B 7–9, C 10–15."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.gather import Gather
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds, Step
from outreach.assess.scores.inputs import Either, Points
from outreach.assess.scores.score import Formula, Population, Score, sum_of
from outreach.domain.calendar import Period

BILIRUBIN = (Step(1), Step(2, at=2), Step(3, over=3))
ALBUMIN = (Step(3), Step(2, at=2.8), Step(1, over=3.5))
INR = (Step(1), Step(2, at=1.7), Step(3, over=2.3))


@dataclass(frozen=True)
class Sign(Either):
    """1 point without, 2 to 3 with the diagnosis: it does not say how bad."""

    def bounds(self, people: ir.Table) -> Bounds:
        there = people[self.key].notnull()
        return ibis.ifelse(there, 2.0, 1.0), ibis.ifelse(there, 3.0, 1.0)


def child_pugh(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Bilirubin (mg/dL) below 2, 2–3, above 3; albumin (g/dL) above 3.5, 2.8–3.5, below 2.8; INR below 1.7,
    1.7–2.3, above 2.3; ascites none, mild, moderate or severe; encephalopathy none, grade 1–2, 3–4: 1, 2
    or 3 points each. For adults with cirrhosis.

    Source: Pugh 1973, doi:10.1002/bjs.1800600817, with INR for prothrombin time.
    """
    ask = Ask(gather, as_of, within)
    bilirubin, albumin = Points(ask.lab("bilirubin", "mg/dL"), BILIRUBIN), Points(ask.lab("albumin", "g/dL"), ALBUMIN)
    signs = [Sign(name, ask.diagnosis(name).key) for name in ("ascites", "hepatic-encephalopathy")]
    parts = (bilirubin, albumin, Points(ask.lab("inr", "1"), INR))
    scarred = Population(ask.age, 18, one_of=[ask.diagnosis("cirrhosis")])
    return Formula(scarred, parts, sum_of, digits=0, facts=signs)
