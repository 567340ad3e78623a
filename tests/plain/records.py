"""What a person's record holds: which FHIR resources count, their codings and their days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plain.days import FOREVER, Interval, interval
from plain.fhir import Coding, Json, Resource, codings, every, number, text, texts

FINAL = ("final", "amended", "corrected")
_UNDER_WAY_OR_DONE = ("finished", "in-progress", "arrived", "triaged", "onleave")
_ORDERED = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
_OWN = ("code", "component", "dataAbsentReason")
_NOT_SO = ("refuted", "entered-in-error")
_OVER = ("resolved", "inactive", "remission")
_NOT_TO_DO = "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-do"

#: kind: its resource type, where its codes stand, and where its days do (moments, a period, what else).
KINDS = {
    "diagnosis": ("Condition", ("code",), ("onsetDateTime",), "onsetPeriod", "recordedDate"),
    "procedure": ("Procedure", ("code",), ("performedDateTime",), "performedPeriod", ""),
    "report": ("DiagnosticReport", ("code",), ("effectiveDateTime",), "effectivePeriod", "issued"),
    "finding": ("Observation", ("code",), ("effectiveDateTime", "effectiveInstant"), "effectivePeriod", "issued"),
    "visit": ("Encounter", ("type",), (), "period", ""),
    "medicine": ("MedicationRequest", ("medicationCodeableConcept",), ("authoredOn",), "", ""),
    "order": ("ServiceRequest", ("code",), ("authoredOn",), "", ""),
    "open-order": ("ServiceRequest", ("code",), ("authoredOn",), "", ""),
    "device": ("DeviceRequest", ("codeCodeableConcept",), ("authoredOn",), "", ""),
    "coverage": ("Coverage", ("type",), (), "period", ""),
    "close-relative": ("FamilyMemberHistory", ("condition", "code"), (), "", ""),
}


@dataclass(frozen=True)
class Fact:
    """One record that counts. Undated: ``lo`` and ``hi`` are None.

    ``last``: its last day, FOREVER while open, None where it has ended nobody knows when. ``own_last``: the last
    day is told apart from the first (a diagnosis), and does not move with it.
    """

    kind: str
    id: str
    codes: frozenset[Coding]
    resource: Resource
    lo: date | None = None
    hi: date | None = None
    precise: bool = True
    last: date | None = None
    own_last: bool = False


def facts(resource: Resource) -> Iterator[Fact]:
    """The kinds of record that a resource and each of its components is, where it counts as one."""
    for part in (resource, *_components(resource)):
        yield from _facts(part)


def _components(resource: Resource) -> Iterator[Resource]:
    """Each component of an Observation as one of its own: https://hl7.org/fhir/R4/observation.html#notes, components.

    It has its code and value for itself; whose it is, when it was and what became of it, the Observation says.
    """
    shared = {name: said for name, said in resource.items() if not name.startswith("value") and name not in _OWN}
    for part in every(resource, "component") if text(resource, "resourceType") == "Observation" else ():
        if isinstance(part, dict):
            yield {**shared, **part}


def _facts(resource: Resource) -> Iterator[Fact]:
    for kind, (type_, code, moments, period, otherwise) in KINDS.items():
        if text(resource, "resourceType") == type_ and _counts(kind, resource):
            fact = Fact(kind, f"{type_}/{text(resource, 'id')}", frozenset(codings(resource, *code)), resource)
            yield _dated(fact, _days(resource, moments, period, otherwise))


def _counts(kind: str, resource: Resource) -> bool:
    status, intent = text(resource, "status"), text(resource, "intent")
    match kind:
        case "diagnosis":
            return not {code for _, code in codings(resource, "verificationStatus")} & set(_NOT_SO)
        case "procedure":
            return status == "completed"
        case "report" | "finding":
            return status in FINAL
        case "visit":
            return status in _UNDER_WAY_OR_DONE
        case "coverage":
            return status == "active"
        case "close-relative":
            return status in ("completed", "partial")
    open_or_done = ("active",) if kind == "open-order" else ("active", "completed")
    return status in open_or_done and intent in _ORDERED and not _not_to_do(resource)


def _not_to_do(resource: Resource) -> bool:
    """An order not to do something; devices say it by an extension of QI-Core, spelled with and without the t."""
    marks = [part for part in every(resource, "modifierExtension") if text(part, "url").startswith(_NOT_TO_DO)]
    return True in (*every(resource, "doNotPerform"), *(v for part in marks for v in every(part, "valueBoolean")))


def _days(resource: Resource, moments: tuple[str, ...], period: str, otherwise: str) -> Interval | None:
    """The days of the first element that is there; a period runs from its start to its end."""
    if said := next((text(resource, moment) for moment in moments if text(resource, moment)), ""):
        return interval(said)
    if period and texts(resource, period, "start") + texts(resource, period, "end"):
        return _run(resource.get(period))
    return interval(text(resource, otherwise)) if otherwise else None


def _run(period: Json) -> Interval | None:
    start, end = interval(text(period, "start")), interval(text(period, "end"))
    if start is None or not text(period, "end"):
        return start
    if end is None:  # it says an end that cannot be read: any day from the start on
        return Interval(start.lo, FOREVER, False)
    return Interval(start.lo, end.hi, start.whole and end.whole)


def _dated(fact: Fact, days: Interval | None) -> Fact:
    if days is not None:
        fact = replace(fact, lo=days.lo, hi=days.hi, precise=days.whole, last=days.hi)
    if fact.kind == "diagnosis":
        return replace(fact, last=abated(fact.resource), own_last=True)
    supply = number(fact.resource, "dispenseRequest", "expectedSupplyDuration", "value")
    if fact.kind == "medicine" and days is not None and days.whole and supply is not None:
        return replace(fact, last=days.lo + timedelta(days=int(supply) - 1))
    return fact


def abated(condition: Resource) -> date | None:
    """The last day of a diagnosis: FOREVER while it is open, None where it is over and nobody knows since when."""
    moment = text(condition, "abatementDateTime")
    period = [text(condition, "abatementPeriod", side) for side in ("start", "end")]
    if said := [moment] if moment else [day for day in period if day]:
        days = [interval(day) for day in said]
        return None if None in days else days[-1].hi  # a day that is told and cannot be read ends it all the same
    over = {code for _, code in codings(condition, "clinicalStatus")} & set(_OVER)
    return None if over else FOREVER
