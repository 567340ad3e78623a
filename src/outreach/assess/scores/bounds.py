"""Arithmetic on bounds: the least and the greatest value a thing can have, given what is on record.

Everything is a double and never NULL, infinite or NaN, so that engines agree. An input without a limit ends at
``ENDLESS``; a score without one at ``UNBOUNDED``, which no score and no rule comes near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

Bounds = tuple[ir.FloatingValue, ir.FloatingValue]

ENDLESS = 1e12
UNBOUNDED = 1e6
#: Half of the last place is rounded up; engines whose logarithms differ in the last bit still agree on a tie.
_FUZZ = 1e-9


@dataclass(frozen=True)
class Step:
    """Points from an edge up: ``at`` it included, or only ``over`` it; neither for the lowest step."""

    points: float
    at: float | None = None
    over: float | None = None

    def reached(self, value: ir.FloatingValue) -> ir.BooleanValue:
        if self.over is not None:
            return value > self.over
        return ibis.literal(True) if self.at is None else value >= self.at


def points(value: Bounds, steps: Sequence[Step]) -> Bounds:
    """The least and the greatest points of the steps that the value may stand on; steps ascend by edge."""
    worth = [step.points for step in steps]
    low, high = (_standing(end, steps) for end in value)
    if worth == sorted(worth):
        return low, high
    return (high, low) if worth == sorted(worth, reverse=True) else _anywhere(value, steps)


def _standing(value: ir.FloatingValue, steps: Sequence[Step]) -> ir.FloatingValue:
    branches = [(step.reached(value), step.points) for step in reversed(steps[1:])]
    return ibis.cases(*branches, else_=steps[0].points).cast("float64")


def _anywhere(value: Bounds, steps: Sequence[Step]) -> Bounds:
    """Of all steps between both ends, for points that go up and down."""
    low, high = value
    beyond = [step.reached(low) for step in steps[1:]] + [ibis.literal(False)]
    on = [step.reached(high) & ~after for step, after in zip(steps, beyond, strict=True)]
    least = [ibis.ifelse(here, step.points, ENDLESS) for here, step in zip(on, steps, strict=True)]
    most = [ibis.ifelse(here, step.points, -ENDLESS) for here, step in zip(on, steps, strict=True)]
    return ibis.least(*least), ibis.greatest(*most)


def total(parts: Sequence[Bounds]) -> Bounds:
    """Parts that do not depend on each other, added up."""
    low, high = parts[0]
    for least, most in parts[1:]:
        low, high = low + least, high + most
    return low, high


def times(factor: float, value: Bounds) -> Bounds:
    """A multiple; a negative factor turns the bounds round."""
    low, high = value[0] * factor, value[1] * factor
    return (low, high) if factor >= 0 else (high, low)


def log10(value: Bounds) -> Bounds:
    """Decimal logarithm of something that is not negative; unbounded below at zero."""
    low, high = (end.nullif(0.0).log10().fill_null(-ENDLESS) for end in value)
    return low, ibis.ifelse(value[1] >= ENDLESS, ENDLESS, high)


def ratio(above: Bounds, below: Bounds) -> Bounds:
    """A quotient of things that are not negative; unbounded where the divisor may be zero."""
    low = (above[0] / below[1].nullif(0.0)).fill_null(ENDLESS)
    return low, (above[1] / below[0].nullif(0.0)).fill_null(ENDLESS)


def clamped(value: Bounds, least: float, most: float) -> Bounds:
    low, high = (ibis.greatest(ibis.least(end, most), least) for end in value)
    return low, high


def rounded(value: Bounds, digits: int) -> Bounds:
    """Rounded to ``digits`` decimals, halves up, and held to ``UNBOUNDED``.

    Not the engine's own ROUND: engines differ in it.
    """
    size = 10.0**digits
    low, high = (
        (end * size + (0.5 + _FUZZ)).floor().cast("float64") / size for end in clamped(value, -UNBOUNDED, UNBOUNDED)
    )
    return low, high
