"""Where chance comes from: streams named by seed and key, so a person never depends on who else is made."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def stream(*key: object) -> random.Random:
    """A stream for one thing (a person, a region), the same in every process and on every machine."""
    return random.Random(":".join(map(str, key)))  # noqa: S311  synthetic data, not secrets


def numbers(*key: object) -> np.random.Generator:
    """A stream for a whole block, to be drawn from as arrays."""
    digest = hashlib.sha256(":".join(map(str, key)).encode()).digest()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(int.from_bytes(digest[:16], "big"))))


def pick(weighted: Sequence[tuple[T, float]], at: float) -> T:
    """The entry that covers ``at`` (0 to 1) when the weights are laid end to end; the last one takes the rest."""
    total = 0.0
    for value, weight in weighted:
        total += weight
        if at < total:
            return value
    return weighted[-1][0]
