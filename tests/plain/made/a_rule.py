"""A made-up rule as YAML text: every section, every way of counting a test, every kind of row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from plain.made import vocabulary as v
from plain.made.a_criterion import criteria
from plain.made.a_word import ages
from plain.made.edges import AGES, LENGTHS, PERIODS
from plain.made.scope import Said, Scope, some
from plain.made.what_counts import kinds_of_test, results_of, rows, used
from plain.made.writing import written

_OFTEN, _SOMETIMES = st.sampled_from((True, True, False)), st.sampled_from((True, False, False))
#: Lines that most people fit, so that the later sections are reached.
_BROAD: tuple[Said, ...] = (
    {"age": {"from": 0}},
    {"not": {"close-relative": "ill-c"}},
    {"diagnosis": ["ill-a", "ill-b", "ill-c"]},
    {"not": {"appointment": "service-b"}},
)
_DEFINITIONS, _LENGTH_NAMES, _NUMBER_NAMES = ("meaning-a", "meaning-b"), ("how-long",), ("how-old",)
#: What a score reads that a rule must explain.
_SCORES_READ = {"cu-hcc": ("age",), "fib-4": ("age",)} | dict.fromkeys(
    ("page-b", "mpage-b", "amap", "thri", "reach-b", "meld-3", "galad"), ("age", "sex")
)
_READS = {"sex": "sex", "sex-at-birth": "sex-at-birth", "age": "age", "born-in": "birthplace"} | {
    word: word for word in ("race", "ethnicity", "language")
}


@st.composite
def rules(draw: st.DrawFn, name: str = "made-up") -> str:
    """The text of a rule that the rulebook accepts."""
    counts = draw(kinds_of_test())
    scope = Scope(results_of(counts), tuple(counts), lengths=_LENGTH_NAMES, numbers=_NUMBER_NAMES)
    meanings = {_DEFINITIONS[0]: draw(criteria(scope, 1))}
    scope = Scope(scope.results, scope.kinds, _DEFINITIONS[:1], _LENGTH_NAMES, _NUMBER_NAMES)
    meanings[_DEFINITIONS[1]] = draw(criteria(scope, 1))
    scope = Scope(scope.results, scope.kinds, _DEFINITIONS, _LENGTH_NAMES, _NUMBER_NAMES)
    body: Said = {"age": draw(ages(scope))} if draw(_SOMETIMES) else {}
    body |= draw(_sections(scope))
    body |= {"counts_as_done": counts}
    body |= {"never_counts": draw(some(v.NEVER))} if draw(_SOMETIMES) else {}
    due_from = draw(st.sampled_from(("", "latest-test", "longest-lasting-test")))
    body |= {"due_from": due_from} if due_from else {}
    groups = tuple(line for line in _dict(body["at_risk"]) if line != "if_unknown")
    due = draw(rows(scope, counts, groups, due_from == "longest-lasting-test"))
    body |= {"next_due": due, "proven_by": "public-test-cases"}
    return written(_opened(name, body, meanings, draw(_parameters())))


@st.composite
def _sections(draw: st.DrawFn, scope: Scope) -> Said:
    made: Said = {"at_risk": draw(_at_risk(scope))}
    for section, directed in (("cannot_help", "continue-and-flag"), ("own_choice", "hold"), ("not_now", "hold")):
        if draw(_SOMETIMES) or (section == "not_now" and draw(_SOMETIMES)):
            count = draw(st.sampled_from((1, 1, 1, 2)))
            lines = {f"{section.replace('_', '-')}-{n}": draw(_line(scope, section)) for n in range(count)}
            made[section] = {**lines, "if_unknown": directed}
    return made


@st.composite
def _at_risk(draw: st.DrawFn, scope: Scope) -> Said:
    lines: Said = {f"group-{n}": draw(criteria(scope)) for n in range(draw(st.sampled_from((1, 1, 1, 2))))}
    if draw(_OFTEN):
        lines["broad"] = dict(draw(st.sampled_from(_BROAD)))
    grades = st.sampled_from(({}, {}, {}, {"grade": "A"}, {"grade": "B"}, {"grade": "C"}, {"grade": "I"}))
    whys = st.sampled_from(({}, {}, {"why": "for a test"}))
    graded = {name: {**_dict(said), "source": "made-up", **draw(whys), **draw(grades)} for name, said in lines.items()}
    return {**graded, "if_unknown": "ask-list"}


@st.composite
def _line(draw: st.DrawFn, scope: Scope, section: str) -> Said:
    line = draw(criteria(scope)) | draw(st.sampled_from(({}, {"source": "made-up", "why": "for a test"})))
    if section != "not_now":
        return line
    if draw(st.booleans()):
        line["until"] = draw(some((*scope.results, *scope.kinds)))
    if draw(_OFTEN):
        line["list"] = {"name": "a-list", "owner": "a nurse", "late_after": "14 days"}
    return line


@st.composite
def _parameters(draw: st.DrawFn) -> Said:
    """A length and a number that change on a day long past, on one just past or on one to come."""
    days = draw(
        st.lists(st.sampled_from(("2018-01-01", "2024-02-29", "2026-03-01", "2030-01-01")), min_size=1, unique=True)
    )
    long = {day: {"is": draw(st.sampled_from(LENGTHS)), "source": "made-up"} for day in days}
    old = {day: {"is": draw(st.sampled_from(AGES)), "source": "made-up"} for day in days}
    return {_LENGTH_NAMES[0]: long, _NUMBER_NAMES[0]: old}


def _opened(name: str, body: Said, meanings: Mapping[str, object], parameters: Said) -> Said:
    """The whole rule in its order, with only those names declared that are used."""
    meanings = {key: said for key, said in meanings.items() if key in used((body, meanings))}
    if _DEFINITIONS[0] in meanings and _DEFINITIONS[1] not in meanings and _DEFINITIONS[0] not in used(body):
        meanings = {}
    words = set(used((body, meanings)))
    periods = [period for period in PERIODS if period in words]
    periods = [p for p in PERIODS if p in periods or (p == "year" and {"wide", "prior"} & set(periods))]
    opening: Said = {
        "rule": name, "title": "A made-up rule", "status": "draft", "owner": "nobody", "approved_by": "nobody-yet",
        "review_by": "2099-01-01", "sources": {"made-up": "invented for tests"},
    }  # fmt: skip
    own = [{"system": v.SYSTEM, "code": "ill-b-1", "display": "ill-b-1"}]
    opening |= {"codes": {"own-ill": own}} if "own-ill" in words else {}
    opening |= _unless_empty("parameters", {key: said for key, said in parameters.items() if key in words})
    opening |= _unless_empty("periods", {period: PERIODS[period] for period in periods})
    opening |= _unless_empty("definitions", meanings)
    opening |= {"tests": {"scan": "image-a"}}
    reads = {word: dict.fromkeys(("why", "owner"), "for a test") for word in sorted(_read((body, meanings)))}
    reads = {word: {**said, "source": "made-up", "review_by": "2099-01-01"} for word, said in reads.items()}
    return opening | _unless_empty("reads", reads) | body


def _unless_empty(key: str, said: Mapping[str, object]) -> Said:
    return {key: said} if said else {}


def _read(node: object) -> Iterator[str]:
    """The protected attributes that something reads."""
    if isinstance(node, list | tuple):
        for inner in node:
            yield from _read(inner)
    if isinstance(node, dict):
        for word, said in node.items():
            yield from (_READS[word],) if word in _READS else ()
            yield from ("age",) if word == "at_age" else ()
            yield from ("sex",) if word == "sex-at-birth" and isinstance(said, dict) and said.get("or_sex") else ()
            yield from _SCORES_READ.get(word, ())
            yield from _read(said)


def _dict(said: object) -> Said:
    assert isinstance(said, dict)
    return said
