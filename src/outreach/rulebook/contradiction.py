"""Whether anybody at all can fit a criterion. Only what is certain is told: silence does not say that somebody can."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from outreach.rulebook.criterion import (
    Age,
    All,
    AnyOf,
    Criterion,
    Defined,
    Lab,
    Language,
    Not,
    ScanResult,
    ScoreIs,
    Sex,
    SexAtBirth,
)

P = TypeVar("P", bound=Criterion)


def never(asked: Iterable[Criterion]) -> str:
    """Why nobody can fit all of these at once; "" where that cannot be told."""
    return _never(tuple(_flat(asked)), ())


def _flat(parts: Iterable[Criterion]) -> Iterator[Criterion]:
    """What must all be true, definitions and ``all`` opened."""
    for part in parts:
        if isinstance(part, All):
            yield from _flat(part.of)
        elif isinstance(part, Defined):
            yield from _flat((part.of,))
        else:
            yield part


def _never(parts: Sequence[Criterion], outer: tuple[Criterion, ...]) -> str:
    known = (*outer, *(part for part in parts if not isinstance(part, AnyOf)))
    why = _clash(known)
    if why:
        return why
    for choice in (part for part in parts if isinstance(part, AnyOf)):
        reasons = [_never(tuple(_flat((branch,))), known) for branch in choice.of]
        if all(reasons):
            return reasons[0]
    return ""


def _clash(parts: Sequence[Criterion]) -> str:
    denied = {part.of for part in parts if isinstance(part, Not)}
    if denied & set(parts):
        return "it asks for something and for its opposite"
    checks = dict.fromkeys(_CLASHES[type(part)] for part in parts if type(part) in _CLASHES)
    return next((why for check in checks if (why := check(parts))), "")


def _sexes(parts: Sequence[Criterion]) -> str:
    words = {part.value for part in parts if isinstance(part, Sex | SexAtBirth)}
    return "nobody is recorded as both female and male" if len(words) > 1 else ""


def _ages(parts: Sequence[Criterion]) -> str:
    ages = [part for part in parts if isinstance(part, Age)]
    for same in _grouped(ages, lambda age: age.at_start_of):
        low = max((age.low for age in same if age.low is not None), default=None)
        high = min((age.high for age in same if age.high is not None), default=None)
        if low is not None and high is not None and low > high:
            return f"nobody is both {low} or older and {high} or younger"
    return ""


def _values(parts: Sequence[Criterion]) -> str:
    """Of one and the same latest value (or score), two ranges that do not meet."""
    values = [part for part in parts if isinstance(part, ScoreIs) or (isinstance(part, Lab) and part.which == "latest")]
    for same in _grouped(values, _which_value):
        low = max((part.low for part in same if part.low is not None), default=None)
        below = min((part.below for part in same if part.below is not None), default=None)
        if low is not None and below is not None and low >= below:
            return f"no value is {low:g} or more and below {below:g}"
    return ""


def _grouped(parts: Iterable[P], by: Callable[[P], Hashable]) -> Iterable[list[P]]:
    """The parts that speak of the same thing, together."""
    found: dict[Hashable, list[P]] = {}
    for part in parts:
        found.setdefault(by(part), []).append(part)
    return found.values()


def _which_value(part: ScoreIs | Lab) -> Hashable:
    if isinstance(part, ScoreIs):
        return part.score, part.within, part.limit
    return part.codes, part.within


def _results(parts: Sequence[Criterion]) -> str:
    asked = [part for part in parts if isinstance(part, ScanResult) and part.results]
    for same in _grouped(asked, lambda part: part.tests):
        if not set.intersection(*(set(part.results) for part in same)):
            return "the latest test does not have two results"
    return ""


def _languages(parts: Sequence[Criterion]) -> str:
    asked = [set(part.languages) for part in parts if isinstance(part, Language)]
    return "nobody prefers two languages" if asked and not set.intersection(*asked) else ""


_CLASHES: dict[type[Criterion], Callable[[Sequence[Criterion]], str]] = {
    Sex: _sexes,
    SexAtBirth: _sexes,
    Age: _ages,
    Lab: _values,
    ScoreIs: _values,
    ScanResult: _results,
    Language: _languages,
}
