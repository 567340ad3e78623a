"""Templates of everyday records, one for each thing that can be recorded, with all but the person filled in."""

from __future__ import annotations

from outreach.synth import shapes
from outreach.synth.background_tables import (
    DISEASES,
    LIVER_MEASURES,
    MEASURES,
    MEDICINES,
    PROCEDURES,
    REPORTS,
    WORDS_ONLY,
    Measure,
)
from outreach.synth.codes import UCUM, Code
from outreach.synth.render_facts import codings, status_member
from outreach.synth.template import compact, fill, nest
from outreach.synth.visits import SERVICES


def _coded(text: str, code: Code, **more: str) -> str:
    return fill(text, coding=codings((code,)), shown=code.display, **more)


def _measured(measure: Measure) -> str:
    unit = {"unit": measure.unit, "system": UCUM, "code": measure.unit}
    limits = {side: {"value": limit} | unit for side, limit in (("low", measure.low), ("high", measure.high))}
    value = '"valueQuantity":{"value":%(number)s,' + compact(unit)[1:].replace("%", "%%")
    reference = f',"referenceRange":[{compact(limits)}],'.replace("%", "%%")
    text = _coded(shapes.OBSERVATION, measure.code, status="final", category=measure.category)
    return nest(text, value=value + reference)


def _noted(codes: tuple[Code, ...], words: str) -> str:
    coding = f'"coding":{codings(codes)},' if codes else ""
    statuses = {
        "clinical": status_member("clinicalStatus", "active"),
        "verification": status_member("verificationStatus", "confirmed"),
    }
    return fill(shapes.CONDITION, coding=coding, shown=words, category="encounter-diagnosis", **statuses)


OBSERVATIONS = [_measured(measure) for measure in (*MEASURES, *LIVER_MEASURES)]
CONDITIONS = [
    *(_noted(pair, pair[0].display) for pair in DISEASES),
    *(_noted(pair[:1], pair[0].display) for pair in DISEASES),
    *(_noted(pair[1:], pair[1].display) for pair in DISEASES),
    *(_noted((), words) for words in WORDS_ONLY),
]
PROCEDURE_TEXTS = [_coded(shapes.PROCEDURE, code, status="completed") for code in PROCEDURES]
REPORT_TEXTS = [
    _coded(shapes.REPORT, code, status="final", category=kind, result="", conclusion="") for code, kind in REPORTS
]
MEDICATIONS = [_coded(shapes.MEDICATION, code, status="active") for code in MEDICINES]
VISITS = [_coded(shapes.VISIT, code) for code in SERVICES]
