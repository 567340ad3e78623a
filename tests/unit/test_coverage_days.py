"""Both sides of every window, age, count and stated day: take a side away, and just that side is missing."""

from __future__ import annotations

import pytest

from unit.coverage_rule import AT_RISK, DUE, HEAD, ILL, READS, Small, cases, frame, small

RULE = (
    "periods:\n  year: {length: 1 year}"
    + READS.rstrip()
    + AT_RISK
    + """
cannot_help:
  twice: {procedure: {name: liver-transplant, count: 2, within: 2 years}}
  seen: {visit: {name: telehealth, during: year}}
  old: {age: {from: 75, to: 99}}
  grown: {age: {from: 30, at_start_of: year}, diagnosis: ascites}
  quit: {date-of: {name: smoking-quit-date, within: 15 years, if_absent: no}}
  long-quit: {date-of: {name: smoking-quit-date, at_least: 20 years, if_absent: no}}
  two: {at_least: {count: 2, of: [{diagnosis: hepatitis-d}, {diagnosis: hiv-infection}]}}
  if_unknown: continue-and-flag
"""
    + DUE
)
BORN = "born: 1970-01-01"
SICK = f"{BORN}, {ILL}"
MORE = f"{BORN}, {ILL[:-1]}"
OUT, ON = "status: excluded", "status: overdue"
VISIT = "visits: {{telehealth: {{on: {}, until: {}}}}}"
QUIT = "dates: {{smoking-quit-date: {{on: 2025-01-01, value: {}}}}}"
CASES = cases(
    {
        "counts two": (f"{SICK}, procedures: {{liver-transplant: [2024-03-01, 2025-01-01]}}", OUT),
        "counts one of two": (f"{SICK}, procedures: {{liver-transplant: [2024-02-29, 2025-01-01]}}", ON),
        "counts the whole year": (f"{SICK}, {VISIT.format('2025-03-02', '2026-03-01')}", OUT),
        "counts no earlier day": (f"{SICK}, {VISIT.format('2025-03-01', '2026-02-01')}", ON),
        "counts no later day": (f"{SICK}, {VISIT.format('2026-02-01', '2026-03-02')}", ON),
        "counts no visit without a day": (f"{SICK}, visits: {{telehealth: undated}}", ON),
        "is 75": (f"born: 1951-03-01, {ILL}", OUT),
        "is 75 tomorrow": (f"born: 1951-03-02, {ILL}", ON),
        "is 100 tomorrow": (f"born: 1926-03-02, {ILL}", OUT),
        "is 100": (f"born: 1926-03-01, {ILL}", ON),
        "was 30": (f"born: 1995-03-02, {ILL[:-1]}, ascites: 2020-01-01}}", OUT),
        "was 30 a day later": (f"born: 1995-03-03, {ILL[:-1]}, ascites: 2020-01-01}}", ON),
        "quit 15 years ago": (f"{SICK}, {QUIT.format('2011-03-01')}", OUT),
        "quit a day before": (f"{SICK}, {QUIT.format('2011-02-28')}", ON),
        "quit 20 years ago": (f"{SICK}, {QUIT.format('2006-03-01')}", OUT),
        "quit a day after": (f"{SICK}, {QUIT.format('2006-03-02')}", ON),
        "has both": (f"{MORE}, hepatitis-d: 2020-01-01, hiv-infection: 2020-01-01}}", OUT),
        "has the first": (f"{MORE}, hepatitis-d: 2020-01-01}}", ON),
        "has the second": (f"{MORE}, hiv-infection: 2020-01-01}}", ON),
    }
)
TWICE = "twice: 2 times procedure: liver transplant (the operation) within 2 years"
SEEN = "seen: visit: a visit by video or telephone during year"
GROWN = "grown: age 30 or older at the start of year"
AT, BEYOND = "no case exactly at the bound", "no case one step beyond"
#: Case → the bounds of which only that case stands on one side.
SHOWN = {
    "counts two": {f"{TWICE} (first day): {AT}", f"{TWICE} (how many): {AT}"},
    "counts one of two": {f"{TWICE} (first day): {BEYOND}", f"{TWICE} (how many): {BEYOND}"},
    "counts the whole year": {f"{SEEN} (first day): {AT}", f"{SEEN} (last day): {AT}"},
    "counts no earlier day": {f"{SEEN} (first day): {BEYOND}"},
    "counts no later day": {f"{SEEN} (last day): {BEYOND}"},
    "is 75": {f"old: age from 75: {AT}"},
    "is 75 tomorrow": {f"old: age from 75: {BEYOND}"},
    "is 100 tomorrow": {f"old: age to 99: {AT}"},
    "is 100": {f"old: age to 99: {BEYOND}"},
    "was 30": {f"grown: age from 30 at the start of year: {AT}"},
    "was 30 a day later": {f"grown: age from 30 at the start of year: {BEYOND}"},
    "quit 15 years ago": {f"quit: smoking-quit-date within 15 years: {AT}"},
    "quit a day before": {f"quit: smoking-quit-date within 15 years: {BEYOND}"},
    "quit 20 years ago": {f"long-quit: smoking-quit-date at least 20 years ago: {AT}"},
    "quit a day after": {f"long-quit: smoking-quit-date at least 20 years ago: {BEYOND}"},
    "has both": {f"two: at least 2 of 2: {AT}"},
    "has the first": set(),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Small:
    return small(tmp_path_factory.mktemp("days"), HEAD + RULE + frame(BORN) + CASES)


def test_the_whole_is_covered(made):
    assert made.gaps() == set()


@pytest.mark.parametrize("it", SHOWN)
def test_without_a_case_its_side_of_the_bound_is_missing(made, it):
    assert made.bounds(without=it) == {f"cannot_help: {bound}" for bound in SHOWN[it]}


def test_one_fewer_is_shown_by_either_of_two(made):
    """Both cases with one of the two stand beyond the bound, so neither alone is missed."""
    assert made.gaps(without="has the second") == {
        "cannot_help: two: diagnosis: hepatitis D (delta) never decides by not being true",
    }
