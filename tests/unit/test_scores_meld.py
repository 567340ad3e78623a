"""MELD, MELD-Na and MELD 3.0: published cases, clamps, dialysis, and whom they hold for.

Cases: github.com/priyamjyotsna/MELD-CHILD-PUGH, validation/test-cases; inputs of Kim 2021, Table 4, as in the
OPTN macro of 14 July 2023 (Cleveland Clinic, SAS); what the macro's formula gives was computed apart from this code.
"""

from __future__ import annotations

import pytest

from unit.test_scores_support import Lab, Scored, Who, aged, scored

TWICE = (("dialysis", "2026-01-27"), ("dialysis", "2026-01-30"))


def sick(
    bilirubin: float | None = None, creatinine: float | None = None, inr: float | None = None,
    sodium: float | None = None, albumin: float | None = None, *, sex: str = "male", born: str = aged(20),
    dialysis: bool = False,
) -> Who:  # fmt: skip
    """Somebody with cirrhosis whose blood was taken on 1 February."""
    sent = [("bilirubin", bilirubin, "mg/dL"), ("creatinine", creatinine, "mg/dL"), ("inr", inr, "{INR}"),
            ("sodium", sodium, "mmol/L"), ("albumin", albumin, "g/dL")]  # fmt: skip
    labs = [Lab(name, value, unit) for name, value, unit in sent if value is not None]
    return Who(born, sex, ("cirrhosis",), labs, TWICE if dialysis else ())


# bilirubin, creatinine, INR, MELD
MELD = [
    (1.2, 0.9, 1.1, 8), (3.5, 1.8, 1.5, 21), (0.5, 0.6, 0.8, 6), (1.0, 1.0, 1.0, 6), (5.0, 2.5, 2.0, 29),
    (10.0, 4.0, 3.0, 40), (1.5, 1.2, 1.3, 13), (2.8, 2.0, 1.8, 24), (4.0, 3.0, 2.5, 32), (0.8, 0.8, 0.9, 6),
    (1.0, 4.0, 1.0, 20), (1.0, 1.0, 4.0, 22), (8.0, 1.0, 1.0, 14), (3.0, 1.5, 1.4, 18), (6.0, 2.0, 2.2, 29),
    (2.5, 3.5, 1.7, 28), (1.8, 1.6, 2.0, 21), (7.0, 4.0, 3.5, 40), (1.2, 1.2, 1.2, 11), (4.5, 2.8, 2.1, 30),
    (0.3, 0.4, 0.7, 6), (15.0, 4.0, 4.0, 40), (2.0, 2.0, 2.0, 23), (3.0, 3.0, 3.0, 33), (1.0, 4.0, 4.0, 35),
    (5.0, 1.0, 1.0, 13), (1.0, 1.0, 3.0, 19), (2.5, 2.5, 2.5, 29),
]  # fmt: skip

# bilirubin, creatinine, INR, sodium, MELD-Na. Where the published list differs from OPTN, its number is in a comment.
MELD_NA = [
    (3.5, 1.8, 1.5, 131, 25), (1.2, 0.9, 1.1, 140, 8), (5.0, 2.5, 2.0, 120, 33), (1.0, 1.0, 1.0, 137, 6),
    (1.0, 1.0, 1.0, 125, 6),  # 20: sodium counts only above a MELD of 11
    (3.5, 1.8, 1.5, 137, 21), (3.5, 1.8, 1.5, 125, 29), (2.0, 2.0, 2.0, 130, 27),
    (4.0, 3.0, 2.5, 128, 34),  # 35: MELD is a whole 32 before sodium
    (1.5, 1.2, 1.3, 135, 15),  # 14
    (6.0, 2.0, 2.2, 133, 30), (2.5, 3.5, 1.7, 126, 32), (1.8, 1.6, 2.0, 138, 21), (7.0, 4.0, 3.5, 125, 40),
    (1.0, 1.0, 1.0, 130, 6),  # 14
    (3.0, 1.5, 1.4, 132, 22), (2.8, 2.0, 1.8, 129, 28),
    (0.5, 0.6, 0.8, 120, 6),  # 20
    (4.5, 2.8, 2.1, 135, 31), (1.2, 1.2, 1.2, 137, 11), (5.0, 1.0, 1.0, 130, 19), (1.0, 1.0, 3.0, 133, 22),
    (2.5, 2.5, 2.5, 131, 31),
    (2.5, 1.2, 1.0, 131, 18), (12.0, 1.8, 2.2, 128, 33),  # Kim 2021, Table 4
]  # fmt: skip

# bilirubin, creatinine, INR, sodium, albumin, sex, MELD 3.0
MELD_3 = [
    (3.5, 1.8, 1.5, 131, 2.8, "female", 27), (3.5, 1.8, 1.5, 131, 2.8, "male", 26),
    (1.0, 1.0, 1.0, 137, 3.5, "female", 7), (1.0, 1.0, 1.0, 137, 3.5, "male", 6),
    (5.0, 2.5, 2.0, 125, 2.0, "female", 37), (5.0, 2.5, 2.0, 125, 2.0, "male", 35),
    (3.5, 3.0, 2.0, 130, 2.5, "female", 35), (3.5, 3.0, 2.0, 130, 2.5, "male", 34),
    (2.0, 1.5, 1.5, 135, 3.0, "female", 21), (2.0, 1.5, 1.5, 135, 3.0, "male", 19),
    (8.0, 3.0, 3.0, 125, 1.5, "female", 40), (8.0, 3.0, 3.0, 125, 1.5, "male", 40),
    (1.5, 1.2, 1.3, 136, 3.2, "female", 15), (1.5, 1.2, 1.3, 136, 3.2, "male", 13),
    (4.0, 2.0, 2.0, 128, 2.2, "female", 33), (4.0, 2.0, 2.0, 128, 2.2, "male", 31),
    (1.0, 1.0, 4.0, 137, 3.5, "female", 20), (1.0, 4.0, 1.0, 137, 1.5, "male", 18),
    (6.0, 3.0, 2.5, 126, 1.8, "female", 40), (2.5, 2.5, 2.5, 131, 2.8, "female", 34),
    (2.5, 2.5, 2.5, 131, 2.8, "male", 32), (0.5, 0.5, 0.8, 140, 4.0, "female", 7),
    (10.0, 3.0, 4.0, 120, 1.5, "female", 40),
    (2.5, 1.2, 1.0, 131, 3.8, "male", 16), (2.5, 1.2, 1.0, 131, 3.8, "female", 17),  # from here on Kim 2021, Table 4
    (6.0, 1.5, 1.5, 131, 3.5, "male", 25), (6.0, 1.5, 1.5, 131, 2.2, "male", 26),
    (6.0, 1.5, 1.5, 131, 2.2, "female", 27), (12.0, 1.8, 2.2, 128, 2.0, "male", 34),
    (12.0, 2.8, 2.2, 128, 2.0, "male", 38), (12.0, 2.8, 2.2, 128, 2.0, "female", 39),
]  # fmt: skip


def test_meld_published_cases():
    found = scored("meld", [sick(*inputs) for *inputs, _ in MELD])
    assert [each.exact for each in found] == [score for *_, score in MELD]


def test_meld_na_published_cases():
    found = scored("meld-na", [sick(*inputs) for *inputs, _ in MELD_NA])
    assert [each.exact for each in found] == [score for *_, score in MELD_NA]


def test_meld_3_published_cases():
    found = scored("meld-3", [sick(*inputs, sex=sex) for *inputs, sex, _ in MELD_3])
    assert [each.exact for each in found] == [score for *_, score in MELD_3]


def test_dialysis_twice_in_the_week_before_gives_the_greatest_creatinine():
    """Published: 30 and 20 by MELD, 25 by MELD-Na (its list says 24), 18 and 20 by MELD 3.0."""
    normal, worse = sick(1, 1, 1, 130, 3.5, dialysis=True), sick(2.0, 4.5, 2.0, dialysis=True)
    man, woman = (sick(1, 1, 1, 137, 3.5, sex=sex, dialysis=True) for sex in ("male", "female"))
    assert [each.exact for each in scored("meld", [worse, normal])] == [30, 20]
    assert scored("meld-na", [normal])[0].exact == 25
    assert [each.exact for each in scored("meld-3", [man, woman])] == [18, 20]


def test_dialysis_counts_by_days_and_only_of_that_week():
    """The blood was taken on 1 February: the week begins on 25 January."""

    def treated(*days: str, has: tuple[str, ...] = ()) -> Who:
        one = sick(1, 1, 1)
        return Who(one.born, one.sex, (*one.has, *has), one.labs, [("dialysis", day) for day in days])

    found = scored(
        "meld",
        [
            treated("2026-01-25", "2026-02-01"),
            treated("2026-01-24", "2026-02-01"),
            treated("2026-02-01", "2026-02-01"),
            treated("2026-02-02", "2026-02-03"),
            treated(has=("dialysis",)),
        ],
    )  # fmt: skip
    assert [(each.low, each.high) for each in found] == [(20, 20), (6, 20), (6, 20), (6, 6), (6, 20)]
    assert [each.missing for each in found] == [set(), {"creatinine"}, {"creatinine"}, set(), {"creatinine"}]


def test_dialysis_needs_no_creatinine():
    who = Who(has=("cirrhosis",), done=(("dialysis", "2026-02-22"), ("dialysis", "2026-02-25")),
              labs=[Lab("bilirubin", 1, "mg/dL"), Lab("inr", 1, "1")])  # fmt: skip
    (found,) = scored("meld", [who])
    assert (found.exact, found.missing) == (20, set())


def test_molar_units_give_the_same_score():
    """3.5 mg/dL of bilirubin are 59.85 umol/L, 1.8 mg/dL of creatinine 159.12."""
    labs = [Lab("bilirubin", 59.85, "umol/L", code=2), Lab("creatinine", 159.12, "umol/L", code=2),
            Lab("inr", 1.5, "1"), Lab("sodium", 131, "meq/L"), Lab("albumin", 28, "g/L")]  # fmt: skip
    assert scored("meld-3", [Who(aged(20), "male", ("cirrhosis",), labs)])[0].exact == 26


def test_under_18_both_sexes_have_the_womens_constant():
    inputs = (2.5, 1.2, 1.0, 131, 3.8)
    people = [sick(*inputs, sex=sex, born=aged(years)) for sex in ("male", "female") for years in (17, 18)]
    assert [each.exact for each in scored("meld-3", people)] == [17, 16, 17, 17]


def test_what_is_missing_has_the_range_of_the_clamps():
    """Sodium is worth at most 12 below 137, albumin at most 2 below 3.5, sex 1.33."""
    full = {"bilirubin": 2.5, "creatinine": 1.2, "inr": 1.0, "sodium": 131, "albumin": 3.0}
    gone = ("bilirubin", "creatinine", "inr", "sodium", "albumin")
    found = scored("meld-3", [sick(**{**full, name: None}) for name in gone])
    assert [each.missing for each in found] == [{name} for name in gone]
    assert [(each.low, each.high) for each in found] == [(14, 40), (15, 26), (17, 40), (13, 20), (16, 19)]
    assert _range(scored("meld-3", [sick(sex="")])[0]) == (6, 40)


def test_even_nothing_at_all_lies_between_6_and_40():
    for score in ("meld", "meld-na", "meld-3"):
        assert _range(scored(score, [sick()])[0]) == (6, 40)


@pytest.mark.parametrize("score", ["meld", "meld-na", "meld-3"])
def test_meld_holds_for_people_with_cirrhosis_from_12_years(score):
    people = [sick(), sick(born=aged(12)), sick(born=aged(11)), Who()]
    assert [each.holds for each in scored(score, people)] == [True, True, False, False]


def _range(found: Scored) -> tuple[float, float]:
    return found.low, found.high
