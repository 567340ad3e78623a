"""A made-up laboratory value, near a threshold, in one of the units that laboratories use or in none that reads."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from plain.fhir import Json, Resource, codings
from plain.made import vocabulary as v
from plain.made.edges import dates
from plain.made.parts import concept, concepts

_UCUM = "http://unitsofmeasure.org"
#: unit of a value set: the same quantity in other units, by a factor.
_ALSO: dict[str, dict[str, float]] = {
    "mg/dL": {"mg/dL": 1, "g/L": 0.01},
    "g/L": {"g/L": 1, "g/dL": 0.1},
    "ng/mL": {"ng/mL": 1, "ug/L": 1},
    "10*9/L": {"10*9/L": 1, "10*3/uL": 1, "K/uL": 1, "/uL": 1000},
    "[IU]/mL": {"[IU]/mL": 1},
    "mmol/L": {"mmol/L": 1},
    "U/L": {"U/L": 1, "IU/L": 1},
    "1": {"1": 1, "{INR}": 1},
    "%": {"%": 1},
    "mL/min/{1.73_m2}": {"mL/min/{1.73_m2}": 1, "mL/min/1.73m2": 1, "mL/min": 1},
    "mm[Hg]": {"mm[Hg]": 1, "mmHg": 1},
    "kg": {"kg": 1, "g": 1000, "[lb_av]": 2.204623},
}
#: Values at and beside the steps of the scores, in the unit of the value set.
_STEPS: dict[str, tuple[float, ...]] = {
    "platelets": (79, 80, 99, 100, 140, 149, 150, 199, 200, 201, 249, 250, 0),
    "ast": (20, 40, 80, 161),
    "alt": (14, 15, 30, 44, 45, 64),
    "albumin": (28, 29.9, 30, 34.9, 35, 35.1, 38, 40, 42),
    "bilirubin": (0.5, 1.02, 1.1, 1.9, 2, 3, 3.1, 6),
    "inr": (0.9, 1.1, 1.69, 1.7, 2.3, 2.4),
    "creatinine": (0.8, 1.2, 2.1, 3, 4, 5),
    "sodium": (120, 125, 131, 137, 141),
    "afp": (1, 5, 20, 400),
    "afp-l3": (0.5, 10, 120),
    "dcp": (0.3, 0.4, 7.5),
    "hbv-dna": (20, 1717, 2000, 2933, 20000, 171821, 300000),
    "hcv-rna": (0, 15, 800000),
}
NAMES = (*v.LABS, *_STEPS)
_MORE_OR_LESS = st.sampled_from((None,) * 8 + ("<", "<=", ">", ">="))


def _values(name: str) -> st.SearchStrategy[float]:
    if name in _STEPS:
        return st.sampled_from(_STEPS[name])
    near = sorted({round(edge + step, 3) for edge in v.LABS[name][3] for step in (-1, -0.1, 0, 0.1, 1)})
    return st.sampled_from(near)


@st.composite
def _quantities(draw: st.DrawFn, name: str) -> Json:
    unit = v.LABS[name][0] if name in v.LABS else v.SCORE_LABS[name]
    molar, molar_unit = v.LABS[name][1:3] if name in v.LABS else v.MOLAR.get(name, ("", ""))
    units = _ALSO[unit] | ({molar_unit: float(molar)} if molar else {})
    if name in ("hbv-dna", "hcv-rna"):
        units = units | {"{copies}/mL": 5}
    sent = draw(st.sampled_from([*units, *units, "furlongs"]))
    made: dict[str, Json] = {"value": round(draw(_values(name)) * units.get(sent, 1), 6), "unit": sent}
    if draw(st.booleans()):
        made |= {"system": _UCUM, "code": sent, "unit": "as printed"}
    comparator = draw(_MORE_OR_LESS)
    return made | ({"comparator": comparator} if comparator else {})


@st.composite
def measurements(draw: st.DrawFn, today: date, name: str) -> Resource:
    """An observation of a laboratory value set; mostly with a number, rarely undated or not final."""
    status = draw(st.sampled_from(("final",) * 8 + ("amended", "corrected", "preliminary")))
    made: Resource = {"resourceType": "Observation", "status": status, "code": draw(concepts((name,)))}
    if draw(st.sampled_from((True,) * 12 + (False,))):
        made["effectiveDateTime"] = draw(dates(today))
    if draw(st.sampled_from((False,) * 15 + (True,))):
        return made | {"dataAbsentReason": concept((v.SYSTEM, "error"))}
    return made | {"valueQuantity": draw(_quantities(name))}


@st.composite
def panels(draw: st.DrawFn, today: date) -> Resource:
    """Several values in one observation, each in a component; its own code may be that of a value too."""
    made = draw(measurements(today, draw(st.sampled_from(tuple(v.LABS)))))
    made |= {"code": concept((v.SYSTEM, "a-panel"))} if draw(st.booleans()) else {}
    own = {code for _, code in codings(made, "code")}
    names = [name for name in v.LABS if not own & {code for _, code in v.codes(name)}]
    parts: list[Json] = []
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)):
        part: dict[str, Json] = {"code": concept(*v.codes(name)[:1])}
        absent = draw(st.sampled_from((False,) * 5 + (True,)))
        value: dict[str, Json] = {"dataAbsentReason": concept((v.SYSTEM, "error"))} if absent else {}
        parts.append(part | (value or {"valueQuantity": draw(_quantities(name))}))
    return made | {"component": parts}


@st.composite
def courses(draw: st.DrawFn, today: date) -> list[Resource]:
    """Two to four exact values of one thing over half a year, mostly rising."""
    name = draw(st.sampled_from(tuple(v.LABS)))
    step = draw(st.sampled_from((0.5, 0.5, 0.5, 0, -0.5)))
    found: list[Resource] = []
    for place in range(draw(st.integers(2, 4))):
        on = today - timedelta(days=180 - 40 * place)
        value: Json = {"value": v.LABS[name][3][0] + step * place, "unit": v.LABS[name][0]}
        found.append({**_final(name), "effectiveDateTime": on.isoformat(), "valueQuantity": value})
    return found


@st.composite
def workups(draw: st.DrawFn, today: date) -> list[Resource]:
    """Everything that scores ask for, measured on one recent day in the units of the value sets."""
    on = (today - timedelta(days=draw(st.sampled_from((0, 3, 40, 300))))).isoformat()
    left_out = draw(st.sampled_from(("", "", "", *_STEPS)))
    found: list[Resource] = []
    for name in _STEPS:
        value: Json = {"value": draw(_values(name)), "unit": v.SCORE_LABS[name]}
        found += [] if name == left_out else [{**_final(name), "effectiveDateTime": on, "valueQuantity": value}]
    return found


def _final(name: str) -> Resource:
    return {"resourceType": "Observation", "status": "final", "code": concept(v.codes(name)[0])}


@st.composite
def antigens(draw: st.DrawFn, today: date) -> Resource:
    """HBeAg, coded positive, negative or something that cannot be read."""
    coding = draw(st.sampled_from([*(c for name in v.OUTCOMES for c in v.codes(name)), (v.SYSTEM, "unclear")]))
    made: Resource = {"resourceType": "Observation", "status": "final", "code": concept(v.codes("hbeag")[0])}
    return made | {"effectiveDateTime": draw(dates(today)), "valueCodeableConcept": concept(coding)}


@st.composite
def stated_days(draw: st.DrawFn, today: date) -> Resource:
    """An observation that states a day, such as the day of quitting."""
    made: Resource = {"resourceType": "Observation", "status": "final", "code": draw(concepts(v.DATES))}
    if draw(st.sampled_from((True,) * 8 + (False,))):
        made["effectiveDateTime"] = draw(dates(today))
    stated = dates(today).filter(lambda day: not day.endswith("-32"))
    return made | draw(st.one_of(stated.map(lambda day: {"valueDateTime": day}), st.just({})))
