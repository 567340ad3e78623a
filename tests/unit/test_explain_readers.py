"""One answer for the person, in plain words; one for other systems, in codes."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime
from typing import get_args

import pytest

from outreach.domain.assessment import Assessment, Evidence, Finding, Status
from outreach.domain.calendar import Period
from outreach.errors import Refused
from outreach.explain.changes import changes
from outreach.explain.data import Reason, as_json, care_gap_reason, gap_status
from outreach.explain.lines import Answer, story
from outreach.explain.logic import alone, judge
from outreach.explain.patient import for_patient
from outreach.invite.reading import measure
from outreach.rulebook.criterion import Age, All, AnyOf, AtLeast, Lab, Not, Record, ScoreIs, Sex
from outreach.rulebook.terms import Window
from unit.docs_rule import DAY, rule
from unit.test_docs_words import SAID
from unit.test_explain_changes import YES, told

#: What a message to a person must never hold (the clinical brief: no diagnosis, organ, score, blame, fear).
NEVER = ("cancer", "hepatitis", "cirrhosis", "liver", "tumo", "score", "risk", "missed", "late", "overdue", "failed",
         "race", "immediately", "urgent", "diagnos", "exclu", "deceased", "programme", "not-now")  # fmt: skip


def assessment(
    status: Status, reason: str = "", due: date | None = date(2026, 9, 1), late: date | None = date(2026, 11, 1)
) -> Assessment:
    return Assessment("p1", "r", status, reason, due, late, "g", (), (), "", None, False)


@pytest.mark.parametrize("status", Status)
def test_the_person_is_told_in_plain_words(status):
    """Grade 6 or below, short, and nothing that must not stand in a message."""
    text = for_patient(assessment(status, "too-ill-to-treat"))
    assert measure(text, "flesch-kincaid") <= 6
    assert len(text.split()) <= 45
    assert [word for word in NEVER if word in text.lower()] == []
    assert "None" not in text


def test_the_person_is_told_of_the_place_that_is_held():
    """By its time alone: neither its id nor the name of a clinic, which may say what for."""
    text = for_patient(assessment(Status.OVERDUE), datetime(2026, 3, 5, 9, 30, tzinfo=UTC))
    assert "We keep a place for you at 09:30 on 5 March 2026." in text
    assert measure(text, "flesch-kincaid") <= 6
    assert [word for word in NEVER if word in text.lower()] == []
    assert "place" not in for_patient(assessment(Status.EXCLUDED), datetime(2026, 3, 5, 9, 30, tzinfo=UTC))


def test_the_person_is_told_the_day_and_once_is_once():
    assert "1 September 2026" in for_patient(assessment(Status.UP_TO_DATE))
    assert "again" in for_patient(assessment(Status.UP_TO_DATE, due=None, late=None))


@pytest.mark.parametrize("reason", ["deceased", "merged"])
def test_some_are_told_nothing(reason):
    """Nobody writes to the dead, nor to a record that belongs to another."""
    status = Status.EXCLUDED if reason == "deceased" else Status.NOT_APPLICABLE
    with pytest.raises(Refused):
        for_patient(assessment(status, reason))


@pytest.mark.parametrize(
    ("found", "gap"),
    [
        (assessment(Status.NOT_APPLICABLE), "not-applicable"),
        (assessment(Status.UNKNOWN), None),
        (assessment(Status.EXCLUDED), "closed-gap"),
        (assessment(Status.EXCEPTION), "closed-gap"),
        (assessment(Status.UP_TO_DATE), "closed-gap"),
        (assessment(Status.DUE), "prospective-gap"),
        (assessment(Status.OVERDUE), "open-gap"),
        (assessment(Status.NOT_NOW), "closed-gap"),
        (assessment(Status.NOT_NOW, due=date(2026, 2, 1), late=date(2026, 4, 1)), "prospective-gap"),
        (assessment(Status.NOT_NOW, due=date(2026, 1, 1), late=DAY), "open-gap"),
        (assessment(Status.NOT_NOW, due=None, late=None), "open-gap"),
    ],
)
def test_a_gap_is_open_only_where_it_is(found, gap):
    """Whoever is outside the population has no open gap; a pause does not close one."""
    assert gap_status(found, DAY) == gap


def finding(truth: bool | None, seen: Evidence | None) -> Finding:
    return Finding("at_risk", "x: y", truth, seen)


def test_every_finding_has_a_reason_code():
    """A total map: every kind of criterion, every truth, with and without a record."""
    seen = (None, Evidence("Observation/1", DAY, "31 ng/mL"), Evidence("Patient/1", None, ""))
    kinds = [None, *(criterion for criterion, _ in SAID)]
    for leaf, truth, record, applies in itertools.product(kinds, (True, False, None), seen, (True, False)):
        assert care_gap_reason(Answer(finding(truth, record), leaf, applies)) in get_args(Reason)


@pytest.mark.parametrize(
    ("leaf", "truth", "seen", "code"),
    [
        (Lab("afp", 20, None, None), True, "31 ng/mL", "ValueInRange"),
        (Lab("afp", 20, None, None), False, "3 ng/mL", "ValueOutOfRange"),
        (Lab("afp", 20, None, None), False, "", "NotFound"),
        (Lab("afp", 20, None, None), None, "a value in a unit we cannot read", "NonComputableDocumentation"),
        (Lab("afp", 20, None, None), None, "", "NotFound"),
        (Record("diagnosis", ("x",)), True, "X", "Present"),
        (Record("diagnosis", ("x",)), False, "", "NotFound"),
        (Record("diagnosis", ("x",), Window("within", Period(2, "years"))), True, "X", "DateInRange"),
        (Record("visit", ("x",), count=2), True, "X", "CountInRange"),
        (Record("visit", ("x",), count=2), False, "X", "CountOutOfRange"),
        (Age(50, None), False, "1990-01-01", "ValueOutOfRange"),
        (Sex("male"), False, "female", "InvalidAttribute"),
    ],
)
def test_the_codes_say_what_was_found(leaf, truth, seen, code):
    record = Evidence("Observation/1", DAY, seen) if seen else None
    assert care_gap_reason(Answer(finding(truth, record), leaf)) == code
    assert care_gap_reason(Answer(finding(truth, record), leaf, applies=False)) == "InvalidAttribute"


def test_the_json_holds_the_whole_answer():
    """One line; statuses, dates, truths, evidence, codes and changes."""
    found = rule()
    seen = {"cirrhosis/0": Evidence("Condition/1", date(2020, 1, 15), "Cirrhosis")}
    row = told(
        found,
        Status.OVERDUE,
        {"cirrhosis": YES, "cirrhosis/0": YES},
        seen,
        due_on=date(2025, 9, 1),
        overdue_on=date(2025, 11, 1),
        risk_group="cirrhosis",
    )
    text = as_json(row, story(row, found), changes(row, story(row, found)), "an invitation was sent", "words")
    answer = json.loads(text)
    assert "\n" not in text
    assert (answer["status"], answer["due_on"], answer["gap_status"]) == ("overdue", "2025-09-01", "open-gap")
    assert (answer["from"], answer["as_of"], answer["risk_group"]) == ("night", "2026-03-01", "cirrhosis")
    known = [f for f in answer["findings"] if f["evidence"]]
    assert [(f["evidence"]["resource"], f["reason"], f["truth"], f["applies"]) for f in known] == [
        ("Condition/1", "Present", True, True)
    ]
    assert all(f["reason"] for f in answer["findings"])


MALE, OLD, ILL = Sex("male"), Age(40, None), ScoreIs("page-b", 10, None, Period(2, "years"))


@pytest.mark.parametrize(
    ("criterion", "answers", "truth"),
    [
        (All((MALE, OLD)), ("yes", "yes"), "yes"),
        (All((MALE, OLD)), ("no", "unknown"), "no"),
        (All((MALE, OLD)), ("outside", "unknown"), "outside"),
        (All((MALE, OLD)), ("yes", "unknown"), "unknown"),
        (AnyOf((MALE, OLD)), ("yes", "unknown"), "yes"),
        (AnyOf((MALE, OLD)), ("outside", "unknown"), "unknown"),
        (AnyOf((MALE, OLD)), ("outside", "no"), "outside"),
        (Not(MALE), ("outside", "no"), "outside"),
        (Not(MALE), ("unknown", "no"), "unknown"),
        (AtLeast(2, (MALE, OLD)), ("yes", "no"), "no"),
        (AtLeast(1, (MALE, OLD)), ("outside", "no"), "outside"),
        (AtLeast(1, (MALE, OLD)), ("unknown", "outside"), "unknown"),
    ],
)
def test_four_truths(criterion, answers, truth):
    """The rule language's own table: no, outside and unknown are three different answers."""
    assert judge(criterion, dict(zip((MALE, OLD), answers, strict=True))) == truth


def test_what_alone_would_turn_a_line():
    """Only answers of which each by itself is enough."""
    answers = [Answer(finding(True, None), MALE), Answer(finding(False, None), OLD), Answer(finding(False, None), ILL)]
    assert [a.leaf for a in alone(All((MALE, OLD)), answers, "yes")] == [OLD]
    assert alone(All((OLD, ILL)), answers, "yes") == []
    assert [a.leaf for a in alone(AnyOf((OLD, ILL)), answers, "yes")] == [OLD, ILL]
    assert [a.leaf for a in alone(All((MALE, Not(OLD))), answers, "no")] == [MALE, OLD]
