"""Boundaries of scores: exactly the bound, and the next value below; the oldest measurement used, and one older."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from outreach.assess.words import label
from outreach.check.bound import Bound
from outreach.check.bounds_of_values import CLOSE
from outreach.check.demand import Subject
from outreach.check.facts import among
from outreach.check.seen import Seen
from outreach.check.watched import Spot, score_spot
from outreach.domain.calendar import add
from outreach.rulebook.criterion import ScoreIs
from outreach.rulebook.scores import SCORES

DAY = timedelta(days=1)
#: Scores that are no whole numbers: the value below a bound lies within a twentieth of it.
#: The others go by points, of which the next below is at most one less.
_FRACTIONS = ("fib-4", "apri", "albi", "amap", "galad")
Keyed = tuple[tuple[str, ...], Bound]


def score_bounds(subject: Subject, spot: Spot, leaf: ScoreIs) -> Iterator[Keyed]:
    name = f"{spot.section}: {spot.line}: {label(leaf, subject.rule)}"
    for key, side, edge in (("from", True, leaf.low), ("below", False, leaf.below)):
        if edge is not None:
            word, other = ("", "not ") if side else ("not ", "")
            yield (
                (key,),
                Bound(
                    f"{name} ({key})",
                    f"a person with {leaf.score} of exactly {edge:g}, of whom it is {word}true",
                    partial(_value_at, spot, key, side),
                    f"a person with {leaf.score} from {edge - _step(leaf, edge):g} to below {edge:g}, "
                    f"of whom it is {other}true",
                    partial(_value_under, spot, key, not side),
                ),
            )
    day = add(subject.today, leaf.within, -1)
    yield (
        ("within",),
        Bound(
            f"{name} (how old its measurements may be)",
            f"a person whose measurements are of {day}, asked on {subject.today}, and the score is known",
            partial(_measured, spot, 0, True),
            f"the same with one of {day - DAY}, where the score is no longer known and leaves it open",
            partial(_measured, spot, 1, False),
        ),
    )


def _step(leaf: ScoreIs, edge: float) -> float:
    return abs(edge) * CLOSE if leaf.score in _FRACTIONS else max(1.0, abs(edge) * CLOSE)


def _number(seen: Seen, spot: Spot) -> float | None:
    """The score, where it is one number and applies: its evidence reads “page-b 10”."""
    said = seen.said[score_spot(seen.answer.rule, spot)]
    words = said.value.split()
    return float(words[1]) if len(words) == 2 and said.applies else None


def _bound(seen: Seen, spot: Spot, key: str) -> float:
    leaf = seen.leaf(spot, ScoreIs)
    found = leaf.low if key == "from" else leaf.below
    return float("nan") if found is None else found


def _value_at(spot: Spot, key: str, true: bool, seen: Seen) -> bool:
    return _number(seen, spot) == _bound(seen, spot, key) and seen.true(spot) is true


def _value_under(spot: Spot, key: str, true: bool, seen: Seen) -> bool:
    edge, value = _bound(seen, spot, key), _number(seen, spot)
    return (
        value is not None and edge - _step(seen.leaf(spot, ScoreIs), edge) <= value < edge and seen.true(spot) is true
    )


def _measured(spot: Spot, early: int, known: bool, seen: Seen) -> bool:
    """Whether a measurement that the score reads lies on the edge, or a day before it, and the score is so known."""
    leaf = seen.leaf(spot, ScoreIs)
    edge = add(seen.today, leaf.within, -1) - early * DAY
    labs = [fact for fact in seen.facts if fact.given.kind == "lab"]
    there = any(fact.first == edge and among(seen.rule, SCORES[leaf.score].inputs, fact.code) for fact in labs)
    if known:
        return there and _number(seen, spot) is not None and seen.said[spot].truth is not None
    return there and _number(seen, spot) is None and seen.said[spot].truth is None
