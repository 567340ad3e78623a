"""A made-up question for records: of a kind, in a window, so many, with a value, a site or a setting."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from plain.made import vocabulary as v
from plain.made.edges import PERIODS
from plain.made.scope import SELDOM, SOMETIMES, Said, Scope, lengths, some

LEAST_COUNTED = st.sampled_from((1, 2, 2, 3))


@cache
@st.composite
def windows(draw: st.DrawFn, scope: Scope) -> Said:
    relation = draw(st.sampled_from(("", "", "within", "for", "starts_in", "ends_in", "during", "overlaps")))
    if relation in ("within", "for"):
        return {relation: draw(lengths(scope))}
    return {relation: draw(st.sampled_from(tuple(PERIODS)))} if relation else {}


@cache
@st.composite
def events(draw: st.DrawFn, scope: Scope, kind: str) -> object:
    """A kind of record, short or with everything that may be asked of it."""
    names = v.SETS[kind] + (scope.own if kind == "diagnosis" else ())
    if draw(SELDOM):
        return draw(some(names))
    said: Said = {"name": draw(some(names))}
    if draw(SOMETIMES):
        said["if_absent"] = draw(st.sampled_from(("no", "unknown", "unknown")))
    if kind == "close-relative":
        return said
    said |= draw(windows(scope))
    if draw(SOMETIMES):
        said["count"] = draw(LEAST_COUNTED)
    elif draw(SOMETIMES):
        said["which"] = draw(st.sampled_from(("latest", "latest", "any")))
    return said | draw(_own(kind, said))


_OF_FINDINGS: tuple[Said, ...] = ({}, {"value": "answer-a"}, {"value": "answer-b"}, {"has_value": True})
_WHERE = st.sampled_from(("ambulatory", "inpatient", "emergency", "virtual", "home"))
_SETTINGS: st.SearchStrategy[Said] = st.lists(_WHERE, min_size=1, max_size=3, unique=True).map(lambda w: {"setting": w})
_GONE: st.SearchStrategy[Said] = st.sampled_from(v.GONE).map(lambda name: {"discharged_to": name})


@st.composite
def _own(draw: st.DrawFn, kind: str, said: Said) -> Said:
    """What only this kind of record may be asked for."""
    made: Said = {}
    if kind in ("diagnosis", "procedure") and draw(SOMETIMES):
        made["site"] = draw(st.sampled_from(v.SITES))
    if kind == "diagnosis" and draw(SOMETIMES):
        made["active"] = True
    if kind == "finding":
        made |= draw(st.sampled_from(_OF_FINDINGS))
    if kind == "visit":
        made |= draw(st.one_of(st.just({}), _SETTINGS, _GONE))
        if draw(st.booleans()) and made:
            said.pop("name")
    return made
