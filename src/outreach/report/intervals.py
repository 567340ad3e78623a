"""95 % intervals for shares, their differences and their ratios, a column at a time.

Counts come as float columns in which NaN is "not shown"; NaN in, NaN out. Shares run from 0 to 1.

Sources: Wilson, doi:10.1080/01621459.1927.10502953. Newcombe, Stat Med 1998;17:873-890, method 10.
Katz et al., Biometrics 1978;34:469-474.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Z = 1.959963984540054  #: the standard normal deviate of a two-sided 95 %


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % limits; NaN where there is nothing to estimate."""

    value: Column
    low: Column
    high: Column


def wilson(count: Column, of: Column) -> Estimate:
    """The share ``count / of`` with Wilson's score interval; NaN when ``of`` is 0."""
    n = np.where(of > 0, of, np.nan)
    share = count / n
    middle = share + Z**2 / (2 * n)
    half = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return Estimate(share, np.maximum((middle - half) / scale, 0), np.minimum((middle + half) / scale, 1))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """The first share minus the second, for two groups that share nobody (Newcombe's hybrid score)."""
    value = one.value - other.value
    down = np.hypot(one.value - one.low, other.high - other.value)
    up = np.hypot(one.high - one.value, other.value - other.low)
    return Estimate(value, value - down, value + up)


def ratio(count: Column, of: Column, other_count: Column, other_of: Column) -> Estimate:
    """The first share over the second, for two groups that share nobody (log method).

    NaN when either count is 0: the logarithm has no variance to offer there.
    """
    a, b = np.where(count > 0, count, np.nan), np.where(other_count > 0, other_count, np.nan)
    n, m = np.where(of > 0, of, np.nan), np.where(other_of > 0, other_of, np.nan)
    value = (a / n) / (b / m)
    width = Z * np.sqrt(np.maximum(1 / a - 1 / n + 1 / b - 1 / m, 0))
    return Estimate(value, value * np.exp(-width), value * np.exp(width))
