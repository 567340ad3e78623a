"""The parts that made-up records share: concepts and periods."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from plain.fhir import Json
from plain.made import vocabulary as v
from plain.made.edges import dates


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
def periods(draw: st.DrawFn, today: date) -> Json:
    ends = sorted((draw(dates(today)), draw(dates(today))))
    sides = draw(st.sampled_from((("start", "end"), ("start", "end"), ("start",), ("end",))))
    return {side: ends[0 if side == "start" else 1] for side in sides}
