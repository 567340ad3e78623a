"""What a score is made of: for each input every value that could decide, from what is on record.

A missing input has its whole range: an age 0 to 130 years, a laboratory value 0 to ``UNBOUNDED``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from plain.attributes import born
from plain.days import Span, birthday, moved
from plain.events import candidates
from plain.fhir import Resource, codings, text
from plain.labs import in_order
from plain.people import Person
from plain.rule import Rule
from plain.units import in_unit

UNBOUNDED = 1e12
OLDEST = 130
#: Copies in one international unit of HBV DNA, by assay.
_COPIES = (3.41, 5.82)
_OTHER_CAUSES = {
    "chronic-hepatitis-b": 97.0,
    "cirrhosis-from-hepatitis-b": 97.0,
    "steatohepatitis": 54.0,
    "other-liver-disease": 36.0,
    "autoimmune-liver-disease": 0.0,
}
_HEPATITIS_C = ("chronic-hepatitis-c", "cirrhosis-from-hepatitis-c")
Options = tuple[float, ...]
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Bedside:
    """One person on the day asked, with measurements no older than ``within``."""

    rule: Rule
    person: Person
    within: Span

    def age(self) -> Bounds:
        """Whole years, of the youngest and the oldest they may be."""
        birth = born(self.person)
        return (float(self._years(birth.hi)), float(self._years(birth.lo))) if birth else (0.0, float(OLDEST))

    def _years(self, birth: date) -> int:
        return sum(birthday(birth, years) <= self.rule.today for years in range(1, OLDEST + 1))

    def male(self) -> Options:
        return {"male": (1.0,), "female": (0.0,)}.get(text(self.person.patient, "gender"), (0.0, 1.0))

    def has(self, diagnosis: str) -> bool:
        return any(candidates(self.rule, self.person, "diagnosis", {"name": diagnosis}))

    def lab(self, name: str, unit: str) -> Bounds:
        """The latest exact value that can be read; a zero is a fault of the record."""
        _, low, high = self._latest(name, lambda said: self._exact(said, name, unit))
        return (low, high) if high > 0 else (0.0, UNBOUNDED)

    def _exact(self, said: Resource, name: str, unit: str) -> Bounds | None:
        value = in_unit(said, self.rule.value_set(name), unit)
        return None if value is None or text(said, "valueQuantity", "comparator") else (float(value), float(value))

    def trace(self, name: str, unit: str, most: float = UNBOUNDED) -> Bounds:
        """The latest value of something often too little to measure; “less than 20” lies from 0 to 20."""
        return self._within(self._latest(name, lambda said: self._between(said, name, unit, (1.0, 1.0))), most)

    def copies(self) -> Bounds:
        """HBV DNA in copies/mL; an international unit is a range of copies."""
        return self._within(self._latest("hbv-dna", self._copies), UNBOUNDED)

    def _copies(self, said: Resource) -> Bounds | None:
        exact = self._between(said, "hbv-dna", "{copies}/mL", (1.0, 1.0))
        return exact or self._between(said, "hbv-dna", "[IU]/mL", _COPIES)

    def _between(self, said: Resource, name: str, unit: str, factors: Bounds) -> Bounds | None:
        value, comparator = in_unit(said, self.rule.value_set(name), unit), text(said, "valueQuantity", "comparator")
        if value is None:
            return None
        low = 0.0 if comparator in ("<", "<=") else float(value) * factors[0]
        return low, UNBOUNDED if comparator in (">", ">=") else float(value) * factors[1]

    def _within(self, found: tuple[date, float, float], most: float) -> Bounds:
        _, low, high = found
        return (max(low, 0.0), min(high, most)) if high >= 0 and low <= most else (0.0, most)

    def _latest(self, name: str, read: Callable[[Resource], Bounds | None]) -> tuple[date, float, float]:
        """Day and bounds of the latest observation that reads; today and the whole range without one."""
        since = moved(self.rule.today, self.within, -1)
        known = [
            (fact.lo, found) for fact in in_order(self.rule, self.person, name, since) if (found := read(fact.resource))
        ]
        day, (low, high) = known[-1] if known else (None, (0.0, UNBOUNDED))
        return day or self.rule.today, low, high

    def antigen(self) -> Options:
        """1 where the latest coded HBeAg is positive, 0 where it is negative."""
        known = dict.fromkeys(self.rule.value_set("hbeag-positive").codes, 1.0)
        known = dict.fromkeys(self.rule.value_set("hbeag-negative").codes, 0.0) | known
        since = moved(self.rule.today, self.within, -1)
        told = [codings(f.resource, "valueCodeableConcept") for f in in_order(self.rule, self.person, "hbeag", since)]
        read = [max(known[coding] for coding in each if coding in known) for each in told if known.keys() & each]
        return (read[-1],) if read else (0.0, 1.0)

    def creatinine(self, most: float) -> Options:
        """Between 1 and ``most`` mg/dL; ``most`` itself when dialysed on two of the days of a week before it."""
        day, low, high = self._latest("creatinine", lambda said: self._exact(said, "creatinine", "mg/dL"))
        low, high = (low, high) if high > 0 else (0.0, UNBOUNDED)
        measured = (min(max(low, 1.0), most), min(max(high, 1.0), most))
        found = [fact.lo for fact in candidates(self.rule, self.person, "procedure", {"name": "dialysis"})]
        times = len({done for done in found if done is not None and day - timedelta(days=7) <= done <= day})
        if times >= 2:
            return (most,)
        return (*measured, most) if times or self.has("dialysis") else measured

    def cause(self) -> Options:
        """Points of the cause of a cirrhosis for THRI: of several the most; any where none is on record.

        A hepatitis C may be cured (0 points) unless virus was found.
        """
        other = [points for name, points in _OTHER_CAUSES.items() if self.has(name)]
        if not any(self.has(name) for name in _HEPATITIS_C):
            return (max(other),) if other else (0.0, 97.0)
        virus = self._latest("hcv-rna", self._hcv)[1] > 0
        return (97.0,) if virus else (max([*other, 0.0]), 97.0)

    def _hcv(self, said: Resource) -> Bounds | None:
        units = self._between(said, "hcv-rna", "[IU]/mL", (1.0, 1.0))
        return units or self._between(said, "hcv-rna", "{copies}/mL", (1.0, 1.0))
