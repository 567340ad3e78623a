"""Intervals, against published numbers and another author's code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import relative_risk

from outreach.errors import Refused
from outreach.report.counts import TROUBLES
from outreach.report.coverage import coverage
from outreach.report.intervals import difference, ratio, wilson
from outreach.report.strata import LACKS


def column(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
)
def test_wilson_as_published(count, of, low, high):
    found = wilson(column(count), column(of))
    assert (found.low[0], found.high[0]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("one", "other", "points"),
    [
        ((140, 600), (44, 600), (16.0, 12.0, 20.0)),
        ((107, 600), (44, 600), (10.5, 6.8, 14.2)),
        ((140, 600), (107, 600), (5.5, 0.9, 10.1)),
        ((56, 70), (48, 80), (20.0, 5.24, 33.39)),
        ((9, 10), (3, 10), (60.0, 17.05, 80.90)),
        ((5, 56), (0, 29), (8.93, -3.81, 19.26)),
        ((10, 10), (0, 10), (100.0, 60.75, 100.0)),
    ],
)
def test_newcombe_as_published(one, other, points):
    """An outreach trial (pubmed 30070379), and rows of Newcombe's own table for method 10."""
    found = difference(*(wilson(column(count), column(of)) for count, of in (one, other)))
    exact = 0.06 if one[1] == 600 else 0.006
    assert (100 * found.value[0], 100 * found.low[0], 100 * found.high[0]) == pytest.approx(points, abs=exact)


def test_the_ratio_agrees_with_scipy():
    found = ratio(column(27), column(122), column(44), column(487))
    known = relative_risk(27, 122, 44, 487)
    limits = known.confidence_interval(0.95)
    assert found.value[0] == pytest.approx(known.relative_risk)
    assert (found.low[0], found.high[0]) == (pytest.approx(limits.low), pytest.approx(limits.high))


def test_what_cannot_be_estimated_is_nan_and_never_a_number():
    assert np.isnan(wilson(column(0), column(0)).value[0])
    assert np.isnan(wilson(column(np.nan), column(10)).low[0])
    assert np.isnan(ratio(column(0), column(10), column(5), column(10)).value[0])


def counts(**strata: tuple[int, int]) -> pd.DataFrame:
    """Counts of one stratifier: name=(at risk, up to date)."""
    rows = [(None, *map(sum, zip(*strata.values(), strict=True))), *((name, *both) for name, both in strata.items())]
    frame = pd.DataFrame(rows, columns=["race", "at_risk", "up_to_date"])
    others = ["ethnicity", "language", "sex", "age_band", "portal_access"]
    lacks = [*LACKS, *TROUBLES]
    return frame.assign(programme="one", due=0, not_now=0, unknown=0, **dict.fromkeys(others + lacks, None))


def test_a_difference_to_the_overall_rate_allows_for_the_group_being_in_it():
    """By simulation: the interval holds the true difference 95 times in 100, though the two overlap."""
    rng = np.random.default_rng(11)
    a, b = rng.binomial(120, 0.5, 1000), rng.binomial(60, 0.3, 1000)
    nights = pd.concat([counts(a=(120, 0), b=(60, 0))] * 1000, ignore_index=True)
    nights["programme"] = np.repeat(np.arange(1000).astype(str), 3)
    nights["up_to_date"] = np.column_stack((a + b, a, b)).ravel()
    rows = coverage(nights).set_index("stratum").loc["a"]
    assert np.allclose(rows["difference"], rows["share"] - rows["reference_share"])
    assert np.allclose(rows["ratio"], rows["share"] / rows["reference_share"])
    overall = (120 * 0.5 + 60 * 0.3) / 180
    assert (
        0.935 <= rows["difference_low"].le(0.5 - overall).mul(rows["difference_high"].ge(0.5 - overall)).mean() <= 0.965
    )
    assert 0.935 <= rows["ratio_low"].le(0.5 / overall).mul(rows["ratio_high"].ge(0.5 / overall)).mean() <= 0.97


def test_a_named_reference_is_another_group_and_says_its_name():
    rows = coverage(counts(a=(600, 140), b=(600, 44)), {"race": "b"}).set_index("stratum")
    limits = rows.loc["a", ["difference", "difference_low", "difference_high"]].astype(float)
    assert list(100 * limits) == pytest.approx([16.0, 12.0, 20.0], abs=0.06)
    assert rows.loc["a", "reference"] == "b"
    assert np.isnan(rows.loc["b", "difference"])


def test_fewer_than_thirty_people_are_unstable():
    rows = coverage(counts(a=(29, 12), b=(30, 12))).set_index("stratum")
    assert rows["unstable"].to_dict() == {"Everyone": False, "a": True, "b": False}


def test_a_reference_for_a_stratifier_that_does_not_exist_is_refused():
    with pytest.raises(Refused, match="Race"):
        coverage(counts(a=(29, 12)), {"Race": "a"})
