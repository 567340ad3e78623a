"""A made-up criterion: any word of the rule language, in any form it may take, and words within words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from hypothesis import strategies as st

from plain.made import vocabulary as v
from plain.made.edges import AGES, LENGTHS, PERIODS

Said = dict[str, object]
_SELDOM, _SOMETIMES = st.sampled_from((True, False, False, False)), st.sampled_from((True, False, False))
LEAST_COUNTED = st.sampled_from((1, 2, 2, 3))
#: score: the thresholds a rule may ask for.
SCORES: dict[str, tuple[float, ...]] = {
    "fib-4": (1.3, 1.45, 2.67, 3.25), "apri": (0.5, 1.5, 2), "albi": (-2.6, -1.39), "page-b": (8, 10, 18),
    "mpage-b": (8, 9, 13), "amap": (50, 60), "thri": (120, 240), "reach-b": (8, 12), "cu-hcc": (5, 20),
    "meld": (9, 15, 21), "meld-na": (9, 15, 21), "meld-3": (9, 15, 21), "child-pugh": (7, 10), "galad": (-0.63, 2),
}  # fmt: skip
LOGIC = ("all", "any", "not", "at_least", "is")


@dataclass(frozen=True)
class Scope:
    """What names a criterion may use. ``results`` and ``kinds``: of the rule's tests."""

    results: tuple[str, ...]
    kinds: tuple[str, ...]
    definitions: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    own: tuple[str, ...] = field(default=("own-ill",))


@cache
@st.composite
def lengths(draw: st.DrawFn, scope: Scope) -> str:
    """A length of time, now and then by the name of a parameter."""
    return draw(st.sampled_from((*LENGTHS, *LENGTHS, *scope.lengths)))


@cache
def some(names: tuple[str, ...]) -> st.SearchStrategy[object]:
    """One name, or a list of one or two."""
    several: st.SearchStrategy[object] = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return st.one_of(st.sampled_from(names), several)


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
    if draw(_SELDOM):
        return draw(some(names))
    said: Said = {"name": draw(some(names))}
    if draw(_SOMETIMES):
        said["if_absent"] = draw(st.sampled_from(("no", "unknown", "unknown")))
    if kind == "close-relative":
        return said
    said |= draw(windows(scope))
    if draw(_SOMETIMES):
        said["count"] = draw(LEAST_COUNTED)
    elif draw(_SOMETIMES):
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
    if kind in ("diagnosis", "procedure") and draw(_SOMETIMES):
        made["site"] = draw(st.sampled_from(v.SITES))
    if kind == "diagnosis" and draw(_SOMETIMES):
        made["active"] = True
    if kind == "finding":
        made |= draw(st.sampled_from(_OF_FINDINGS))
    if kind == "visit":
        made |= draw(st.one_of(st.just({}), _SETTINGS, _GONE))
        if draw(st.booleans()) and made:
            said.pop("name")
    return made


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
    if "from" in said and scope.numbers and draw(_SELDOM):
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
    return {"name": name, "values": values, "within": draw(st.sampled_from(("2 years", "5 years", *scope.lengths)))}


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
_FAMILIES = st.sampled_from((tuple(v.SETS), tuple(v.SETS), ATTRIBUTES, MEASURES, TESTS, tuple(SCORES), LEAVES))


@cache
@st.composite
def criteria(draw: st.DrawFn, scope: Scope, depth: int = 2) -> Said:
    """One to three words, all of which must hold; some of them hold words themselves."""
    said: Said = {}
    for _ in range(draw(st.sampled_from((1, 1, 1, 1, 2)))):
        if depth and draw(_SOMETIMES):
            word = draw(st.sampled_from(LOGIC if scope.definitions else LOGIC[:-1]))
            said[word] = draw(_within_words(scope, word, depth - 1))
        else:
            word = draw(st.sampled_from(draw(_FAMILIES)))
            said[word] = draw(leaf(scope, word))
    return said


@cache
@st.composite
def _within_words(draw: st.DrawFn, scope: Scope, word: str, depth: int) -> object:
    if word == "not":
        return draw(criteria(scope, depth))
    if word == "is":
        return draw(some(scope.definitions))
    parts = draw(
        st.lists(
            criteria(scope, depth),
            min_size=1 if word != "at_least" else 2,
            max_size=2 if word != "at_least" else 3,
            unique_by=repr,
        )
    )
    if word == "at_least":
        return {"count": draw(st.integers(1, len(parts))), "of": parts}
    return parts
