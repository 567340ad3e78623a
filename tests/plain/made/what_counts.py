"""The tests of a made-up rule: which records count, and when the next is due after them."""

from __future__ import annotations

from hypothesis import strategies as st

from plain.made import vocabulary as v
from plain.made.edges import AGES, LENGTHS
from plain.made.scope import Said, Scope, lengths, some

#: A kind of test, a result, and the risk group of the person.
Outcomes = frozenset[tuple[str, str, str]]
_OFTEN, _SOMETIMES = st.sampled_from((True, True, False)), st.sampled_from((True, False, False))


@st.composite
def kinds_of_test(draw: st.DrawFn) -> dict[str, Said]:
    chosen = draw(st.lists(st.sampled_from(("kind-a", "kind-b", "kind-c")), min_size=1, max_size=3, unique=True))
    return {name: draw(_kind()) for name in chosen}


@st.composite
def _kind(draw: st.DrawFn) -> Said:
    """One kind of test: its records, its results, and what else must be so."""
    sets = {"report": ("image-a", "image-b", "scope-a"), "procedure": ("scope-a", "image-a"), "finding": ("stool-a",)}
    chosen = draw(st.lists(st.sampled_from(tuple(sets)), min_size=1, max_size=2, unique=True))
    said: Said = {record: draw(some(sets[record])) for record in chosen}
    said |= {"result": draw(st.sampled_from(tuple(v.RESULTS)))} if draw(_OFTEN) else {}
    said |= draw(st.sampled_from(({}, {}, {"dated_by": "start"}, {"dated_by": "end"})))
    said |= {"has_value": True} if "finding" in said and draw(st.booleans()) else {}
    if draw(_SOMETIMES) and draw(st.booleans()):
        said["with"] = draw(some(("image-b", "sign-a", "scope-a")))
        said |= draw(
            st.sampled_from(({}, {"with_within": "8 weeks"}, {"with_within": "2 years"}, {"with_within": "0 days"}))
        )
    if draw(_SOMETIMES) and draw(st.booleans()):
        low, high = sorted((draw(st.sampled_from(AGES)), draw(st.sampled_from(AGES))))
        said["at_age"] = draw(st.sampled_from(({"from": low}, {"to": high}, {"from": low, "to": high})))
    return said


def results_of(counts: dict[str, Said]) -> tuple[str, ...]:
    """The results that these kinds can have; one at least, so that rows have something to ask."""
    sets = dict.fromkeys(str(said["result"]) for said in counts.values() if "result" in said)
    return tuple(code for name in sets for code in v.RESULTS[name])


@st.composite
def rows(
    draw: st.DrawFn, scope: Scope, counts: dict[str, Said], groups: tuple[str, ...], any_order: bool
) -> list[Said]:
    """Rows that some test reaches (in ``any_order`` no two for the same tests), and one at least for each kind."""
    found: list[Said] = []
    reached: list[Outcomes] = []
    for row in draw(st.lists(_row(scope, groups), max_size=3)):
        outcomes = _outcomes(row, counts, groups)
        if any_order:
            above = [_lasts(other) for other, seen in zip(found, reached, strict=True) if outcomes <= seen]
            below = [_lasts(other) for other, seen in zip(found, reached, strict=True) if outcomes >= seen]
            hidden = any(other >= _lasts(row) for other in above) or any(other < _lasts(row) for other in below)
        else:
            hidden = outcomes <= frozenset().union(*reached)
        if outcomes and not hidden:
            found.append(row)
            reached.append(outcomes)
    every = frozenset().union(*reached)
    for kind in sorted(counts):
        without = [group for group in groups if (kind, group) not in {(k, g) for k, _, g in every}]
        whom: Said = {} if len(without) == len(groups) else {"risk_group": without}
        found += [{"test": kind, **whom, **draw(_falls_due())}] if without else []
    none: Said = {
        draw(st.sampled_from(("scan", "test"))): "none",
        "due": "when-first-at-risk",
        "overdue": draw(lengths(scope)),
    }
    found.insert(draw(st.integers(0, len(found))), none)
    return [{**row, "source": "made-up"} for row in found]


def _lasts(row: Said) -> int:
    """How long a row's test lasts, as a place among the lengths."""
    return len(LENGTHS) if row["due"] == "never-again" else LENGTHS.index(str(row["due"]))


def _outcomes(row: Said, counts: dict[str, Said], groups: tuple[str, ...]) -> Outcomes:
    """The kinds, results and risk groups a row is for."""
    kinds, results = used(row.get("test", ())), used([row.get("scan", ()), row.get("result", ())])
    known = {kind: (*v.RESULTS.get(str(said.get("result")), ()), "uncoded") for kind, said in counts.items()}
    pairs = [(kind, result) for kind, found in known.items() for result in found]
    fits = [(k, r) for k, r in pairs if (not kinds or k in kinds) and (not results or r in results)]
    return frozenset((k, r, group) for k, r in fits for group in used(row.get("risk_group", ())) or groups)


@st.composite
def _row(draw: st.DrawFn, scope: Scope, groups: tuple[str, ...]) -> Said:
    said: Said = {"scan": draw(some(scope.results))} if draw(st.booleans()) and scope.results else {}
    if not said:
        said = {"test": draw(some(scope.kinds))}
        said |= {"result": draw(some(scope.results))} if draw(st.booleans()) and scope.results else {}
    said |= {"risk_group": draw(some(groups))} if draw(_SOMETIMES) else {}
    return said | draw(_falls_due())


@st.composite
def _falls_due(draw: st.DrawFn) -> Said:
    if draw(st.sampled_from((True,) + (False,) * 5)):
        return {"due": "never-again"}
    places = st.integers(0, len(LENGTHS) - 1)
    due, overdue = sorted((draw(places), draw(places)))
    return {"due": LENGTHS[due], "overdue": LENGTHS[overdue]}


def used(node: object) -> list[str]:
    """Every word that stands as a value anywhere."""
    if isinstance(node, dict):
        return [word for inner in node.values() for word in used(inner)]
    if isinstance(node, list | tuple):
        return [word for inner in node for word in used(inner)]
    return [node] if isinstance(node, str) else []
