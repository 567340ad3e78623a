"""The letters that are shipped, whole, as a patient gets them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outreach.invite import Letter, LetterFacts, check_templates, compose, languages
from outreach.invite.reading import measure

TEMPLATES = Path(__file__).parents[2] / "templates"
EXPECTED = Path(__file__).parent / "letters"
NEW_YORK = ZoneInfo("America/New_York")
TEN = datetime(2026, 3, 5, 10, tzinfo=NEW_YORK)
AFTER = LetterFacts(
    site_name="Riverside Health",
    phone="555-010-0123",
    visit_start=TEN,
    visit_place="North Clinic",
    slot_start=TEN + timedelta(minutes=75),
    slot_end=TEN + timedelta(minutes=105),
    reply_by=datetime(2026, 3, 3, 17, tzinfo=NEW_YORK),
    fasting_hours=6,
)
BEFORE = replace(AFTER, slot_start=TEN - timedelta(minutes=75), slot_end=TEN - timedelta(minutes=45))
SHIPPED = [("portal", "en"), ("portal", "es"), ("call", "en")]
OCCASIONS = [("after", AFTER), ("before", BEFORE)]


def letter(channel: str, language: str, facts: LetterFacts = AFTER) -> Letter:
    return compose(facts, "hcc-surveillance", channel, language, TEMPLATES)


@pytest.mark.parametrize(("channel", "language"), SHIPPED)
@pytest.mark.parametrize(("when", "facts"), OCCASIONS)
def test_the_whole_letter(channel: str, language: str, when: str, facts: LetterFacts) -> None:
    """A change to a letter shows here as it will be read. To accept one, write it into the expected file."""
    written = letter(channel, language, facts)
    expected = (EXPECTED / f"{channel}.{language}.{when}.txt").read_text(encoding="utf-8")
    assert f"{written.subject}\n\n{written.body}\n" == expected


def test_every_shipped_template_is_in_these_tests() -> None:
    names = {path.name for path in TEMPLATES.glob("hcc-surveillance/*.j2")}
    assert names == {f"{channel}.{language}.txt.j2" for channel, language in SHIPPED}
    assert languages(TEMPLATES, "hcc-surveillance", "portal") == {"en", "es"}


def test_the_shipped_templates_have_no_problem() -> None:
    assert check_templates(TEMPLATES) == []


@pytest.mark.parametrize(("channel", "language"), SHIPPED)
@pytest.mark.parametrize(("when", "facts"), OCCASIONS)
def test_nothing_clinical_and_no_blame(channel: str, language: str, when: str, facts: LetterFacts) -> None:
    """The must-nots, written out again: the subject shows on a locked screen, the body on a shared one."""
    written = letter(channel, language, facts)
    clinical = r"liver|h[ií]gado|hepat|cirr|cancer|cáncer|tumou?r|carcinom|\braces?\b|\braza|risk|riesgo|score"
    pressure = r"urgent|overdue|atrasad|missed|faltó|must|debe\b|immediately|danger|peligro|death|muerte|ordered"
    assert not re.search(f"{clinical}|{pressure}", f"{written.subject}\n{written.body}", re.IGNORECASE)
    assert not re.search(r"\btest|prueba|ultraso|scan|blood|sangre|\d", written.subject, re.IGNORECASE)


@pytest.mark.parametrize(("language", "said"), [("en", "after your visit"), ("es", "después de su cita")])
def test_the_letter_says_where_the_slot_stands_beside_the_visit(language: str, said: str) -> None:
    assert said in letter("portal", language, AFTER).body
    assert said not in letter("portal", language, BEFORE).body


def test_grade_six_or_below_in_english() -> None:
    for channel in ("portal", "call"):
        assert measure(letter(channel, "en").body, "flesch-kincaid") <= 6


def test_quite_easy_or_easier_in_spanish() -> None:
    assert measure(letter("portal", "es").body, "szigriszt-pazos") >= 70


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("America/New_York", "10:00 a.m."),
        ("America/Los_Angeles", "10:00 a.m."),
        ("Europe/Madrid", "10:00"),
        ("UTC", "10:00"),
    ],
)
def test_days_and_times_are_those_of_the_site_in_the_readers_language(zone: str, clock: str) -> None:
    """Spanish has a 12-hour clock in New York and a 24-hour one in Madrid."""
    here = ZoneInfo(zone)
    instants = {
        name: getattr(AFTER, name).replace(tzinfo=here)
        for name in ("visit_start", "slot_start", "slot_end", "reply_by")
    }
    body = letter("portal", "es", replace(AFTER, **instants)).body
    assert f"- Día: jueves, 5 de marzo.\n- Hora: {clock}\n" in body


def test_a_fast_that_begins_the_day_before_says_so() -> None:
    long = replace(AFTER, fasting_hours=12)
    assert "no food after 11:15 PM on Wednesday, March 4." in letter("portal", "en", long).body


def test_a_fast_over_the_change_of_the_clock_is_hours_not_hands() -> None:
    """On 8 March 2026 clocks skip 02:00 to 03:00: six hours before 08:00 is 01:00."""
    sunday = datetime(2026, 3, 8, 10, tzinfo=NEW_YORK)
    early = datetime(2026, 3, 8, 8, tzinfo=NEW_YORK)
    facts = replace(AFTER, visit_start=sunday, slot_start=early, slot_end=early + timedelta(minutes=30))
    assert "no food after 1:00 AM on Sunday, March 8." in letter("portal", "en", facts).body


def test_one_hour_is_singular() -> None:
    assert "for 1 hour before" in letter("portal", "en", replace(AFTER, fasting_hours=1)).body
    assert "durante 1 hora antes" in letter("portal", "es", replace(AFTER, fasting_hours=1)).body
