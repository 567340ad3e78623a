"""The planted truth: its file, its words, and the days on which it turns."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from outreach.synth import generate
from outreach.synth.cast import cast_block
from outreach.synth.infection import points
from outreach.synth.people import patient_id
from outreach.synth.truth import Course, Due, Risk, Truth, due_after_scan, due_unscanned, verdict

AS_OF, LONG_AGO = date(2026, 3, 1), date(2026, 1, 1)
GROUPS = {"cirrhosis", "hepatitis-b-score", "hepatitis-b-family", "hepatitis-b-woman", "hepatitis-b-africa"}
REASONS = {
    "not-now": {"work-up", "unread", "booked", "cannot-tell"},
    "excluded": {"deceased", "liver-cancer", "transplanted", "too-ill-to-treat"},
    "exception": {"opted-out"},
    "not-applicable": {"not-at-risk", "merged"},
}
Row = dict[str, str]


def _truth(folder: Path, patients: int, as_of: date, seed: int = 4) -> list[Row]:
    generate(patients, seed, as_of, folder, background=0)
    with (folder / "truth.csv").open() as file:
        return list(csv.DictReader(file))


def _by_course(rows: list[Row], size: int, seed: int = 4) -> dict[str, list[Row]]:
    """Rows of the people at risk who took each course."""
    by_id, seat, found = {row["patient"]: row for row in rows}, 0, dict[str, list[Row]]()
    for part in cast_block(seed, 0, size):
        if part.kind == "risk":
            found.setdefault(part.course, []).append(by_id[patient_id(seat)])
        seat += part.seats
    return found


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return _truth(tmp_path_factory.mktemp("truth"), 1000, AS_OF)


def test_there_is_one_line_per_patient_resource_in_order(rows: list[Row]) -> None:
    assert list(rows[0]) == ["patient", "rule", "status", "due_on", "risk_group", "reason"]
    assert [row["patient"] for row in rows] == [patient_id(seat) for seat in range(1000)]
    assert {row["rule"] for row in rows} == {"hcc-surveillance"}


def test_every_group_and_reason_occurs_and_no_other(rows: list[Row]) -> None:
    assert {row["risk_group"] for row in rows} == GROUPS | {""}
    for status, reasons in REASONS.items():
        assert {row["reason"] for row in rows if row["status"] == status} == reasons


def test_unknown_says_what_is_missing_in_order(rows: list[Row]) -> None:
    missing = {row["reason"] for row in rows if row["status"] == "unknown"}
    assert {"birth-date", "sex", "platelets", "birthplace"} <= missing
    assert "birth-date;birthplace;platelets;sex" in missing
    assert all(text.split(";") == sorted(text.split(";")) for text in missing)


def test_only_people_who_may_be_scanned_have_a_due_date(rows: list[Row]) -> None:
    for row in rows:
        status, due = row["status"], row["due_on"]
        if status in ("not-applicable", "unknown", "excluded", "exception"):
            assert due == ""
        elif status != "not-now":
            assert due
            assert row["risk_group"]
            assert row["reason"] == ""
            assert (status == "up-to-date") == (due > AS_OF.isoformat())


@pytest.mark.parametrize("as_of", ["2026-03-01", "2026-08-14", "2027-02-28", "2028-02-29", "2026-11-24"])
def test_the_edges_fall_on_the_day(tmp_path: Path, as_of: str) -> None:
    """Due today is due; a day short is up to date; overdue today is overdue; a day short is due."""
    day = date.fromisoformat(as_of)
    courses = _by_course(_truth(tmp_path, 1000, day), 1000)
    assert {(row["status"], row["due_on"]) for row in courses["due-today"]} == {("due", as_of)}
    tomorrow = date.fromordinal(day.toordinal() + 1).isoformat()
    assert {(row["status"], row["due_on"]) for row in courses["due-tomorrow"]} == {("up-to-date", tomorrow)}
    assert {row["status"] for row in courses["overdue-today"]} == {"overdue"}
    assert {row["status"] for row in courses["overdue-tomorrow"]} == {"due"}
    assert {(row["status"], row["due_on"]) for row in courses["never-since-today"]} == {("due", as_of)}


def test_a_day_no_scan_can_be_due_on_gives_the_nearest_before(tmp_path: Path) -> None:
    """No day + 3 or 6 months is 31 December: 30 June and 30 September give 30 December."""
    courses = _by_course(_truth(tmp_path, 300, date(2026, 12, 31)), 300)
    assert {(row["status"], row["due_on"]) for row in courses["due-today"]} == {("due", "2026-12-30")}


def test_paused_people_keep_a_due_date_unless_their_last_scan_gives_none(rows: list[Row]) -> None:
    courses = _by_course(rows, 1000)
    for name in ("afp-20", "afp-rising", "ct-ordered", "booked-ahead"):
        assert all(row["status"] == "not-now" and row["due_on"] for row in courses[name])
    for name in ("positive", "ct-not-clear", "unread-words", "unread-bill-only"):
        assert all(row["status"] == "not-now" and not row["due_on"] for row in courses[name])


@pytest.mark.parametrize(
    ("risk", "course", "truth"),
    [
        (Risk("no"), Course(None, end="deceased"), Truth("not-applicable", reason="not-at-risk")),
        (Risk("unknown", missing=("sex",)), Course(None, end="deceased"), Truth("excluded", reason="deceased")),
        (Risk("unknown", missing=("sex", "platelets")), Course(None), Truth("unknown", reason="platelets;sex")),
        (
            Risk("yes", "cirrhosis"),
            Course(None, pause="work-up", choice="opted-out"),
            Truth("exception", None, "cirrhosis", "opted-out"),
        ),
        (
            Risk("yes", "cirrhosis"),
            Course(None, end="transplanted", choice="opted-out"),
            Truth("excluded", None, "cirrhosis", "transplanted"),
        ),
        (
            Risk("yes", "cirrhosis"),
            Course(Due(AS_OF, date(2026, 5, 1)), pause="booked"),
            Truth("not-now", AS_OF, "cirrhosis", "booked"),
        ),
        (Risk("yes", "cirrhosis"), Course(Due(AS_OF, date(2026, 5, 1))), Truth("due", AS_OF, "cirrhosis")),
        (
            Risk("yes", "cirrhosis"),
            Course(Due(LONG_AGO, AS_OF)),
            Truth("overdue", LONG_AGO, "cirrhosis"),
        ),
    ],
)
def test_the_first_that_holds_is_the_verdict(risk: Risk, course: Course, truth: Truth) -> None:
    assert verdict(risk, course, AS_OF) == truth


@pytest.mark.parametrize(
    ("result", "due", "overdue"),
    [("US-1", "2026-02-28", "2026-04-30"), ("US-2", "2025-11-30", "2026-02-28"), ("clear", "2026-02-28", "2026-04-30")],
)
def test_months_after_a_scan_end_on_the_last_day_there_is(result: str, due: str, overdue: str) -> None:
    assert due_after_scan(date(2025, 8, 31), result) == Due(date.fromisoformat(due), date.fromisoformat(overdue))


def test_a_positive_or_unread_scan_gives_no_next_date() -> None:
    assert due_after_scan(AS_OF, "US-3") is None
    assert due_after_scan(AS_OF, "") is None


def test_the_never_scanned_are_due_when_first_at_risk_and_overdue_two_months_later() -> None:
    assert due_unscanned(date(2025, 12, 31)) == Due(date(2025, 12, 31), date(2026, 2, 28))
    assert due_unscanned(None) is None


@pytest.mark.parametrize(
    ("age", "sex", "platelets", "score"),
    [(55, "male", 150, 18), (45, "male", 210, 10), (35, "female", 250, 2), (29, "female", 99, 9),
     (70, "female", 200, 10), (40, "male", 200, 10), (39, "male", 200, 8), (45, "female", 199, 10),
     (98, "female", 200, 10)],
)  # fmt: skip
def test_page_b(age: int, sex: str, platelets: int, score: int) -> None:
    """The first three from doi:10.1016/j.jhep.2015.11.035; the others by its table, at the edges of its bands."""
    assert points(age, sex, platelets) == score
