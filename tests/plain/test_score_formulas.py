"""The plain formulas against the vectors of the clinical notes, and their bounds against what is missing."""

from __future__ import annotations

from math import inf

import pytest

from plain import formulas as f
from plain.conftest import coded
from plain.scores import SCORES, bounds

#: formula, its inputs in order, the score as printed or worked out in the project's clinical notes.
VECTORS = [
    (f.fib4, (50, 40, 30, 200), 1.83),
    (f.fib4, (60, 80, 64, 100), 6.00),
    (f.apri, (40, 200, 40), 0.5),
    (f.apri, (80, 100, 40), 2.0),
    (f.page_b, (55, 1, 150), 18),
    (f.page_b, (45, 1, 210), 10),
    (f.page_b, (35, 0, 250), 2),
    (f.mpage_b, (55, 1, 150, 38), 13),
    (f.mpage_b, (35, 0, 250, 42), 3),
    (f.mpage_b, (62, 0, 90, 29), 17),
    (f.amap, (50, 1, 15, 42, 200), 53.82),
    (f.amap, (30, 1, 10, 45, 250), 41.10),
    (f.amap, (65, 1, 25, 38, 150), 64.88),
    (f.reach_b, (50, 1, 60, 1, 10**5.5), 15),
    (f.reach_b, (32, 0, 10, 0, 1e3), 0),
    (f.cu_hcc, (55, 33, 25, 1e5, 1), 40.5),
    (f.cu_hcc, (45, 40, 10, 1e3, 0), 0),
    (f.thri, (40, 0, 250, 0), 0),
    (f.thri, (65, 1, 100, 97), 347),
    (f.thri, (70, 1, 50, 97), 366),
    (f.thri, (55, 1, 250, 36), 166),
    (f.albi, (20, 40), -2.541),
    (f.albi, (10, 45), -3.165),
    (f.albi, (60, 28), -1.206),
    (f.meld, (3.5, 1.5, 1.8), 21),
    (f.meld, (2, 2, 2), 23),
    (f.meld, (1.2, 1.1, 1), 8),
    (f.meld_na, (2.5, 1.0, 1.2, 131), 18),
    (f.meld_na, (12, 2.2, 1.8, 128), 33),
    (f.meld_3, (50, 1, 2.5, 1.0, 1.2, 131, 3.8), 16),
    (f.meld_3, (50, 0, 2.5, 1.0, 1.2, 131, 3.8), 17),
    (f.meld_3, (50, 1, 6, 1.5, 1.5, 131, 3.5), 25),
    (f.meld_3, (50, 1, 6, 1.5, 1.5, 131, 2.2), 26),
    (f.meld_3, (50, 0, 6, 1.5, 1.5, 131, 2.2), 27),
    (f.meld_3, (50, 1, 12, 2.2, 1.8, 128, 2.0), 34),
    (f.meld_3, (50, 1, 12, 2.2, 2.8, 128, 2.0), 38),
    (f.meld_3, (50, 0, 12, 2.2, 2.8, 128, 2.0), 39),
    (f.child_pugh, (1.5, 3.8, 1.2, 1, 1), 5),
    (f.child_pugh, (2.5, 3.0, 2.0, 2, 2), 10),
    (f.child_pugh, (1.9, 3.5, 1.7, 1, 1), 7),
    (f.galad, (65, 1, 20, 10, 7.5), 2.048),
    (f.galad, (50, 0, 3, 0.5, 0.3), -5.139),
]


@pytest.mark.parametrize(("formula", "inputs", "printed"), VECTORS)
def test_a_published_vector(formula, inputs, printed):
    digits = next(score.digits for score in SCORES.values() if score.formula is formula)
    assert bounds(formula, tuple((float(value),) for value in inputs), digits) == (printed, printed)


def test_every_score_has_a_vector():
    assert {formula for formula, _, _ in VECTORS} == {score.formula for score in SCORES.values()}


def test_a_missing_input_leaves_its_whole_range():
    assert bounds(f.page_b, ((55.0,), (1.0,), (0.0, 1e12)), 0) == (12, 21)
    low, high = bounds(f.fib4, ((50.0,), (40.0,), (30.0,), (0.0, 1e12)), 2)
    assert low == 0
    assert 1e6 < high < inf


def _hepatitis(**more):
    return {"resourceType": "Condition", "code": coded("chronic-hepatitis-b"), **more}


@pytest.mark.parametrize(
    ("asked", "answer"), [("from: 10", "T"), ("from: 18", "U"), ("from: 22", "F"), ("from: 10, below: 18", "U")]
)
def test_bounds_decide_as_soon_as_they_can(ask, asked, answer):
    """A man of 55 with hepatitis B and no platelets: from 12 to 21."""
    assert ask(f"page-b: {{{asked}}}", _hepatitis(), birthDate="1970-06-01", gender="male").truth == answer


def test_outside_its_population_a_score_does_not_apply(ask):
    assert ask("page-b: {from: 0}", birthDate="1970-06-01").truth == "N"
    assert ask("page-b: {from: 0}", _hepatitis(), birthDate="2015-06-01").truth == "N"
    assert ask("not: {page-b: {from: 0}}", birthDate="1970-06-01").truth == "N"
