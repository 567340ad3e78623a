"""What may stand under each word of the rule language that asks one thing, in every form it may take."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from plain.made import vocabulary as v
from plain.made.an_event import events
from plain.made.edges import AGES, PERIODS
from plain.made.scope import SELDOM, Said, Scope, lengths, some

#: score: the thresholds a rule may ask for.
SCORES: dict[str, tuple[float, ...]] = {
    "fib-4": (1.3, 1.45, 2.67, 3.25), "apri": (0.5, 1.5, 2), "albi": (-2.6, -1.39), "page-b": (8, 10, 18),
    "mpage-b": (8, 9, 13), "amap": (50, 60), "thri": (120, 240), "reach-b": (8, 12), "cu-hcc": (5, 20),
    "meld": (9, 15, 21), "meld-na": (9, 15, 21), "meld-3": (9, 15, 21), "child-pugh": (7, 10), "galad": (-0.63, 2),
}  # fmt: skip


@cache
@st.composite
def _ranges(draw: st.DrawFn, edges: tuple[float, ...]) -> Said:
    """``from``, ``below`` or both, lower first."""
    low, high = draw(st.sampled_from(edges)), draw(st.sampled_from(edges))
    match draw(st.sampled_from(("from", "from", "below", "both"))):
        case "from":
            return {"from": low}
        case "below":
            return {"below": high}
    return {"from": min(low, high), "below": max(low, high)} if low != high else {"from": low}


@cache
@st.composite
def ages(draw: st.DrawFn, scope: Scope) -> Said:
    low, high = sorted((draw(st.sampled_from(AGES)), draw(st.sampled_from(AGES))))
    said: Said = draw(st.sampled_from(({"from": low}, {"to": high}, {"from": low, "to": high})))
    if "from" in said and scope.numbers and draw(SELDOM):
        said = {"from": draw(st.sampled_from(scope.numbers))}
    return said | draw(st.sampled_from(({}, {}, *({"at_start_of": name} for name in PERIODS))))


@cache
@st.composite
def labs(draw: st.DrawFn, scope: Scope) -> Said:
    name = draw(st.sampled_from(tuple(v.LABS)))
    said: Said = {"name": name, **draw(_ranges(v.LABS[name][3])), "unit": v.LABS[name][0]}
    said |= {"within": draw(lengths(scope))} if draw(st.booleans()) else {}
    said |= draw(st.sampled_from(({}, {}, {"which": "latest"}, {"which": "any"})))
    return said | draw(st.sampled_from(({}, {}, {"if_absent": "no"}, {"if_absent": "unknown"})))


@cache
@st.composite
def _rising(draw: st.DrawFn, scope: Scope) -> Said:
    name, values = draw(st.sampled_from(tuple(v.LABS))), draw(st.sampled_from((2, 2, 3)))
    said: Said = {"name": name, "values": values}
    said |= {"unit": v.LABS[name][0]} if draw(st.booleans()) else {}
    return said | {"within": draw(st.sampled_from(("2 years", "5 years", *scope.lengths)))}


@cache
@st.composite
def _dates_of(draw: st.DrawFn, scope: Scope) -> Said:
    asked = draw(st.sampled_from(("within", "at_least")))
    said: Said = {"name": draw(st.sampled_from(v.DATES)), asked: draw(lengths(scope))}
    return said | draw(st.sampled_from(({}, {}, {"if_absent": "no"}, {"if_absent": "unknown"})))


@cache
@st.composite
def scores(draw: st.DrawFn, scope: Scope, name: str) -> object:
    if name == "child-pugh" and draw(st.booleans()):
        return draw(st.sampled_from("ABC"))
    said: Said = draw(_ranges(SCORES[name]))
    said |= {"within": draw(lengths(scope))} if draw(st.sampled_from((True, True, False))) else {}
    return said | ({"limit": 40} if name == "apri" else {})


@cache
@st.composite
def _tests(draw: st.DrawFn, scope: Scope) -> Said:
    said: Said = {"is": draw(some(scope.kinds))}
    return said | ({"result": draw(some((*scope.results, "uncoded")))} if draw(st.booleans()) else {})


_SEXES = st.sampled_from(("female", "male"))
_AT_BIRTH = st.one_of(_SEXES, _SEXES.map(lambda sex: {"is": sex}), _SEXES.map(lambda sex: {"is": sex, "or_sex": True}))


@cache
def leaf(scope: Scope, word: str) -> st.SearchStrategy[object]:
    """What may stand under a word that asks one thing."""
    if word in v.SETS:
        return events(scope, word)
    if word in SCORES:
        return scores(scope, word)
    others: dict[str, st.SearchStrategy[object]] = {
        "sex": _SEXES,
        "sex-at-birth": _AT_BIRTH,
        "age": ages(scope),
        "born-in": st.sampled_from(v.COUNTRY_LISTS),
        "race": st.sampled_from(v.RACES),
        "ethnicity": st.sampled_from(v.ETHNICITIES),
        "language": some(("es", "vi", "en")),
        "lab": labs(scope),
        "measured": labs(scope),
        "rising": _rising(scope),
        "date-of": _dates_of(scope),
        "scan": some((*scope.results, "uncoded")),
        "test": _tests(scope),
        "appointment": st.sampled_from(v.SERVICES),
    }
    return others[word]


ATTRIBUTES = ("sex", "sex-at-birth", "age", "born-in", "race", "ethnicity", "language")
MEASURES = ("lab", "measured", "rising", "date-of")
TESTS = ("scan", "test", "appointment")
LEAVES = (*v.SETS, *ATTRIBUTES, *MEASURES, *TESTS, *SCORES)
