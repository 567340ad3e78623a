"""What only one kind of made-up record has: a status, a site, a value, a setting, an intent, a relationship."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from plain.fhir import Json, Resource
from plain.made import vocabulary as v
from plain.made.edges import dates
from plain.made.parts import concept, concepts, periods

_SOMETIMES = st.sampled_from((True, False, False))
_QICORE = "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-"
_INTENTS = ("order", "original-order", "reflex-order", "filler-order", "instance-order", "plan", "proposal")


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
        own = draw(st.sampled_from(((), (), ((v.SYSTEM, "own-word"),))))
        made["verificationStatus"] = concept(*own, ("http://terminology.hl7.org/CodeSystem/condition-ver-status", told))
    if draw(_SOMETIMES):
        made |= draw(st.one_of(dates(today).map(lambda day: {"abatementDateTime": day}), _abated(today)))
    return made | draw(_sites())


def _abated(today: date) -> st.SearchStrategy[Resource]:
    return periods(today).map(lambda period: {"abatementPeriod": period})


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


#: kind of record: its own elements on a day.
OWN = {
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
