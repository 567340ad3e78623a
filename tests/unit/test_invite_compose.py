"""When a letter is written, and every way to have none."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import Refused
from outreach.invite import (
    Letter,
    LetterFacts,
    MissingFact,
    NotComposed,
    NoTemplate,
    TooLong,
    UnsafeFact,
    compose,
    languages,
)

TEMPLATES = Path(__file__).parents[2] / "templates"
NEW_YORK = ZoneInfo("America/New_York")
TEN = datetime(2026, 3, 5, 10, tzinfo=NEW_YORK)
FACTS = LetterFacts(
    site_name="Riverside Health",
    phone="555-010-0123",
    visit_start=TEN,
    visit_place="North Clinic",
    slot_start=TEN + timedelta(minutes=75),
    slot_end=TEN + timedelta(minutes=105),
    reply_by=datetime(2026, 3, 3, 17, tzinfo=NEW_YORK),
    fasting_hours=6,
)


def write(facts: LetterFacts = FACTS, language: str = "en", channel: str = "portal") -> Letter:
    return compose(facts, "hcc-surveillance", channel, language, TEMPLATES)


def own(tmp_path: Path, text: str) -> Path:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "portal.en.txt.j2").write_bytes(text.encode())
    return tmp_path


@pytest.mark.parametrize("asked", ["es", "es-MX", "ES", "es_US", "es-419", " es "])
def test_the_primary_language_decides(asked: str) -> None:
    assert write(language=asked).language == "es"


@pytest.mark.parametrize(
    "asked", ["vi", "zh-Hans", "spa", "e", "", "english", "../hcc-surveillance/portal.en", "en\x00"]
)
def test_no_template_in_a_language_means_no_letter_never_english(asked: str) -> None:
    with pytest.raises(NoTemplate) as none:
        write(language=asked)
    assert (none.value.language, none.value.reason) == (asked, "no-template")


@pytest.mark.parametrize("channel", ["letter", "../portal", "portal.en", ""])
def test_no_template_for_a_channel(channel: str) -> None:
    with pytest.raises(NoTemplate):
        write(channel=channel)


@pytest.mark.parametrize("programme", ["breast", "..", "../templates/hcc-surveillance", ""])
def test_no_template_for_a_programme(programme: str) -> None:
    with pytest.raises(NoTemplate):
        compose(FACTS, programme, "portal", "en", TEMPLATES)


@pytest.mark.parametrize("fact", [f.name for f in fields(LetterFacts)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_fact_is_needed_and_named_when_missing(fact: str, language: str) -> None:
    with pytest.raises(MissingFact) as missing:
        write(replace(FACTS, **{fact: None}), language)
    assert (missing.value.name, missing.value.reason) == (fact, "missing-fact")


@pytest.mark.parametrize("fact", ["site_name", "phone", "visit_place"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_is_a_missing_fact(fact: str, blank: str) -> None:
    with pytest.raises(MissingFact):
        write(replace(FACTS, **{fact: blank}))


def test_nothing_to_fast_for_is_a_fact() -> None:
    """Zero is a number of hours, not a missing one."""
    assert "eat nothing for 0 hours" in write(replace(FACTS, fasting_hours=0)).body


@pytest.mark.parametrize("fact", ["site_name", "phone", "visit_place"])
@pytest.mark.parametrize("sign", ["\n", "\r", "\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u2066", "\ud800", "\ue000"])
def test_a_fact_cannot_forge_a_line_or_hide_text(fact: str, sign: str) -> None:
    with pytest.raises(UnsafeFact) as unsafe:
        write(replace(FACTS, **{fact: f"Clinic{sign}PRIVATE"}))
    assert (unsafe.value.name, unsafe.value.reason) == (fact, "unsafe-fact")
    assert "PRIVATE" not in str(unsafe.value), "no value in a message"


def test_what_looks_like_a_template_in_a_fact_is_text() -> None:
    assert "{{ phone }}{% block body %}" in write(replace(FACTS, visit_place="{{ phone }}{% block body %}")).body


@given(st.text(min_size=1, max_size=60))
def test_any_name_of_a_place_is_written_as_it_is_or_refused(name: str) -> None:
    try:
        letter = write(replace(FACTS, visit_place=name))
    except NotComposed:
        return
    assert f"The place is {name.strip()}." in letter.body
    assert letter.body.count("\n") == write().body.count("\n")


def test_a_letter_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(TooLong) as long:
        write(replace(FACTS, visit_place="x" * 900))
    assert long.value.reason == "too-long"


def test_the_longest_letter_a_portal_takes(tmp_path: Path) -> None:
    def sized(subject: int, body: int) -> Letter:
        text = f"{{% block subject %}}{'s' * subject}{{% endblock %}}{{% block body %}}{'b' * body}{{% endblock %}}"
        (tmp_path / "p").mkdir(exist_ok=True)
        (tmp_path / "p" / "portal.en.txt.j2").write_text(text, encoding="utf-8")
        return compose(FACTS, "p", "portal", "en", tmp_path)

    assert [len(x) for x in (sized(80, 2_000).subject, sized(80, 2_000).body)] == [80, 2_000]
    for too_long in ((81, 1), (1, 2_001)):
        with pytest.raises(TooLong):
            sized(*too_long)


@pytest.mark.parametrize(
    "wrong",
    [datetime(2026, 3, 5, 15, tzinfo=UTC), TEN.replace(tzinfo=None), TEN.replace(tzinfo=timezone(timedelta(hours=-5)))],
)
def test_an_instant_outside_the_sites_zone_is_refused(wrong: datetime) -> None:
    """It would be written as the time of another place."""
    with pytest.raises(ValueError, match="one time zone"):
        replace(FACTS, visit_start=wrong)
    with pytest.raises(ValueError, match="one time zone"):
        replace(FACTS, reply_by=TEN.replace(tzinfo=ZoneInfo("America/Chicago")))


def test_the_hash_is_that_of_the_file() -> None:
    path = TEMPLATES / "hcc-surveillance" / "portal.en.txt.j2"
    assert write().template_hash == sha256(path.read_bytes()).hexdigest()
    assert write().template_hash != write(language="es").template_hash


def test_a_file_written_on_windows_is_the_same_letter(tmp_path: Path) -> None:
    text = (TEMPLATES / "hcc-surveillance" / "portal.en.txt.j2").read_text(encoding="utf-8")
    letter = compose(FACTS, "p", "portal", "en", own(tmp_path, text.replace("\n", "\r\n")))
    assert (letter.subject, letter.body) == (write().subject, write().body)


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ phone.__len__ }}",
        "{{ phone|attr('__class__') }}",
        "{% import 'x' as y %}",
        "{% macro f() %}{% endmacro %}",
        "{{ 1 // 0 }}",
        "{{ patient_name }}",
    ],
)
def test_a_template_does_nothing_but_say_facts(tmp_path: Path, body: str) -> None:
    text = f"{{% block subject %}}s{{% endblock %}}{{% block body %}}{body}{{% endblock %}}"
    with pytest.raises(Refused):
        compose(FACTS, "p", "portal", "en", own(tmp_path, text))


def test_which_languages_there_are() -> None:
    assert languages(TEMPLATES, "hcc-surveillance", "portal") == {"en", "es"}
    assert languages(TEMPLATES, "hcc-surveillance", "call") == {"en"}
    assert languages(TEMPLATES, "no-such-programme", "portal") == frozenset()
