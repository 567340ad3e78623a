"""FIB-4, APRI and ALBI: published values, units, and what may not be computed."""

from __future__ import annotations

import pytest

from outreach.assess.scores import UNBOUNDED
from unit.test_scores_support import Lab, Who, aged, scored


def bloods(ast: float = 40, alt: float = 30, platelets: float = 200) -> tuple[Lab, ...]:
    return Lab("ast", ast, "U/L"), Lab("alt", alt, "U/L"), Lab("platelets", platelets, "10*9/L")


def test_fib4_published_values():
    """The first is printed at onlycalculators.com, the second computed from the formula."""
    found = scored("fib-4", [Who(aged(50), labs=bloods()), Who(aged(60), labs=bloods(80, 64, 100))])
    assert [each.exact for each in found] == [1.83, 6.00]


def test_apri_published_values():
    people = [Who(labs=bloods(ast=40)), Who(labs=bloods(ast=80, platelets=100))]
    assert [each.exact for each in scored("apri", people, limit=40)] == [0.5, 2.0]


def test_apri_wants_the_laboratorys_limit():
    with pytest.raises(ValueError, match="upper limit"):
        scored("apri", [Who(labs=bloods())])


def test_albi_published_values():
    """With −0.0852, which circulates, the first would be −2.549."""
    people = [
        Who(labs=[Lab("bilirubin", bilirubin, "umol/L", code=2), Lab("albumin", albumin, "g/L")])
        for bilirubin, albumin in ((20, 40), (10, 45), (60, 28))
    ]
    assert [each.exact for each in scored("albi", people)] == [-2.541, -3.165, -1.206]


def test_the_unit_a_laboratory_writes_changes_nothing():
    """20 umol/L is 1.16959 mg/dL at 17.1, 40 g/L is 4 g/dL; 200 giga per litre is 200000 per microlitre."""
    mass = Who(labs=[Lab("bilirubin", 20 / 17.1, "mg/dL"), Lab("albumin", 4, "g/dL")])
    assert scored("albi", [mass])[0].exact == -2.541
    counted = Who(aged(50), labs=[*bloods()[:2], Lab("platelets", 200_000, "/uL")])
    assert scored("fib-4", [counted])[0].exact == 1.83


@pytest.mark.parametrize("bad", [0, -5, 1e-300, 1e300], ids=["zero", "negative", "tiny", "huge"])
def test_an_impossible_value_never_breaks_the_night(bad):
    people = [
        Who(labs=bloods(ast=bad)),
        Who(labs=bloods(alt=bad)),
        Who(labs=bloods(platelets=bad)),
        Who(labs=[Lab("bilirubin", bad, "umol/L", code=2), Lab("albumin", bad, "g/L")]),
    ]
    for each in scored("fib-4", people[:3]) + scored("apri", people[:3], limit=40) + scored("albi", people[3:]):
        assert -UNBOUNDED <= each.low <= each.high <= UNBOUNDED


def test_zero_and_negative_values_are_unknown():
    (found,) = scored("fib-4", [Who(aged(50), labs=bloods(platelets=0))])
    assert (found.low, found.high, found.missing) == (0.0, UNBOUNDED, {"platelets"})


def test_a_missing_value_leaves_its_whole_range():
    """FIB-4 cannot be negative, and has no upper end without platelets; without AST it may be zero."""
    no_platelets, no_ast, no_birthday = scored(
        "fib-4", [Who(aged(50), labs=bloods()[:2]), Who(aged(50), labs=bloods()[1:]), Who("", labs=bloods())]
    )
    assert (no_platelets.low, no_platelets.high, no_platelets.missing) == (0.0, UNBOUNDED, {"platelets"})
    assert (no_ast.low, no_ast.high, no_ast.missing) == (0.0, UNBOUNDED, {"ast"})
    assert (no_birthday.low, no_birthday.high) == (0.0, pytest.approx(130 * 40 / (200 * 30**0.5), abs=0.006))


def test_a_year_of_birth_is_a_range_of_ages():
    (found,) = scored("fib-4", [Who("1976", labs=bloods())])
    assert (found.low, found.high, found.missing) == (1.79, 1.83, {"birth-date"})


def test_a_unit_that_is_not_known_gives_no_number():
    (found,) = scored("albi", [Who(labs=[Lab("bilirubin", 20, "drops"), Lab("albumin", 40, "g/L")])])
    assert (found.low, found.high, found.missing) == (-UNBOUNDED, UNBOUNDED, {"bilirubin"})


def test_more_than_and_less_than_are_no_value():
    (found,) = scored("fib-4", [Who(aged(50), labs=[*bloods()[:2], Lab("platelets", 10, "10*9/L", comparator="<")])])
    assert found.missing == {"platelets"}


def test_the_latest_value_inside_the_look_back_counts():
    old, new = Lab("platelets", 90, "10*9/L", on="2025-02-28"), Lab("platelets", 200, "10*9/L", on="2025-03-01")
    later = Lab("platelets", 100, "10*9/L", on="2025-12-01")
    found = scored(
        "apri",
        [Who(labs=[Lab("ast", 40, "U/L"), *counts]) for counts in ([old], [old, new], [new, later])],
        limit=40,
    )
    assert [(each.low, each.missing) for each in found] == [(0.0, {"platelets"}), (0.5, set()), (1.0, set())]


def test_children_are_outside():
    found = scored("fib-4", [Who(aged(17), labs=bloods()), Who(aged(18), labs=bloods()), Who("", labs=bloods())])
    assert [each.holds for each in found] == [False, True, True]
