"""Both sides of measured values, of series and of scores: take a side away, and just that side is missing."""

from __future__ import annotations

import pytest

from unit.coverage_rule import AT_RISK, DUE, HEAD, ILL, Small, cases, frame, small

RULE = (
    AT_RISK
    + """
cannot_help:
  high: {lab: {name: afp, from: 20, below: 400, unit: ng/mL, within: 1 year, if_absent: no}}
  once-low: {lab: {name: albumin, below: 3, unit: g/dL, which: any, if_absent: no}}
  rising: {rising: {name: alt, values: 3, within: 12 months}}
  ill: {child-pugh: C}
  if_unknown: continue-and-flag
"""
    + DUE
)
BORN = "born: 1970-01-01, sex: female"
SICK = f"{BORN}, {ILL}"
OUT, ON = "status: excluded", "status: overdue"


def _afp(day: str, value: int) -> str:
    return f"{SICK}, labs: {{afp: {{on: {day}, value: {value}, unit: ng/mL}}}}"


def _albumin(*values: float) -> str:
    found = [f"{{on: 202{place}-01-01, value: {value}, unit: g/dL}}" for place, value in enumerate(values)]
    return f"{SICK}, labs: {{albumin: [{', '.join(found)}]}}"


def _alt(first: str) -> str:
    found = [f"{{on: {day}, value: {value}, unit: U/L}}" for day, value in ((first, 40), ("2025-06-01", 50))]
    return f"{SICK}, labs: {{alt: [{', '.join(found)}, {{on: 2025-09-01, value: 60, unit: U/L}}]}}"


def _points(inr: float, day: str = "2026-02-01") -> str:
    """Child-Pugh of 9 with INR 2.3, 10 above it."""
    labs = (("bilirubin", 3.1, "mg/dL"), ("albumin", 3.2, "g/dL"), ("inr", inr, "'1'"))
    return f"{SICK}, labs: {{{', '.join(f'{n}: {{on: {day}, value: {v}, unit: {u}}}' for n, v, u in labs)}}}"


CASES = cases(
    {
        "takes 20 of a year ago": (_afp("2025-03-01", 20), OUT),
        "leaves 20 a day older": (_afp("2025-02-28", 20), ON),
        "leaves 19": (_afp("2026-02-01", 19), ON),
        "takes 399": (_afp("2026-02-01", 399), OUT),
        "leaves 400": (_afp("2026-02-01", 400), ON),
        "takes 2.9 once": (_albumin(2.9, 4.0), OUT),
        "leaves 3": (_albumin(3.0), ON),
        "takes three": (_alt("2025-03-01"), OUT),
        "leaves three that began before": (_alt("2025-02-28"), ON),
        "takes ten points of a year ago": (_points(2.4, "2025-03-01"), OUT),
        "leaves nine points": (_points(2.3), ON),
        "flags points a day older": (_points(2.4, "2025-02-28"), f"{ON}, flags: ill-not-known"),
    }
)
HIGH = "high: latest afp of 20 ng/mL or more and below 400 ng/mL within 1 year"
LOW = "once-low: any albumin below 3 g/dL"
RISING = "rising: last 3 alt values rising within 12 months"
ILL_NOW = "ill: child-pugh of 10 or more"
AT, BEYOND = "no case exactly at the bound", "no case one step beyond"
SHOWN = {
    "takes 20 of a year ago": {f"{HIGH} (from): {AT}", f"{HIGH} (its day): {AT}"},
    "leaves 20 a day older": {f"{HIGH} (its day): {BEYOND}"},
    "leaves 19": {f"{HIGH} (from): {BEYOND}"},
    "takes 399": {f"{HIGH} (below): {BEYOND}"},
    "leaves 400": {f"{HIGH} (below): {AT}"},
    "takes 2.9 once": {f"{LOW} (below): {BEYOND}"},
    "leaves 3": {f"{LOW} (below): {AT}"},
    "takes three": {f"{RISING} (how many): {AT}", f"{RISING} (its first day): {AT}"},
    "leaves three that began before": {f"{RISING} (how many): {BEYOND}", f"{RISING} (its first day): {BEYOND}"},
    "takes ten points of a year ago": {
        f"{ILL_NOW} (from): {AT}",
        f"{ILL_NOW} (how old its measurements may be): {AT}",
    },
    "leaves nine points": {f"{ILL_NOW} (from): {BEYOND}"},
    "flags points a day older": {f"{ILL_NOW} (how old its measurements may be): {BEYOND}"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Small:
    return small(tmp_path_factory.mktemp("values"), HEAD + RULE + frame(BORN) + CASES)


def test_the_whole_is_covered(made):
    assert made.gaps() == set()


@pytest.mark.parametrize("it", SHOWN)
def test_without_a_case_its_side_of_the_bound_is_missing(made, it):
    assert made.bounds(without=it) == {f"cannot_help: {bound}" for bound in SHOWN[it]}


def test_somebody_for_whom_a_score_does_not_apply(made):
    """Child-Pugh is for people with cirrhosis; only the well have none here."""
    missing = made.gaps(without="leaves out the well")
    assert missing == {"at_risk: cirrhosis is always true", f"cannot_help: {ILL_NOW} never does not apply"}
