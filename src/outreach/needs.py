"""What a night reads and writes: what its rules ask about, the slots, and what sending must know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from outreach.fhir.scopes import Need
from outreach.post.recheck import CHANGING
from outreach.rulebook.criterion import Booked, DateOf, Kind, Lab, Leaf, Record, Rising, ScoreIs, leaves
from outreach.rulebook.model import Rule

#: Every night: who, whether they refused, what is ordered, when they come, and where there is room.
ALWAYS = ("Patient", "Consent", "ServiceRequest", "Appointment", "Schedule", "Slot", "Location")
_OF_KIND: dict[Kind, str] = {
    "diagnosis": "Condition",
    "procedure": "Procedure",
    "report": "DiagnosticReport",
    "finding": "Observation",
    "visit": "Encounter",
    "medicine": "MedicationRequest",
    "order": "ServiceRequest",
    "open-order": "ServiceRequest",
    "device": "DeviceRequest",
    "coverage": "Coverage",
    "close-relative": "FamilyMemberHistory",
}
#: Scores draw on laboratory values, diagnoses and, for dialysis, procedures.
_OF_SCORES = ("Observation", "Condition", "Procedure")
_BESIDE = ("DiagnosticReport", "Procedure", "Observation")


def types_needed(rules: Iterable[Rule]) -> list[str]:
    """FHIR resource types, in name order."""
    found = set(ALWAYS)
    for rule in rules:
        for version in (rule, *(later for _, later in rule.later)):
            for _, line in version.sections():
                found |= {kind for leaf in leaves(line.criterion) for kind in _of_leaf(leaf)}
            found |= set(_of_tests(version))
    return sorted(found)


def permissions_needed(rules: Iterable[Rule], *, sends: bool, group: bool = False) -> list[Need]:
    """What a night must be allowed, in name order: to read every type, and if it sends, to hold and to write.

    Before a send the CHANGING types are looked at again; a Slot is updated; a message is created, and looked for.
    ``group``: only a Group's members are read, by an export of it.
    """
    letters = dict.fromkeys([*types_needed(rules), *(["Group"] if group else [])], "rs")
    if sends:
        letters |= dict.fromkeys(CHANGING, "rs") | {"Slot": "rus", "Communication": "crs"}
    return [Need(type_, letters[type_]) for type_ in sorted(letters)]


def _of_leaf(leaf: Leaf) -> tuple[str, ...]:
    match leaf:
        case Record():
            return (_OF_KIND[leaf.kind],)
        case Lab() | Rising() | DateOf():
            return ("Observation",)
        case ScoreIs():
            return _OF_SCORES
        case Booked():
            return ("Appointment",)
    return ()


def _of_tests(rule: Rule) -> Iterator[str]:
    for kind in rule.counts:
        yield from ["DiagnosticReport"] if kind.report else []
        yield from ["Procedure"] if kind.procedure else []
        yield from ["Observation"] if kind.finding else []
        yield from _BESIDE if kind.beside else ()
