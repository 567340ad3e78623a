"""The cause of a cirrhosis as THRI counts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds
from outreach.assess.scores.inputs import Either, Lab

#: Points of a recorded cause. Autoimmune: hepatitis, primary biliary and sclerosing cholangitis.
CAUSES = {
    "chronic-hepatitis-b": 97.0,
    "cirrhosis-from-hepatitis-b": 97.0,
    "steatohepatitis": 54.0,
    "other-liver-disease": 36.0,
    "autoimmune-liver-disease": 0.0,
}
HEPATITIS_C = ("chronic-hepatitis-c", "cirrhosis-from-hepatitis-c")
UNCURED_C = 97.0


@dataclass(frozen=True)
class Cause:
    """Hepatitis B or C 97, steatohepatitis 54, another 36, autoimmune 0, hepatitis C that is cured 0.

    Of several the one with most points. Whether a hepatitis C is cured can go either way, unless virus has
    been found in the look-back; where no cause is on record, it may be any.
    """

    recorded: Mapping[str, Either]
    hepatitis_c: Sequence[Either]
    viral_load: Lab
    name: str = "cause-of-cirrhosis"

    @classmethod
    def asked(cls, ask: Ask) -> Cause:
        units, copies = (ask.in_unit("hcv-rna", unit) for unit in ("[IU]/mL", "{copies}/mL"))

        def either(rows: ir.Table) -> Bounds:
            amount = ibis.coalesce(units(rows)[0], copies(rows)[0])
            return amount, amount

        recorded = {name: ask.diagnosis(name) for name in CAUSES}
        return cls(recorded, [ask.diagnosis(name) for name in HEPATITIS_C], ask.trace("hcv-rna", either))

    def bounds(self, people: ir.Table) -> Bounds:
        surely = [_points(people, self.recorded[name], points) for name, points in CAUSES.items()]
        infected = [_points(people, one, UNCURED_C) for one in self.hepatitis_c]
        low, high = ibis.greatest(*surely), ibis.greatest(*surely, *infected)
        found = (ibis.greatest(*infected) > 0) & (self.viral_load.bounds(people)[0] > 0)
        low = ibis.ifelse(found, ibis.greatest(low, UNCURED_C), low)
        return ibis.greatest(low, 0.0), ibis.ifelse(high < 0, UNCURED_C, high)


def _points(people: ir.Table, cause: Either, points: float) -> ir.FloatingValue:
    """Its points where the cause is on record, else −1."""
    return ibis.ifelse(people[cause.key].notnull(), points, -1.0)
