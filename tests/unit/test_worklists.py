"""The lists of the morning say what was found and where, in words; an empty ask list is a list."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from outreach.demo.review import _papers, _record, _visits
from outreach.post.words import CallRow
from outreach.worklists import found, write_call_lists, write_worklists

NEW_YORK = ZoneInfo("America/New_York")
_OUTCOMES = """
COPY (SELECT * FROM (VALUES ('r', 'p1', 'work-up', 'liver-work-up'), ('r', 'p2', 'not-due', ''))
    t(programme, person, reason, list_name)) TO '{path}'
"""
_ASSESSMENT = """
COPY (SELECT person, 'r' AS rule, 'not-now' AS status, NULL::DATE AS due_on, NULL::DATE AS overdue_on,
    'g' AS risk_group, []::VARCHAR[] AS missing, DATE '2026-02-20' AS since, false AS late,
    [{{'n': 0::SMALLINT, 'truth': true, 'applies': true, 'resource': NULL::VARCHAR, 'on': NULL::DATE,
       'value': NULL::VARCHAR}},
     {{'n': 1::SMALLINT, 'truth': true, 'applies': true, 'resource': 'DiagnosticReport/d1', 'on': DATE '2026-02-20',
       'value': 'US-3'}}] AS criteria FROM (VALUES ('p1'), ('p2')) t(person)) TO '{path}'
"""
_NAMES = """
COPY (SELECT 'r' AS rule, * FROM (VALUES (0, 0, 'not_now', 'work-up'),
    (1, 1, 'not_now', 'work-up: latest test is US-3'),
    (2, 2, 'not_now', 'work-up: open order: CT')) t(place, n, section, criterion)) TO '{path}'
"""
_PERSON = "COPY (SELECT 'p1' AS id, 'es' AS language, false AS interpreter) TO '{path}'"


@pytest.fixture
def tables(tmp_path) -> Path:
    """One person in work-up, one on no list."""
    for name, sql in {"outcomes": _OUTCOMES, "assessment": _ASSESSMENT, "criteria": _NAMES, "person": _PERSON}.items():
        duckdb.execute(sql.format(path=tmp_path / f"{name}.parquet"))
    return tmp_path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_pause_says_what_was_found(tables):
    assert write_worklists(tables, tables) == {"ask-list": 0, "liver-work-up": 1}
    (row,) = read(tables / "liver-work-up.csv")
    assert (row["reason"], row["found"]) == ("work-up", "latest test is US-3: US-3 on 2026-02-20")


def test_who_is_held_because_it_cannot_be_told_is_asked_for_what_is_open():
    entry = {"section": "not_now", "criterion": "raised: latest afp of 20 ng/mL or more", "truth": None, "on": None}
    told = [
        entry | {"value": None},
        entry | {"section": "at_risk", "value": "x"},
        entry | {"truth": True, "value": "x"},
    ]
    assert found("cannot-tell", told) == "latest afp of 20 ng/mL or more: not known"


def test_an_empty_ask_list_is_a_list(tables):
    write_worklists(tables, tables)
    assert (tables / "ask-list.csv").read_text().splitlines()[0].startswith("programme,person,reason,found,")
    assert read(tables / "ask-list.csv") == []


def test_a_place_to_call_about_has_its_name(tmp_path):
    start = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
    who = ("call-list", "no-portal-account", "k", "p1", "Ana", "1", "es", None, None, None)
    calls = [CallRow(*who, "v", start, place, "") for place in ("l1", "l2")]
    write_call_lists(calls, tmp_path, NEW_YORK, "", {"l1": "North Clinic"})
    assert sorted(row["visit_place"] for row in read(tmp_path / "call-list.csv")) == ["North Clinic", "l2"]


def test_the_review_sheet_speaks_in_words_and_by_the_clinics_clock(tmp_path):
    """No bare “does not apply”, no id, no UTC."""
    outside = {"criterion": "g: page-b of 10 or more", "section": "at_risk", "truth": False, "applies": False,
               "resource": None, "on": None, "value": "does not apply"}  # fmt: skip
    score = outside | {"applies": True, "truth": True, "value": "page-b 12"}
    ill = outside | {
        "applies": True,
        "truth": True,
        "value": "Cirrhosis",
        "resource": "Condition/c1",
        "on": date(2020, 1, 5),
    }
    assert _record([outside, score, ill]) == ["PAGE-B 12", "Cirrhosis on 5 January 2020"]
    duckdb.execute(
        "COPY (SELECT 'a1' AS id, 'p1' AS person, TIMESTAMPTZ '2026-03-05 14:30:00+00' AS start, 'booked' AS status, "
        f"'l1' AS location) TO '{tmp_path / 'appointment.parquet'}'"
    )
    duckdb.execute(f"COPY (SELECT 'l1' AS id, 'North Clinic' AS name) TO '{tmp_path / 'location.parquet'}'")
    assert _visits(tmp_path, "p1", NEW_YORK) == ["visit: 5 March 2026, 09:30, North Clinic, booked"]
    duckdb.execute(
        "COPY (SELECT 'o1' AS id, 'p1' AS person, 'active' AS status, true AS requester, 'Ultrasound' AS display) "
        f"TO '{tmp_path / 'service_request.parquet'}'"
    )
    duckdb.execute(
        "COPY (SELECT 'c1' AS id, 'p1' AS person, 'active' AS status, 'deny' AS provision, 'patient-privacy' AS scope) "
        f"TO '{tmp_path / 'consent.parquet'}'"
    )
    assert _papers(tmp_path, "p1") == ["order: Ultrasound, active", "consent: deny, active, about patient privacy"]
