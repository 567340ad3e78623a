"""PAGE-B, mPAGE-B, REACH-B and CU-HCC: published values, every edge, and whom they hold for."""

from __future__ import annotations

import pytest

from unit.test_scores_support import Coded, Lab, Who, aged, scored

HBV = ("chronic-hepatitis-b",)


def count(platelets: float) -> Lab:
    return Lab("platelets", platelets, "10*9/L")


def copies(amount: float) -> Lab:
    return Lab("hbv-dna", amount, "{copies}/mL", code=1)


def virus(alt: float, antigen: str, dna: Lab) -> list[Lab | Coded]:
    return [Lab("alt", alt, "U/L"), Coded("hbeag", antigen), dna]


def liver(albumin: float, bilirubin: float, dna: float) -> list[Lab]:
    return [Lab("albumin", albumin, "g/L"), Lab("bilirubin", bilirubin, "umol/L", code=2), copies(dna)]


def test_page_b_computed_values():
    people = [
        Who(aged(55), "male", HBV, [count(150)]),
        Who(aged(45), "male", HBV, [count(210)]),
        Who(aged(35), "female", HBV, [count(250)]),
    ]
    assert [each.exact for each in scored("page-b", people)] == [18, 10, 2]


def test_page_b_edges_of_platelets():
    people = [Who(aged(20), "female", HBV, [count(platelets)]) for platelets in (99, 100, 199, 200)]
    assert [each.exact for each in scored("page-b", people)] == [9, 6, 6, 0]


def test_page_b_edges_of_age():
    """The day before a birthday, and the birthday itself."""
    edges = {30: (0, 2), 40: (2, 4), 50: (4, 6), 60: (6, 8), 70: (8, 10)}
    people = [Who(f"{2026 - age}-03-{day:02}", "female", HBV, [count(250)]) for age in edges for day in (2, 1)]
    found = [each.exact for each in scored("page-b", people)]
    assert list(zip(found[::2], found[1::2], strict=True)) == list(edges.values())


def test_page_b_bounds_often_decide():
    """A man of 45 reaches 10 whatever his platelets; a year of birth on one step asks for nothing."""
    no_platelets, no_sex, year_only, nothing = scored(
        "page-b",
        [
            Who(aged(45), "male", HBV),
            Who(aged(45), "unknown", HBV, [count(150)]),
            Who("1983", "female", HBV, [count(250)]),
            Who("", "", HBV),
        ],
    )
    assert (no_platelets.low, no_platelets.high, no_platelets.missing) == (10, 19, {"platelets"})
    assert (no_sex.low, no_sex.high, no_sex.missing) == (10, 16, {"sex"})
    assert (year_only.exact, year_only.missing) == (4, set())
    assert (nothing.low, nothing.high, nothing.missing) == (0, 25, {"birth-date", "sex", "platelets"})


def test_mpage_b_computed_values():
    people = [
        Who(aged(age), sex, HBV, [count(platelets), Lab("albumin", albumin, "g/L")])
        for age, sex, platelets, albumin in ((55, "male", 150, 38), (35, "female", 250, 42), (62, "female", 90, 29))
    ]
    assert [each.exact for each in scored("mpage-b", people)] == [13, 3, 17]


def test_mpage_b_edges_of_albumin():
    """In either unit: 3.5 g/dL is 35 g/L."""
    sent = [(29.9, "g/L"), (30, "g/L"), (3.4, "g/dL"), (3.5, "g/dL"), (39, "g/L"), (4.0, "g/dL")]
    people = [Who(aged(20), "female", HBV, [count(250), Lab("albumin", *one)]) for one in sent]
    assert [each.exact for each in scored("mpage-b", people)] == [3, 2, 2, 1, 1, 0]


def test_reach_b_computed_values():
    people = [
        Who(aged(50), "male", HBV, virus(60, "hbeag-positive", copies(10**5.5))),
        Who(aged(32), "female", HBV, virus(10, "hbeag-negative", copies(1000))),
    ]
    assert [each.exact for each in scored("reach-b", people)] == [15, 0]


def test_reach_b_has_most_points_below_a_million_copies():
    amounts = [0, 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 1e10]
    people = [Who(aged(32), "female", HBV, virus(10, "hbeag-negative", copies(amount))) for amount in amounts]
    assert [each.exact for each in scored("reach-b", people)] == [0, 0, 3, 3, 5, 5, 4, 4]


def test_an_international_unit_is_a_range_of_copies():
    """1500 IU/mL are below 10⁴ copies for every assay seen, 20000 above; of 2000 it cannot be told."""
    people = [
        Who(aged(32), "female", HBV, virus(10, "hbeag-negative", Lab("hbv-dna", amount, "[IU]/mL")))
        for amount in (1500, 2000, 10_000)
    ]
    found = scored("reach-b", people)
    assert [(each.low, each.high) for each in found] == [(0, 0), (0, 3), (3, 3)]
    assert [each.missing for each in found] == [set(), {"hbv-dna"}, set()]


def test_too_little_virus_to_measure_is_little_virus():
    """ "Less than 20" is the usual result under treatment. "More than 170 million" is the other end."""
    less = Lab("hbv-dna", 20, "[IU]/mL", comparator="<")
    more = Lab("hbv-dna", 170_000_000, "[IU]/mL", comparator=">")
    people = [Who(aged(32), "female", HBV, virus(10, "hbeag-negative", one)) for one in (less, more)]
    assert [each.exact for each in scored("reach-b", people)] == [0, 4]


def test_a_logarithm_or_a_bare_number_is_not_guessed():
    units = ("log10 IU/mL", "{Log_IU}/mL", "[log_IU]/mL", "log copies/mL", "")
    amounts = [virus(10, "hbeag-negative", Lab("hbv-dna", 5.2, unit)) for unit in units]
    for found in scored("reach-b", [Who(aged(32), "female", HBV, bloods) for bloods in amounts]):
        assert (found.low, found.high, found.missing) == (0, 5, {"hbv-dna"})


def test_an_antigen_result_nobody_can_read_may_be_either():
    no_antigen = Who(aged(32), "female", HBV, [Lab("alt", 10, "U/L"), copies(100)])
    number = Who(aged(32), "female", HBV, [*no_antigen.labs, Lab("hbeag", 0.3, "{ratio}")])
    for found in scored("reach-b", [no_antigen, number]):
        assert (found.low, found.high, found.missing) == (0, 2, {"hbeag"})


def test_reach_b_holds_from_30_to_65_without_cirrhosis():
    bloods = virus(10, "hbeag-negative", copies(100))
    people = [Who(aged(age), "male", HBV, bloods) for age in (29, 30, 65, 66)]
    people += [Who(aged(50), "male", (*HBV, "cirrhosis"), bloods), Who(aged(50), "male", (), bloods)]
    assert [each.holds for each in scored("reach-b", people)] == [False, True, True, False, False, False]


def test_cu_hcc_computed_values():
    people = [
        Who(aged(55), has=(*HBV, "cirrhosis"), labs=liver(33, 25, 1e5)),
        Who(aged(45), has=HBV, labs=liver(40, 10, 1e3)),
    ]
    assert [each.exact for each in scored("cu-hcc", people)] == [40.5, 0]


def test_cu_hcc_edges():
    """Over 50, at most 35 g/L, over 18 umol/L, over 10⁴ and 10⁶ copies."""
    edges = {
        (aged(50), 35.1, 18, 1e4): 0,
        (aged(51), 35.1, 18, 1e4): 3,
        (aged(50), 35.0, 18, 1e4): 20,
        (aged(50), 35.1, 18.1, 1e4): 1.5,
        (aged(50), 35.1, 18, 1e4 + 1): 1,
        (aged(50), 35.1, 18, 1e6): 1,
        (aged(50), 35.1, 18, 1e6 + 1): 4,
    }
    people = [Who(born, has=HBV, labs=liver(*blood)) for born, *blood in edges]
    assert [each.exact for each in scored("cu-hcc", people)] == list(edges.values())


@pytest.mark.parametrize(("score", "youngest"), [("page-b", 16), ("mpage-b", 18), ("cu-hcc", 18)])
def test_whom_the_others_hold_for(score, youngest):
    people = [Who(aged(youngest), has=HBV), Who(aged(youngest - 1), has=HBV), Who(aged(40)), Who("", has=HBV)]
    assert [each.holds for each in scored(score, people)] == [True, False, False, True]
