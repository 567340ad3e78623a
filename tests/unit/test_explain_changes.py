"""What would change an answer, and when: dates that come by themselves, records that would have to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.assessment import Assessment, Evidence, Finding, Status
from outreach.domain.calendar import Period, add
from outreach.explain.changes import changes
from outreach.explain.clinician import in_words
from outreach.explain.endings import last_day
from outreach.explain.lines import story
from outreach.explain.row import Told
from outreach.prose.sections.lines import until
from outreach.rulebook.criterion import leaves
from outreach.rulebook.model import Rule
from unit.docs_rule import DAY, rule

YES, NO, CANNOT = True, False, None


def told(
    found: Rule,
    status: Status,
    answers: dict[str, bool | None],
    evidence: dict[str, Evidence] | None = None,
    **more: object,
) -> Told:
    """A row of the night for a rule: every criterion answered no but those named “line” or “line/place”."""
    evidence = evidence or {}
    rows = [Finding("at_risk", "age 18 or older", answers.get("age", YES), evidence.get("age"))]
    for section, line in found.sections():
        rows.append(Finding(section, line.name, answers.get(line.name, NO), None))
        for place, _ in enumerate(leaves(line.criterion)):
            key = f"{line.name}/{place}"
            rows.append(Finding(section, f"{line.name}: something", answers.get(key, NO), evidence.get(key)))
    rows.append(Finding("next_due", "latest test that counts", NO, None))
    plain = Assessment("p1", found.name, status, "", None, None, "", (), (), "", None, False, tuple(rows))
    return Told(replace(plain, **more), DAY, found.hash, Path("home/nights/2026-03-01"))


def says(row: Told, found: Rule | None) -> list[str]:
    return [change.says for change in changes(row, story(row, found))]


def test_the_dates_that_come_by_themselves():
    """Up to date becomes due, then overdue; each with its day."""
    found = rule()
    row = told(found, Status.UP_TO_DATE, {}, due_on=date(2026, 3, 12), overdue_on=date(2026, 5, 12))
    days = [(change.says, change.on) for change in changes(row, story(row, found))]
    assert days[:2] == [
        ("Becomes due on 12 March 2026.", date(2026, 3, 12)),
        ("Overdue from 12 May 2026.", date(2026, 5, 12)),
    ]
    assert says(told(found, Status.UP_TO_DATE, {}), found)[0] == "Nothing by itself: this test is done once."


def test_a_pause_says_what_ends_it():
    """An open work-up by the result that closes it; an unread report by its coding; then the dates hold again."""
    found = rule()
    seen = {"work-up/0": Evidence("DiagnosticReport/1", date(2026, 2, 1), "US-3")}
    row = told(
        found, Status.NOT_NOW, {"work-up": YES, "work-up/0": YES}, seen, reason="work-up", due_on=date(2026, 2, 1)
    )
    assert says(row, found) == [
        f"This pause ends with {until(found.not_now[0], found)} (1 February 2026).",
        "Once it ends, the dates hold again: the test was due on 1 February 2026.",
    ]
    unread = {"unread/0": Evidence("DiagnosticReport/1", date(2026, 2, 1), "no coded result")}
    row = told(found, Status.NOT_NOW, {"unread": YES, "unread/0": YES}, unread, reason="unread")
    assert says(row, found) == [
        "Ends when somebody codes the result of the test of 1 February 2026, or with a later test whose result is "
        "coded."
    ]


def test_several_reasons_to_wait_must_all_end():
    found = rule()
    row = told(found, Status.NOT_NOW, {"work-up": YES, "work-up/0": YES, "work-up/1": YES}, reason="work-up")
    assert says(row, found)[0] == "Several things hold it, and all must end:"
    assert len(says(row, found)) == 3


def test_what_cannot_be_told_is_named():
    found = rule()
    row = told(found, Status.NOT_NOW, {"work-up": CANNOT, "work-up/1": CANNOT}, reason="cannot-tell")
    assert says(row, found) == [
        "It must be known whether the person has “alpha-fetoprotein in blood, by mass” of 20 ng/mL or more "
        "(the latest value) (“work-up”)."
    ]
    row = told(found, Status.UNKNOWN, {}, reason="ask-list", missing=("birthplace", "platelets"))
    assert says(row, found) == [
        "These, or one of them, would settle it if recorded: country of birth and platelets in blood."
    ]


def test_who_is_not_at_risk_is_told_the_ways_in():
    """One answer away: by a birthday, with its day; never by what a person was born with."""
    found = rule()
    born = {
        "age": Evidence("Patient/p1", None, "2009-05-02"),
        "hepatitis-b-man/2": Evidence("Patient/p1", None, "2009-05-02"),
    }
    row = told(
        found, Status.NOT_APPLICABLE, {"age": NO, "cirrhosis": NO, "cirrhosis/0": YES}, born, reason="not-at-risk"
    )
    assert says(row, found) == ["At risk from 2 May 2027 on by age (“cirrhosis”)."]
    answers = {"hepatitis-b-man/0": YES, "hepatitis-b-man/1": YES, "hepatitis-b-man/2": NO, "hepatitis-b-man/3": YES}
    grown = {key: replace(seen, value="1990-05-02") for key, seen in born.items()}
    row = told(found, Status.NOT_APPLICABLE, answers, grown, reason="not-at-risk")
    assert "At risk from 2 May 2030 on by age (“hepatitis-b-man”)." in says(row, found)
    row = told(
        found,
        Status.NOT_APPLICABLE,
        {**answers, "hepatitis-b-man/2": YES, "hepatitis-b-man/3": NO},
        grown,
        reason="not-at-risk",
    )
    assert not any("born in" in line for line in says(row, found))


def test_an_end_lasts_until_its_record_is_corrected():
    found = rule()
    seen = {"cancer/0": Evidence("Condition/7", date(2025, 1, 1), "Liver cell carcinoma")}
    row = told(found, Status.EXCLUDED, {"cancer": YES, "cancer/0": YES}, seen, reason="cancer")
    assert says(row, found) == ["Ends only if the record is corrected: Condition/7."]
    assert says(told(found, Status.EXCLUDED, {}, reason="deceased"), found)[0].startswith(
        "Nothing, unless the record is wrong"
    )


def test_a_rule_that_changed_since_is_not_guessed_at():
    """The night's own words stand; no criterion of another rule is put in their place."""
    found = rule()
    row = told(found, Status.NOT_NOW, {"work-up": YES, "work-up/0": YES}, reason="work-up", due_on=date(2026, 2, 1))
    for other in (None, replace(found, hash="another")):
        text = in_words(row, story(row, other), changes(row, story(row, other)))
        assert "Paused: “work-up”." in text
        assert "has changed since this night" in text
        assert "US-3" not in text


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(1, 40),
    st.sampled_from(["days", "weeks", "months", "years"]),
)
def test_the_day_a_record_drops_out_is_exact(on, count, unit):
    """The last day that still looks back to the record, and not a day more."""
    period = Period(count, unit)
    day = last_day(on, period)
    assert add(day, period, -1) <= on
    assert add(day + timedelta(days=1), period, -1) > on


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_headline_and_no_raw_date(status):
    """Dates are written as people say them, and nothing says None."""
    found = rule()
    row = told(
        found,
        status,
        {},
        reason="work-up",
        due_on=date(2026, 2, 1),
        overdue_on=date(2026, 4, 1),
        missing=("sex",),
        list_name="x",
        since=date(2026, 1, 1),
    )
    text = in_words(row, story(row, found), changes(row, story(row, found)), "nothing")
    assert "2026-0" not in text
    assert "None" not in text
    assert "1 March 2026" in text.splitlines()[0]
