"""One made-up record as FHIR JSON, of any kind that a rule can ask for, with all that keeps a record from counting."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from plain.fhir import Resource
from plain.made import vocabulary as v
from plain.made.edges import dates
from plain.made.of_its_kind import OWN
from plain.made.parts import concepts, periods

_RARELY = st.sampled_from((True,) + (False,) * 9)

#: kind: its type, where its code and its day stand, the statuses it may have (the first is the usual one).
_SHAPES = {
    "diagnosis": ("Condition", "code", "onset", ("",)),
    "procedure": ("Procedure", "code", "performed", ("completed", "in-progress", "not-done", "entered-in-error")),
    "report": ("DiagnosticReport", "code", "effective", ("final", "amended", "corrected", "preliminary", "cancelled")),
    "finding": ("Observation", "code", "effective", ("final", "amended", "corrected", "preliminary", "registered")),
    "visit": ("Encounter", "type", "period", ("finished", "in-progress", "arrived", "triaged", "onleave", "planned")),
    "medicine": ("MedicationRequest", "medicationCodeableConcept", "authored", ("active", "completed", "stopped")),
    "order": ("ServiceRequest", "code", "authored", ("active", "completed", "revoked", "draft")),
    "device": ("DeviceRequest", "codeCodeableConcept", "authored", ("active", "completed", "cancelled")),
    "coverage": ("Coverage", "type", "period", ("active", "cancelled", "draft")),
    "close-relative": ("FamilyMemberHistory", "condition", "", ("completed", "partial", "health-unknown")),
}
KINDS = tuple(_SHAPES)


@st.composite
def records(draw: st.DrawFn, kind: str, today: date, names: tuple[str, ...] = ()) -> Resource:
    """A record of a kind, without id and person."""
    type_, place, day, statuses = _SHAPES[kind]
    code = draw(concepts(names or v.SETS[kind]))
    made: Resource = {"resourceType": type_, place: [code] if place == "type" and kind == "visit" else code}
    if kind == "close-relative":
        made["condition"] = [{"code": code}]
    if statuses != ("",):
        made["status"] = draw(st.sampled_from(statuses[:1] * 6 + statuses))
    made |= draw(_days(day, today))
    own = OWN.get(kind)
    return made | (draw(own(today)) if own else {})


@st.composite
def _days(draw: st.DrawFn, place: str, today: date) -> Resource:
    """The day of a record under ``place``, as a moment or a period, or none at all."""
    if not place or draw(_RARELY):
        return {}
    if place == "authored":
        return {"authoredOn": draw(dates(today))}
    if place == "period":
        return {"period": draw(periods(today))}
    form = draw(st.sampled_from(("DateTime",) * 5 + ("Period", "else")))
    if form == "DateTime":
        return {f"{place}DateTime": draw(dates(today))}
    if form == "Period":
        return {f"{place}Period": draw(periods(today))}
    return {"recordedDate" if place == "onset" else "issued": draw(dates(today))}
