"""Child-Pugh and THRI: published cases, every edge, and what a diagnosis does not say."""

from __future__ import annotations

from unit.test_scores_support import Lab, Who, aged, scored

# bilirubin, albumin, INR, ascites, encephalopathy, points: github.com/priyamjyotsna/MELD-CHILD-PUGH,
# validation/test-cases/child-pugh-cases.csv
CHILD_PUGH = [
    (1.5, 3.8, 1.2, 0, 0, 5), (2.5, 3.0, 2.0, 1, 1, 10), (4.0, 2.5, 2.5, 2, 2, 15), (1.5, 3.8, 1.2, 0, 1, 6),
    (1.5, 3.8, 1.2, 1, 1, 7), (2.5, 3.0, 1.2, 1, 0, 8), (2.0, 3.8, 1.2, 0, 0, 6), (3.0, 3.8, 1.2, 0, 0, 6),
    (3.1, 3.8, 1.2, 0, 0, 7), (1.5, 3.6, 1.2, 0, 0, 5), (1.5, 3.5, 1.2, 0, 0, 6), (1.5, 2.8, 1.2, 0, 0, 6),
    (1.5, 2.7, 1.2, 0, 0, 7), (1.5, 3.8, 1.7, 0, 0, 6), (1.5, 3.8, 2.3, 0, 0, 6), (1.5, 3.8, 2.4, 0, 0, 7),
    (4.0, 2.5, 2.5, 0, 0, 11), (1.5, 3.8, 1.2, 2, 2, 9),  # there 9 and 11: exchanged, by the list's own points
]  # fmt: skip


def blood(bilirubin: float, albumin: float, inr: float) -> list[Lab]:
    return [Lab("bilirubin", bilirubin, "mg/dL"), Lab("albumin", albumin, "g/dL"), Lab("inr", inr, "{INR}")]


def test_child_pugh_published_cases():
    """A diagnosis of ascites or encephalopathy says at least 2 points, not how bad."""
    signs = {"ascites": 3, "hepatic-encephalopathy": 4}
    people = [
        Who(has=("cirrhosis", *[sign for sign, at in signs.items() if case[at]]), labs=blood(*case[:3]))
        for case in CHILD_PUGH
    ]
    for found, (*_, wet, confused, points) in zip(scored("child-pugh", people), CHILD_PUGH, strict=True):
        mild, bad = (wet == 1) + (confused == 1), (wet == 2) + (confused == 2)
        assert (found.low, found.high) == (points - bad, points + mild)


def test_child_pugh_edges_hold_in_every_unit():
    """35 g/L is exactly 3.5 g/dL; 34 umol/L reads as 1.99 mg/dL, though printed tables round 2 mg/dL to it."""
    labs = [Lab("albumin", 35, "g/L"), Lab("bilirubin", 34, "umol/L", code=2), Lab("inr", 1.69, "1")]
    (found,) = scored("child-pugh", [Who(has=("cirrhosis",), labs=labs)])
    assert found.exact == 7 - 1  # 1 + 2 + 1 + 1 + 1


def test_child_pugh_bounds():
    """No INR: 1 to 3 points. Nothing at all: 5 to 11, since an absent sign is absent."""
    no_inr, nothing = scored(
        "child-pugh", [Who(has=("cirrhosis",), labs=blood(4.0, 2.5, 1)[:2]), Who(has=("cirrhosis",))]
    )
    assert (no_inr.low, no_inr.high, no_inr.missing) == (9, 11, {"inr"})
    assert (nothing.low, nothing.high, nothing.missing) == (5, 11, {"bilirubin", "albumin", "inr"})


def test_child_pugh_holds_for_adults_with_cirrhosis():
    people = [Who(has=("cirrhosis",)), Who(), Who(aged(17), has=("cirrhosis",)), Who("", has=("cirrhosis",))]
    assert [each.holds for each in scored("child-pugh", people)] == [True, False, False, True]


def scarred(age: int, sex: str, cause: str, platelets: float, virus: float | None = None) -> Who:
    rna = [Lab("hcv-rna", virus, "[IU]/mL")] if virus is not None else []
    has = ("cirrhosis", *([cause] if cause else []))
    return Who(aged(age), sex, has, [Lab("platelets", platelets, "10*9/L"), *rna])


def test_thri_published_values():
    people = [
        scarred(40, "female", "autoimmune-liver-disease", 250),
        scarred(65, "male", "chronic-hepatitis-c", 100, virus=1_000_000),
        scarred(70, "male", "chronic-hepatitis-b", 50),
        scarred(55, "male", "other-liver-disease", 250),
    ]
    assert [each.exact for each in scored("thri", people)] == [0, 347, 366, 166]


def test_thri_edges():
    """45 to 60 years; 140 to 200 and 80 to 139 platelets, of which 139.5 is one."""
    aih = "autoimmune-liver-disease"
    edges = [(44, 201, 0), (45, 201, 50), (60, 201, 50), (61, 201, 100), (44, 200, 20), (44, 140, 20),
             (44, 139.5, 70), (44, 80, 70), (44, 79.9, 89)]  # fmt: skip
    people = [scarred(age, "female", aih, platelets) for age, platelets, _ in edges]
    assert [each.exact for each in scored("thri", people)] == [points for *_, points in edges]


def test_thri_causes():
    """A cured hepatitis C counts nothing, so without virus found it may be either; an unknown cause may be any."""
    people = [
        scarred(40, "female", "steatohepatitis", 250),
        scarred(40, "female", "cirrhosis-from-hepatitis-b", 250),
        scarred(40, "female", "chronic-hepatitis-c", 250),
        scarred(40, "female", "cirrhosis-from-hepatitis-c", 250, virus=0),
        scarred(40, "female", "cirrhosis-from-hepatitis-c", 250, virus=50),
        scarred(40, "female", "", 250),
        Who(aged(40), "female", ("cirrhosis", "chronic-hepatitis-c", "steatohepatitis"), scarred(40, "", "", 250).labs),
    ]
    found = scored("thri", people)
    assert [(each.low, each.high) for each in found] == [
        (54, 54), (97, 97), (0, 97), (0, 97), (97, 97), (0, 97), (54, 97),
    ]  # fmt: skip
    assert [each.missing for each in found][5] == {"cause-of-cirrhosis"}


def test_thri_holds_for_adults_with_cirrhosis():
    people = [Who(has=("cirrhosis",)), Who(has=("chronic-hepatitis-b",)), Who(aged(17), has=("cirrhosis",))]
    assert [each.holds for each in scored("thri", people)] == [True, False, False]
