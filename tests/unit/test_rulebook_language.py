"""What each word of the language becomes; the example that uses them all is tests/messages/rules/everything.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.domain.calendar import Period
from outreach.rulebook.case import GivenFact
from outreach.rulebook.criterion import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Booked,
    DateOf,
    Defined,
    Ethnicity,
    Lab,
    Language,
    Not,
    Origin,
    Race,
    Record,
    Rising,
    ScanResult,
    ScoreIs,
    Sex,
    SexAtBirth,
)
from outreach.rulebook.load import load
from outreach.rulebook.model import Counts, DueRow, Expected, Rule, Worklist
from outreach.rulebook.terms import Stretch, Window

EXAMPLES = Path(__file__).parents[1] / "messages" / "rules"
YEAR = Stretch("year", "ends", Period(1, "years"))
WIDE = Stretch("wide", "with-before", Period(15, "months"), YEAR)
PRIOR = Stretch("prior", "before", Period(1, "years"), YEAR)
OLD = Defined("old", Age(66, None, YEAR))
FRAIL = Defined("frail", All((OLD, Record("device", ("everything:walker",), Window("starts_in", stretch=WIDE)))))


@pytest.fixture(scope="module")
def rule() -> Rule:
    root = Path(__file__).parents[2]
    return load([EXAMPLES / "everything.yaml"], root / "rules" / "codes")[0]


def _line(rule: Rule, name: str) -> object:
    return next(line.criterion for _, line in rule.sections() if line.name == name)


CRITERIA = {
    "seen": All(
        (Record("visit", ("everything:office",), Window("during", stretch=YEAR), 2), SexAtBirth("female", True))
    ),
    "ill": Record(
        "diagnosis",
        ("cirrhosis", "chronic-hepatitis-b"),
        Window("for", Period(5, "years")),
        which="latest",
        site="left-breast",
        active=True,
        absent="unknown",
    ),
    "smokes": All(
        (
            Record(
                "finding",
                ("everything:tobacco",),
                Window("within", Period(2, "years")),
                value="everything:tobacco-yes",
            ),
            SexAtBirth("male"),
        )
    ),
    "from-afar": All(
        (
            Origin("hepatitis-b-endemic"),
            Race("race-asian"),
            Ethnicity("everything:not-hispanic"),
            Language(("es", "vi")),
        )
    ),
    "covered": All(
        (
            Record("medicine", ("everything:statin",), Window("overlaps", stretch=WIDE)),
            Record("coverage", ("everything:medicare",)),
            Record("order", ("afp",)),
            Record("close-relative", ("liver-cancer",)),
        )
    ),
    "measured": All(
        (
            AnyOf(
                (
                    ScoreIs("page-b", 10, 18, Period(2, "years")),
                    ScoreIs("child-pugh", 7, 10, Period(1, "years")),
                    ScoreIs("apri", 1, None, Period(1, "years"), 40),
                    Lab("afp", 20, 400, Period(6, "months"), "any", "no"),
                    Lab("platelets", None, 150, None),
                )
            ),
            Sex("male"),
        )
    ),
    "counted": AtLeast(
        2,
        (
            Record("procedure", ("liver-transplant",)),
            Record("report", ("liver-ultrasound",), Window("starts_in", stretch=PRIOR)),
            Age(50, None),
        ),
    ),
    "quit": DateOf("smoking-quit-date", "for", Period(5, "years")),
    "frail": All((FRAIL, OLD)),
    "in-hospice": Record(
        "visit",
        (),
        Window("overlaps", stretch=YEAR),
        settings=("IMP", "ACUTE", "NONAC", "EMER"),
        discharged_to="everything:to-hospice",
    ),
    "declined": Record("finding", ("colorectal-screening-declined",), Window("ends_in", stretch=YEAR), has_value=True),
    "work-up": AnyOf(
        (
            ScanResult(("10828004",)),
            Rising("afp", 3, Period(1, "years")),
            Record("open-order", ("colonoscopy",)),
        )
    ),
    "unread": ScanResult(("uncoded",), ("stool",)),
    "booked": Booked("liver-imaging"),
    "quit-lately": All(
        (DateOf("smoking-quit-date", "within", Period(6, "months"), "no"), Not(ScanResult(("uncoded",))))
    ),
}


@pytest.mark.parametrize("name", CRITERIA)
def test_a_line_becomes_its_criterion(name, rule):
    """Several words in one mapping mean all of them, in the author's order."""
    assert _line(rule, name) == CRITERIA[name]


def test_the_example_has_no_other_lines(rule):
    assert {line.name for _, line in rule.sections()} == set(CRITERIA)


def test_what_stands_around_a_criterion(rule):
    """Grade, reason and source; a pause has what ends it, and a list with an owner."""
    by_name = {line.name: line for _, line in rule.sections()}
    assert [by_name[name].grade for name in ("seen", "smokes", "ill")] == ["B", "C", ""]
    assert (by_name["ill"].why, by_name["ill"].source) == ("the same words in block style", "made-up")
    assert by_name["work-up"].until == ("colonoscopy", "260385009")
    assert by_name["work-up"].worklist == Worklist("work-up", "a nurse", Period(14, "days"))


def test_which_records_are_the_test(rule):
    stool, colonoscopy, once = rule.counts
    results = "test-negative-or-positive"
    assert stool == Counts("stool", finding=("stool-blood-test",), results=results, has_value=True)
    assert once == Counts("once", report=("aorta-ultrasound",))
    assert colonoscopy == Counts(
        "colonoscopy",
        report=("colonoscopy", "ct-colonography"),
        procedure=("colonoscopy",),
        beside=("afp",),
        beside_within=Period(30, "days"),
        at_age=Age(30, None),
        dated_by="end",
    )


def test_when_the_next_is_due(rule):
    """The row without a test comes from the day of risk; what is never due again has no days."""
    nothing = Period(0, "days")
    assert rule.due[0] == DueRow((), (), nothing, Period(2, "months"), "made-up", never_tested=True)
    assert rule.due[1] == DueRow(("stool",), ("260385009",), Period(1, "years"), Period(15, "months"), "made-up")
    assert rule.due[3] == DueRow(("once",), (), None, None, "made-up")
    assert rule.due_from == "longest-lasting-test"


def test_a_parameter_holds_from_its_day(rule):
    """Before its first day its first value holds; each version of the rule is whole."""
    waits = {day: rule.on(day).due[4].due for day in (date(1999, 1, 1), date(2023, 5, 21), date(2023, 5, 22))}
    assert list(waits.values()) == [Period(6, "months"), Period(6, "months"), Period(8, "months")]
    assert [day.isoformat() for day, _ in rule.later] == ["2018-01-01", "2020-01-01", "2023-05-22"]
    assert all(version.cases == rule.cases and version.hash == rule.hash for _, version in rule.later)
    assert rule.age == Age(45, 75)


def test_the_top_of_a_rule(rule):
    assert (rule.scan, rule.accompanied_by, rule.never_counts) == ("stool-blood-test", "afp", ("elastography",))
    assert rule.expected == Expected(100, 900)
    assert [found.name for found in rule.definitions] == ["frail", "old"]
    assert rule.stretches == (YEAR, WIDE, PRIOR)
    assert {entry.attribute for entry in rule.reads} == {
        *("age", "sex", "sex-at-birth", "race", "ethnicity", "language", "birthplace"),
    }


def test_a_rule_holds_every_value_set_it_uses(rule):
    """Its own under its name, those that its scores and relatives need, and those of its cases."""
    assert {"platelets", "ast", "bilirubin", "first-degree-relative", "everything:office"} <= set(rule.value_sets)
    assert all(found.name == name and found.codes for name, found in rule.value_sets.items())


def test_an_exemplar_keeps_the_authors_words(rule):
    (case,) = rule.cases
    assert (case.given.born, case.given.died, case.given.opted_out) == ("1970-05", "2026-02-28", True)
    assert case.given.facts[0] == GivenFact(
        "condition", "cirrhosis", "2020-01-01", until="2021", status="resolved", site="left-breast"
    )
    assert GivenFact("procedure", "colonoscopy", "") in case.given.facts
    assert GivenFact("date", "smoking-quit-date", "2025-01-01", "2015-05") in case.given.facts
    assert dict(case.then) == {
        "status": "excluded",
        "because": "deceased",
        "risk_group": "seen",
        "due_on": "",
        "overdue_on": "",
        "list": "",
        "late": "false",
        "missing": "",
        "flags": "in-hospice-not-known",
    }
