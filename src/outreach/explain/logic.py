"""What a line would say if one answer were another: four truths over the answers a row holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from outreach.explain.lines import Answer
from outreach.rulebook.criterion import All, AnyOf, AtLeast, Criterion, Defined, Leaf, Not

Truth = Literal["yes", "no", "unknown", "outside"]


def truth(answer: Answer) -> Truth:
    if not answer.applies:
        return "outside"
    found = answer.finding.truth
    return "unknown" if found is None else "yes" if found else "no"


def answered(answers: Iterable[Answer]) -> dict[Leaf, Truth]:
    """The answers by criterion."""
    return {answer.leaf: truth(answer) for answer in answers if answer.leaf is not None}


def judge(criterion: Criterion, told: Mapping[Leaf, Truth]) -> Truth:
    """A criterion over answers: false before outside before unknown for all, true before unknown for any."""
    if isinstance(criterion, Not):
        opposite: dict[Truth, Truth] = {"yes": "no", "no": "yes"}
        inner = judge(criterion.of, told)
        return opposite.get(inner, inner)
    if isinstance(criterion, Defined):
        return judge(criterion.of, told)
    if isinstance(criterion, All | AnyOf | AtLeast):
        return _together(criterion, [judge(part, told) for part in criterion.of])
    return told.get(criterion, "unknown")


def _together(criterion: All | AnyOf | AtLeast, parts: list[Truth]) -> Truth:
    if isinstance(criterion, All):
        return _first(parts, ("no", "outside", "unknown"), "yes")
    if isinstance(criterion, AnyOf):
        return _first(parts, ("yes", "unknown", "outside"), "no")
    sure, open_ = parts.count("yes"), parts.count("unknown")
    if sure >= criterion.count:
        return "yes"
    if sure + open_ + parts.count("outside") < criterion.count:
        return "no"
    return "unknown" if sure + open_ >= criterion.count else "outside"


def _first(parts: list[Truth], order: tuple[Truth, ...], otherwise: Truth) -> Truth:
    return next((truth for truth in order if truth in parts), otherwise)


def alone(criterion: Criterion, answers: Iterable[Answer], want: Truth) -> list[Answer]:
    """The answers of which each, turned round and nothing else changed, would make the criterion ``want``."""
    known = list({answer.leaf: answer for answer in answers if answer.leaf is not None}.values())
    told = answered(known)
    return [a for a in known if a.leaf is not None and judge(criterion, told | {a.leaf: _turned(a)}) == want]


def _turned(answer: Answer) -> Truth:
    return "no" if answer.finding.truth else "yes"
