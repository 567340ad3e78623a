"""Four guidelines, the same people: who is looked after depends on whose guideline a clinic follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from outreach.check import run_cases
from outreach.rulebook.case import Case, Given, GivenFact
from outreach.rulebook.criterion import Age
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule

title = "The same people under four guidelines"

TODAY = date(2026, 3, 1)
Wanted = dict[str, str]
Answers = dict[str, list[str]]


def _diagnosis(codes: str, on: str, status: str = "") -> GivenFact:
    return GivenFact("condition", codes, on, status=status)


def _lab(codes: str, value: str, unit: str) -> GivenFact:
    return GivenFact("lab", codes, "2026-02-01", value, unit)


HEPATITIS_B = _diagnosis("chronic-hepatitis-b", "2015-06-01")
HEPATITIS_C_CURED = _diagnosis("chronic-hepatitis-c", "2010-01-01", "resolved")
CIRRHOSIS = _diagnosis("cirrhosis", "2020-01-15")
SCARRING = _diagnosis("advanced-liver-fibrosis", "2019-01-01")
ALCOHOL = _diagnosis("alcohol-use-disorder", "2012-01-01")
WAITING = _diagnosis("awaiting-organ-transplant", "2026-01-01")
MOTHER = GivenFact("relative", "liver-cancer", "", "MTH")
MANY, FEW = _lab("platelets", "250", "10*9/L"), _lab("platelets", "150", "10*9/L")
CHILD_PUGH_C = (_lab("bilirubin", "3.1", "mg/dL"), _lab("albumin", "3.0", "g/dL"), _lab("inr", "2.4", "1"))

PEOPLE = {
    "hana": Given(born="1971-01-01", sex="female", birthplace="VN", facts=(HEPATITIS_B, MANY)),
    "beth": Given(born="1981-01-01", sex="female", birthplace="US", race="race-asian", facts=(HEPATITIS_B, FEW)),
    "carl": Given(born="1962-05-10", sex="male", facts=(CIRRHOSIS, ALCOHOL)),
    "dora": Given(born="1962-05-10", sex="female", facts=(HEPATITIS_C_CURED, SCARRING)),
    "emil": Given(born="1962-05-10", sex="male", facts=(HEPATITIS_C_CURED, CIRRHOSIS, WAITING, *CHILD_PUGH_C)),
    "femi": Given(born="1996-01-01", sex="male", birthplace="US", race="race-black", facts=(HEPATITIS_B, MANY)),
    "gus": Given(born="1966-01-01", sex="male", birthplace="CN", facts=(HEPATITIS_B, *CHILD_PUGH_C)),
}

#: A name alone: looked after, for this reason.
THEN = """
    who  | hcc-surveillance  | hcc-aasld-2018         | hcc-easl-2018            | hcc-apasl-2016
    hana | hepatitis-b-woman | hepatitis-b-woman-asia | not at risk              | hepatitis-b-woman-asia
    beth | hepatitis-b-score | not at risk            | hepatitis-b-intermediate | not at risk
    carl | cirrhosis         | cirrhosis              | cirrhosis                | a clinician decides
    dora | not at risk       | not at risk            | a clinician decides      | hepatitis-c-scarring
    emil | cirrhosis         | cirrhosis              | cirrhosis                | ended: too-ill-to-treat
    femi | not at risk       | a clinician decides    | not at risk              | not at risk
    gus  | hepatitis-b-score | hepatitis-b-man-asia   | hepatitis-b-intermediate | hepatitis-b-man-asia
"""


def _wanted(cell: str) -> Wanted:
    if cell == "not at risk":
        return {"status": "not-applicable", "because": "not-at-risk"}
    if cell == "a clinician decides":
        return {"status": "not-now", "because": "clinician-decides", "list": "clinician-decides"}
    if cell.startswith("ended: "):
        return {"status": "excluded", "because": cell.removeprefix("ended: ")}
    return {"status": "overdue", "risk_group": cell}


def _ask(rule: Rule, people: dict[str, tuple[Given, Wanted]], rules: Path) -> Answers:
    """What differs from what was wanted, by person: one night of this rule for all of them."""
    cases = tuple(Case(who, TODAY, given, tuple(wanted.items()), 1, 1) for who, (given, wanted) in people.items())
    results = run_cases(replace(rule, cases=cases), rules / "codes")
    assert [result.case.it for result in results] == list(people)
    return {result.case.it: [str(result)] if result.differences else [] for result in results}


def _load(name: str, rules: Path) -> Rule:
    return load([rules / "liver" / f"{name}.yaml"], rules / "codes")[0]


@pytest.fixture(scope="module")
def answers(rules: Path) -> Answers:
    """By person, every guideline that answers otherwise than the table says."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in THEN.strip().splitlines()]
    assert [row[0] for row in rows] == list(PEOPLE)
    wrong: Answers = {who: [] for who in PEOPLE}
    for column, name in enumerate(head[1:], start=1):
        people = {row[0]: (PEOPLE[row[0]], _wanted(row[column])) for row in rows}
        for who, differences in _ask(_load(name, rules), people, rules).items():
            wrong[who] += differences
    return wrong


def test_a_woman_born_in_viet_nam(answers: Answers) -> None:
    """Hana, 55, has hepatitis B and good platelets. Her birthplace brings her in, but not where only points count."""
    assert answers["hana"] == []


def test_a_woman_with_few_platelets_born_in_the_united_states(answers: Answers) -> None:
    """Beth, 45, has hepatitis B and PAGE-B of 10. The two guidelines that count points find her."""
    assert answers["beth"] == []


def test_a_man_with_cirrhosis_from_alcohol(answers: Answers) -> None:
    """Carl, 63. Any cirrhosis counts for three; APASL names hepatitis B and C, so a clinician decides."""
    assert answers["carl"] == []


def test_a_woman_with_advanced_scarring_after_hepatitis_c(answers: Answers) -> None:
    """Dora, 63, is cured, her scarring (F3) is not. Out twice, for a clinician once, in once."""
    assert answers["dora"] == []


def test_a_man_who_waits_for_a_liver(answers: Answers) -> None:
    """Emil, 63, has cirrhosis and Child-Pugh C. On a waiting list he is looked after, except under APASL."""
    assert answers["emil"] == []


def test_a_young_man_whom_only_a_race_brings_in(answers: Answers) -> None:
    """Femi, 30, was born in the United States. One guideline names Black people: a clinician decides."""
    assert answers["femi"] == []


def test_a_score_that_does_not_apply_ends_nothing(answers: Answers) -> None:
    """Gus, 60, has no cirrhosis: Child-Pugh does not apply, so he is never too ill to treat, whatever his results."""
    assert answers["gus"] == []


def test_a_score_that_does_not_apply_narrows_nothing(rules: Path) -> None:
    """PAGE-B does not apply below 16; a mother's liver cancer still brings in, once the rule itself takes children."""
    of_any_age = replace(_load("hcc-surveillance", rules), age=Age(None, None), later=())
    child = Given(born="2011-01-01", sex="male", birthplace="US", facts=(HEPATITIS_B, MANY))
    with_mother = replace(child, facts=(*child.facts, MOTHER))
    people = {"alone": (child, _wanted("not at risk")), "with mother": (with_mother, _wanted("hepatitis-b-family"))}
    assert _ask(of_any_age, people, rules) == {"alone": [], "with mother": []}
