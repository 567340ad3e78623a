"""aMAP and GALAD: published values, and the units that would turn a healthy man positive."""

from __future__ import annotations

import math

import pytest

from outreach.assess.scores import UNBOUNDED
from unit.test_scores_support import Lab, Who, aged, scored

HBV = ("chronic-hepatitis-b",)


def amap(age: int, sex: str, platelets: float, bilirubin: float, albumin: float) -> Who:
    liver = [Lab("bilirubin", bilirubin, "umol/L", code=2), Lab("albumin", albumin, "g/L")]
    return Who(aged(age), sex, HBV, [Lab("platelets", platelets, "10*9/L"), *liver])


def galad(age: int, sex: str, afp: float, fraction: float, dcp: Lab | None) -> Who:
    labs = [Lab("afp", afp, "ng/mL"), Lab("afp-l3", fraction, "%"), *([dcp] if dcp else [])]
    return Who(aged(age), sex, HBV, labs)


def test_amap_published_values():
    """The printed formula; a calculator of one of the authors' centres gives 56, 44 and 68 instead."""
    people = [amap(50, "male", 200, 15, 42), amap(30, "male", 250, 10, 45), amap(65, "male", 150, 25, 38)]
    assert [each.exact for each in scored("amap", people)] == [53.82, 41.10, 64.88]


def test_amap_is_not_rounded_before_it_is_banded():
    """59.84 stays below 60."""
    age = next(age for age in range(40, 80) if 59.5 <= _amap(age) < 60)
    (found,) = scored("amap", [amap(age, "male", 150, 20, 40)])
    assert found.exact == pytest.approx(_amap(age), abs=0.005)
    assert found.exact < 60


def _amap(age: int) -> float:
    albi = 0.66 * math.log10(20) - 0.085 * 40
    return (0.06 * age + 0.89 + 0.48 * albi - 0.01 * 150 + 7.4) / 14.77 * 100


def test_amap_bounds():
    """Without sex 6.03 points are open; without platelets there is no lower end, without albumin none either."""
    whole = amap(50, "", 200, 15, 42)
    no_sex, no_platelets, no_albumin = scored(
        "amap", [whole, Who(aged(50), "male", HBV, whole.labs[1:]), Who(aged(50), "male", HBV, whole.labs[:2])]
    )
    assert (no_sex.low, no_sex.high, no_sex.missing) == (47.79, 53.82, {"sex"})
    assert (no_platelets.low, no_platelets.high) == (-UNBOUNDED, 67.36)
    assert (no_albumin.low, no_albumin.high) == (-UNBOUNDED, 65.42)


def test_amap_holds_for_adults_with_a_chronic_hepatitis():
    ill = ("chronic-hepatitis-b", "chronic-hepatitis-c", "steatohepatitis", "autoimmune-liver-disease")
    people = [Who(has=(name,)) for name in ill] + [Who(has=("cirrhosis",)), Who(), Who(aged(17), has=HBV)]
    assert [each.holds for each in scored("amap", people)] == [True] * 4 + [False] * 3


def test_galad_computed_values():
    people = [
        galad(65, "male", 20, 10, Lab("dcp", 7.5, "ng/mL")),
        galad(50, "female", 3, 0.5, Lab("dcp", 0.3, "ng/mL")),
        galad(60, "male", 5, 0.5, Lab("dcp", 0.4, "ng/mL")),
    ]
    assert [each.exact for each in scored("galad", people)] == [2.048, -5.139, -1.884]


def test_galad_never_takes_an_assays_own_units_for_a_mass():
    """The same healthy man: 0.4 ng/mL, printed as 20 mAU/mL. As ng/mL he would be at +0.38, over the cut-off."""
    sent = [Lab("dcp", 20, unit) for unit in ("mAU/mL", "m[arb'U]/mL", "AU/L", "U/L", "mU/mL", "", "1")]
    for found in scored("galad", [galad(60, "male", 5, 0.5, dcp) for dcp in sent]):
        assert (found.low, found.high, found.missing) == (-UNBOUNDED, UNBOUNDED, {"dcp"})


def test_galad_never_takes_international_units_of_afp_for_a_mass():
    who = galad(60, "male", 5, 0.5, Lab("dcp", 0.4, "ng/mL"))
    units = Who(who.born, who.sex, HBV, [Lab("afp", 5, "[IU]/mL"), *who.labs[1:]])
    (found,) = scored("galad", [units])
    assert found.missing == {"afp"}


def test_galad_units_of_mass():
    """0.4 ng/mL is 0.4 ug/L and 400 ng/L; an amount that is not exact is a bound."""
    same = [Lab("dcp", 0.4, "ug/L"), Lab("dcp", 400, "ng/L")]
    assert {each.exact for each in scored("galad", [galad(60, "male", 5, 0.5, dcp) for dcp in same])} == {-1.884}
    (less,) = scored("galad", [galad(60, "male", 5, 0.5, Lab("dcp", 0.4, "ng/mL", comparator="<"))])
    assert (less.low, less.high, less.missing) == (-UNBOUNDED, -1.884, {"dcp"})


def test_a_share_lies_from_0_to_100():
    missing, wrong = scored(
        "galad",
        [
            Who(aged(60), "male", HBV, [Lab("afp", 5, "ng/mL"), Lab("dcp", 0.4, "ng/mL")]),
            galad(60, "male", 5, 250, Lab("dcp", 0.4, "ng/mL")),
        ],
    )
    assert (missing.low, missing.high) == (wrong.low, wrong.high) == (-1.904, 2.096)
    assert missing.missing == wrong.missing == {"afp-l3"}


def test_galad_holds_for_adults_with_a_chronic_liver_disease():
    ill = ("chronic-hepatitis-c", "cirrhosis", "other-liver-disease")
    people = [Who(has=(name,)) for name in ill] + [Who(), Who(aged(17), has=HBV)]
    assert [each.holds for each in scored("galad", people)] == [True] * 3 + [False] * 2
