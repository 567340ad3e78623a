"""One made-up record as FHIR JSON, of any kind that a rule can ask for, with all that keeps a record from counting."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from plain.fhir import Json, Resource
from plain.made import vocabulary as v
from plain.made.edges import dates

_RARELY = st.sampled_from((True,) + (False,) * 9)
_SOMETIMES = st.sampled_from((True, False, False))
_QICORE = "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-"

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
_INTENTS = ("order", "original-order", "reflex-order", "filler-order", "instance-order", "plan", "proposal")
KINDS = tuple(_SHAPES)


def concept(*codings: tuple[str, str]) -> Json:
    return {"coding": [{"system": system, "code": code, "display": code} for system, code in codings]}


@st.composite
def concepts(draw: st.DrawFn, names: tuple[str, ...]) -> Json:
    """A coding of one of these value sets; now and then among others, or with a code of another system."""
    coding = draw(st.sampled_from([coding for name in names for coding in v.codes(name)]))
    match draw(st.sampled_from(("one",) * 8 + ("second", "two", "other system", "words"))):
        case "second":
            return concept((v.SYSTEM, "something-else"), coding)
        case "two":
            return concept(coding, draw(st.sampled_from([c for name in (*names, *v.NEVER) for c in v.codes(name)])))
        case "other system":
            return concept((v.OTHER_SYSTEM, coding[1]))
        case "words":
            return {"text": "only words"}
    return concept(coding)


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
    own = _OWN.get(kind)
    return made | (draw(own(today)) if own else {})


@st.composite
def _days(draw: st.DrawFn, place: str, today: date) -> Resource:
    """The day of a record under ``place``, as a moment or a period, or none at all."""
    if not place or draw(_RARELY):
        return {}
    if place == "authored":
        return {"authoredOn": draw(dates(today))}
    if place == "period":
        return {"period": draw(_periods(today))}
    form = draw(st.sampled_from(("DateTime",) * 5 + ("Period", "else")))
    if form == "DateTime":
        return {f"{place}DateTime": draw(dates(today))}
    if form == "Period":
        return {f"{place}Period": draw(_periods(today))}
    return {"recordedDate" if place == "onset" else "issued": draw(dates(today))}


@st.composite
def _periods(draw: st.DrawFn, today: date) -> Json:
    ends = sorted((draw(dates(today)), draw(dates(today))))
    sides = draw(st.sampled_from((("start", "end"), ("start", "end"), ("start",), ("end",))))
    return {side: ends[0 if side == "start" else 1] for side in sides}


@st.composite
def _diagnosis(draw: st.DrawFn, today: date) -> Resource:
    made: Resource = {}
    if draw(_SOMETIMES):
        clinical = ("active", "recurrence", "relapse", "inactive", "remission", "resolved")
        made["clinicalStatus"] = concept(
            ("http://terminology.hl7.org/CodeSystem/condition-clinical", draw(st.sampled_from(clinical)))
        )
    if draw(_SOMETIMES):
        told = draw(st.sampled_from(("confirmed", "provisional", "unconfirmed", "refuted", "entered-in-error")))
        made["verificationStatus"] = concept(("http://terminology.hl7.org/CodeSystem/condition-ver-status", told))
    if draw(_SOMETIMES):
        made |= draw(st.one_of(dates(today).map(lambda day: {"abatementDateTime": day}), _abated(today)))
    return made | draw(_sites())


def _abated(today: date) -> st.SearchStrategy[Resource]:
    return _periods(today).map(lambda period: {"abatementPeriod": period})


@st.composite
def _sites(draw: st.DrawFn, today: date | None = None) -> Resource:
    chosen = draw(st.lists(st.sampled_from(v.SITES), max_size=2, unique=True))
    return {"bodySite": [concept((v.SYSTEM, "elsewhere"), v.codes(site)[0]) for site in chosen]} if chosen else {}


@st.composite
def _report(draw: st.DrawFn, today: date) -> Resource:
    coded = [coding for name in v.RESULTS for coding in v.codes(name)]
    chosen = draw(st.lists(st.sampled_from([*coded, *coded, (v.SYSTEM, "no-result")]), max_size=2))
    return {"conclusionCode": [concept(coding) for coding in chosen]} if chosen else {}


@st.composite
def _finding(draw: st.DrawFn, today: date) -> Resource:
    coded = [coding for name in (*v.ANSWERS, "result-y") for coding in v.codes(name)]
    match draw(st.sampled_from(("concept",) * 5 + ("words", "number", "day", "nothing"))):
        case "concept":
            return {"valueCodeableConcept": concept(*draw(st.lists(st.sampled_from(coded), min_size=1, max_size=2)))}
        case "words":
            return {"valueString": "as told"}
        case "number":
            return {"valueQuantity": {"value": 3, "unit": "{count}"}}
        case "day":
            return {"valueDateTime": draw(dates(today).filter(lambda day: not day.endswith("-32")))}
    return {"dataAbsentReason": concept((v.SYSTEM, "unknown"))}


@st.composite
def _visit(draw: st.DrawFn, today: date) -> Resource:
    made: Resource = {}
    if draw(_SOMETIMES) or draw(_SOMETIMES):
        code = draw(st.sampled_from(("AMB", "IMP", "ACUTE", "NONAC", "EMER", "VR", "HH", "FLD")))
        made["class"] = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code}
    if draw(_SOMETIMES):
        made["hospitalization"] = {"dischargeDisposition": draw(concepts(v.GONE))}
    return made


@st.composite
def _order(draw: st.DrawFn, today: date) -> Resource:
    made: Resource = {"intent": draw(st.sampled_from(("order",) * 6 + _INTENTS))}
    return made | draw(st.sampled_from(({}, {}, {}, {"doNotPerform": False}, {"doNotPerform": True})))


@st.composite
def _device(draw: st.DrawFn, today: date) -> Resource:
    made: Resource = {"intent": draw(st.sampled_from(("order",) * 6 + _INTENTS))}
    spelling, says = (
        draw(st.sampled_from(("doNotPerform", "doNotPeform"))),
        draw(st.sampled_from((None, None, True, False))),
    )
    return made | ({} if says is None else {"modifierExtension": [{"url": _QICORE + spelling, "valueBoolean": says}]})


@st.composite
def _medicine(draw: st.DrawFn, today: date) -> Resource:
    supply = draw(st.sampled_from((0, 0, 14, 30, 365)))
    duration: Json = {"value": supply, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"}
    return draw(_order(today)) | ({"dispenseRequest": {"expectedSupplyDuration": duration}} if supply else {})


@st.composite
def _relative(draw: st.DrawFn, today: date) -> Resource:
    who = draw(st.sampled_from((("MTH", v.ROLES), ("FTH", v.ROLES), ("SIS", v.ROLES), ("AUNT", v.ROLES))))
    return {"relationship": concept((who[1], who[0])), "date": draw(dates(today))}


_OWN = {
    "diagnosis": _diagnosis,
    "procedure": _sites,
    "report": _report,
    "finding": _finding,
    "visit": _visit,
    "medicine": _medicine,
    "order": _order,
    "device": _device,
    "close-relative": _relative,
}
