"""Which resource types a night reads: those its rules ask about, the slots, and what sending must know."""

from __future__ import annotations

from collections.abc import Iterable

from outreach.rulebook.model import (
    Booked,
    CloseRelative,
    Diagnosis,
    Lab,
    OpenOrder,
    ProcedureDone,
    Rising,
    Rule,
    ScoreAtLeast,
    leaves,
)

#: Every night: who, whether they refused, what is ordered, when they come, and where there is room.
ALWAYS = ("Patient", "Consent", "ServiceRequest", "Appointment", "Schedule", "Slot", "Location")
_BY_CRITERION: dict[type, tuple[str, ...]] = {
    Diagnosis: ("Condition",),
    ProcedureDone: ("Procedure",),
    CloseRelative: ("FamilyMemberHistory",),
    ScoreAtLeast: ("Observation", "Condition"),
    Lab: ("Observation",),
    Rising: ("Observation",),
    OpenOrder: ("ServiceRequest",),
    Booked: ("Appointment",),
}


def types_needed(rules: Iterable[Rule]) -> list[str]:
    """FHIR resource types, in name order."""
    found = set(ALWAYS)
    for rule in rules:
        for _, line in rule.sections():
            for leaf in leaves(line.criterion):
                found.update(_BY_CRITERION.get(type(leaf), ()))
        for kind in rule.counts:
            found |= {"DiagnosticReport"} if kind.report else set()
            found |= {"Procedure"} if kind.procedure else set()
    return sorted(found)
