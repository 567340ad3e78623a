"""Four truths, and how they combine: true, false, unknown, not applicable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Truth = Literal["T", "F", "U", "N"]


def negate(truth: Truth) -> Truth:
    """What is unknown or does not apply stays so."""
    turned: dict[Truth, Truth] = {"T": "F", "F": "T", "U": "U", "N": "N"}
    return turned[truth]


def all_of(truths: Sequence[Truth]) -> Truth:
    """False before not applicable before unknown."""
    return _first_of("FNU", truths, "T")


def any_of(truths: Sequence[Truth]) -> Truth:
    """True before unknown before not applicable."""
    return _first_of("TUN", truths, "F")


def at_least(count: int, truths: Sequence[Truth]) -> Truth:
    """True when so many are, false when so many cannot be, unknown while the open ones could decide."""
    true, unknown, silent = truths.count("T"), truths.count("U"), truths.count("N")
    if true >= count:
        return "T"
    if true + unknown + silent < count:
        return "F"
    return "U" if true + unknown >= count else "N"


def _first_of(order: str, truths: Sequence[Truth], otherwise: Truth) -> Truth:
    return next((truth for wanted in order for truth in truths if truth == wanted), otherwise)


def certain(holds: bool) -> Truth:
    return "T" if holds else "F"
