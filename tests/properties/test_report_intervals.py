"""Laws of the intervals, whatever the counts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outreach.report.intervals import difference, ratio, wilson

shares = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def estimate(share: tuple[int, int]):
    return wilson(np.array([share[0]], dtype=float), np.array([share[1]], dtype=float))


@given(shares)
def test_a_share_lies_within_its_interval_and_the_interval_within_0_and_1(share):
    found = estimate(share)
    assert 0 <= found.low[0] <= found.value[0] + 1e-12
    assert found.value[0] - 1e-12 <= found.high[0] <= 1


@given(shares)
def test_those_who_are_not_have_the_mirrored_interval(share):
    found, mirrored = estimate(share), estimate((share[1] - share[0], share[1]))
    assert np.allclose([found.low[0], found.high[0]], [1 - mirrored.high[0], 1 - mirrored.low[0]])


@given(shares, shares)
def test_a_difference_turned_round_is_the_same_with_the_other_sign(one, other):
    there, back = difference(estimate(one), estimate(other)), difference(estimate(other), estimate(one))
    assert np.allclose([there.value, there.low, there.high], [-back.value, -back.high, -back.low])
    assert -1 - 1e-12 <= there.low[0] <= there.high[0] <= 1 + 1e-12


@given(shares, shares)
def test_a_ratio_turned_round_is_its_inverse(one, other):
    def columns(share):
        return np.array([share[0]], dtype=float), np.array([share[1]], dtype=float)

    there, back = ratio(*columns(one), *columns(other)), ratio(*columns(other), *columns(one))
    if one[0] == 0 or other[0] == 0:
        assert np.isnan(there.value[0])
    else:
        assert np.allclose([there.low, there.high], [1 / back.high, 1 / back.low])
