"""The plain evaluator's own calendar and its four truths, against answers written out by hand."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from plain.days import Span, birthday, interval, moved
from plain.truth import all_of, any_of, at_least, negate

D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "count", "unit", "sign", "then"),
    [
        ("2025-08-31", 6, "month", 1, "2026-02-28"),
        ("2023-08-31", 6, "month", 1, "2024-02-29"),
        ("2026-03-31", 1, "month", -1, "2026-02-28"),
        ("2024-02-29", 1, "year", 1, "2025-02-28"),
        ("2026-01-15", 1, "month", -1, "2025-12-15"),
        ("2026-12-15", 1, "month", 1, "2027-01-15"),
        ("2026-03-01", 2, "week", -1, "2026-02-15"),
        ("2026-02-28", 1, "day", 1, "2026-03-01"),
    ],
)
def test_months_keep_the_day_or_take_the_last(day, count, unit, sign, then):
    assert moved(D(day), Span(count, unit), sign) == D(then)


def test_a_birthday_on_29_february_is_1_march_in_a_common_year():
    assert [birthday(date(2008, 2, 29), age) for age in (18, 20)] == [date(2026, 3, 1), date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("text", "lo", "hi", "whole"),
    [
        ("2026", "2026-01-01", "2026-12-31", False),
        ("2024-02", "2024-02-01", "2024-02-29", False),
        ("2026-02-03", "2026-02-03", "2026-02-03", True),
        ("2026-02-28T23:30:00-05:00", "2026-02-28", "2026-02-28", True),
    ],
)
def test_a_date_is_the_days_it_may_mean(text, lo, hi, whole):
    found = interval(text)
    assert found is not None
    assert (found.lo, found.hi, found.whole) == (D(lo), D(hi), whole)


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-13", "March", "26-02-03", "0000", "2026-02-03 10:00"])
def test_what_is_no_fhir_date_is_none(text):
    assert interval(text) is None


def test_false_goes_before_not_applicable_before_unknown_in_all():
    found = {"".join(pair): all_of(pair) for pair in product("TFUN", repeat=2)}
    assert {pair for pair, truth in found.items() if truth == "F"} == {"TF", "FT", "FF", "FU", "UF", "FN", "NF"}
    assert {pair for pair, truth in found.items() if truth == "N"} == {"NN", "NT", "TN", "NU", "UN"}
    assert {pair for pair, truth in found.items() if truth == "T"} == {"TT"}


def test_true_goes_before_unknown_before_not_applicable_in_any():
    found = {"".join(pair): any_of(pair) for pair in product("TFUN", repeat=2)}
    assert {pair for pair, truth in found.items() if truth == "T"} == {"TT", "TF", "FT", "TU", "UT", "TN", "NT"}
    assert {pair for pair, truth in found.items() if truth == "U"} == {"UU", "UF", "FU", "UN", "NU"}
    assert {pair for pair, truth in found.items() if truth == "F"} == {"FF"}


@pytest.mark.parametrize(
    ("truths", "answer"),
    [("TTF", "T"), ("TUF", "U"), ("TNF", "N"), ("TFF", "F"), ("NNF", "N"), ("UNF", "N"), ("UUN", "U")],
)
def test_at_least_two_of_three(truths, answer):
    assert at_least(2, list(truths)) == answer


def test_not_turns_only_what_is_known():
    assert [negate(truth) for truth in ("T", "F", "U", "N")] == ["F", "T", "U", "N"]
