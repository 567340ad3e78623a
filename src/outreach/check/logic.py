"""What a criterion with parts says, from what its leaves said; the tables of truth stand in ``assess.answer``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from outreach.check.answered import Said
from outreach.rulebook.criterion import All, AnyOf, AtLeast, Criterion, Defined, Not


class Truth(Enum):
    TRUE, FALSE, UNKNOWN, OUTSIDE = range(4)


_NOT = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}


def truth(criterion: Criterion, said: Iterator[Said]) -> Truth:
    """``said``: of the criterion's leaves, in their order; each is taken once."""
    match criterion:
        case Defined():
            return truth(criterion.of, said)
        case Not():
            inner = truth(criterion.of, said)
            return _NOT.get(inner, inner)
        case All():
            return _first(truths(criterion.of, said), (Truth.FALSE, Truth.OUTSIDE, Truth.UNKNOWN), Truth.TRUE)
        case AnyOf():
            return _first(truths(criterion.of, said), (Truth.TRUE, Truth.UNKNOWN, Truth.OUTSIDE), Truth.FALSE)
        case AtLeast():
            return _at_least(criterion.count, truths(criterion.of, said))
    return _of_leaf(next(said))


def truths(parts: Sequence[Criterion], said: Iterator[Said]) -> list[Truth]:
    return [truth(part, said) for part in parts]


def _of_leaf(said: Said) -> Truth:
    if not said.applies:
        return Truth.OUTSIDE
    return Truth.UNKNOWN if said.truth is None else Truth.TRUE if said.truth else Truth.FALSE


def _first(found: Sequence[Truth], order: Sequence[Truth], otherwise: Truth) -> Truth:
    return next((one for one in order if one in found), otherwise)


def _at_least(count: int, found: Sequence[Truth]) -> Truth:
    sure, unknown = found.count(Truth.TRUE), found.count(Truth.UNKNOWN)
    if sure >= count:
        return Truth.TRUE
    if len(found) - found.count(Truth.FALSE) < count:
        return Truth.FALSE
    return Truth.UNKNOWN if sure + unknown >= count else Truth.OUTSIDE
