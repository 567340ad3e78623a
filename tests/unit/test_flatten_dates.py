"""Dates are intervals with a precision; what cannot be read is kept as text and counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from unit.test_flatten_support import concept, flat, observation, resource

JUNE_1, JUNE_30 = date(2024, 6, 1), date(2024, 6, 30)


@pytest.mark.parametrize(
    ("sent", "lo", "hi", "precision"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("2024-06", JUNE_1, JUNE_30, "month"),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), "month"),
        ("2024-06-30", JUNE_30, JUNE_30, "day"),
        ("2024-06-30T23:59:59Z", JUNE_30, JUNE_30, "day"),
        ("2024-06-30T23:59:59.999-11:00", JUNE_30, JUNE_30, "day"),
        ("2024-06-30T00:30:00+14:00", JUNE_30, JUNE_30, "day"),
        ("0001-01-01", date(1, 1, 1), date(1, 1, 1), "day"),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31), "month"),
    ],
)
def test_a_date_covers_what_it_says_and_stays_the_day_as_written(tmp_path, sent, lo, hi, precision):
    row = flat(tmp_path, Observation=[observation(effectiveDateTime=sent)]).row("observation")
    assert (row["date_lo"], row["date_hi"], row["date_precision"], row["date_raw"]) == (lo, hi, precision, sent)


# fmt: off
UNREADABLE = [
    "2024-13", "2024-02-30", "2024-6-1", "2024/06/01", "20240601", "01-06-2024", "24-06-01", "202", "20245",
    "2024-06-01Z", "2024-06-01x", "0000", "0000-01-01", "-2024-06-01", "epoch", "infinity", "today", "now",
    "2024-06-01 (BC)", "", " 2024-06-01",
]
# fmt: on


def test_what_is_no_fhir_date_is_null_kept_and_counted(tmp_path):
    sent = [observation(f"o{n}", effectiveDateTime=text) for n, text in enumerate(UNREADABLE)]
    night = flat(tmp_path, Observation=sent)
    rows = night.rows("observation")
    assert [row["date_raw"] for row in rows] == UNREADABLE
    assert {(row["date_lo"], row["date_hi"], row["date_precision"]) for row in rows} == {(None, None, None)}
    assert night.nulled("observation", "date_lo") == len(UNREADABLE)
    assert rows[0]["lost"] == [{"column": "date_lo", "raw": "2024-13"}]


def period(**ends: str) -> dict:
    return {"effectiveDateTime": None, "effectivePeriod": ends}


@pytest.mark.parametrize(
    ("sent", "lo", "hi", "precision", "raw"),
    [
        (period(start="2024-06-01", end="2024-06-30"), JUNE_1, JUNE_30, "day", "2024-06-01/2024-06-30"),
        (period(start="2024-06"), JUNE_1, JUNE_30, "month", "2024-06"),
        (period(start="2024-06-01", end="2024-06"), JUNE_1, JUNE_30, "month", "2024-06-01/2024-06"),
        (period(start="2024-06", end="2024"), JUNE_1, date(2024, 12, 31), "year", "2024-06/2024"),
        (period(start="2024", end="2024-06-30"), date(2024, 1, 1), JUNE_30, "year", "2024/2024-06-30"),
        (period(end="2024-06"), None, JUNE_30, "month", "/2024-06"),
        (period(start="2024-06-01", end="later"), JUNE_1, None, None, "2024-06-01/later"),
        (period(start="once", end="2024-06-30"), None, JUNE_30, None, "once/2024-06-30"),
        (period(), None, None, None, None),
    ],
)
def test_a_period_runs_from_its_start_to_its_end(tmp_path, sent, lo, hi, precision, raw):
    """Its precision is that of its coarser end; with an end that cannot be read it has none."""
    row = flat(tmp_path, Observation=[observation(**sent)]).row("observation")
    assert (row["date_lo"], row["date_hi"], row["date_precision"], row["date_raw"]) == (lo, hi, precision, raw)


def test_both_ends_of_a_period_are_counted(tmp_path):
    night = flat(tmp_path, Observation=[observation(**period(start="once", end="later"))])
    assert (night.nulled("observation", "date_lo"), night.nulled("observation", "date_hi")) == (1, 1)


@pytest.mark.parametrize(
    ("start", "end", "lost"),
    [
        ("2024-06-10", "2024-06", False),
        ("2024-06-10", "2024", False),
        ("2024-06", "2024-06-01", False),
        ("2024-06-10", "2024-05", True),
        ("2024-06-10", "2023", True),
        ("2024-06", "2024-05-31", True),
        ("2024-06-10", "2024-06-09", True),
    ],
)
def test_an_end_is_lost_only_where_its_last_day_is_before_the_start(tmp_path, start, end, lost):
    row = flat(tmp_path, Observation=[observation(**period(start=start, end=end))]).row("observation")
    assert row["lost"] == ([{"column": "date_hi", "raw": end}] if lost else None)


@pytest.mark.parametrize(
    ("sent", "lo"),
    [
        ({"effectiveDateTime": None, "effectiveInstant": "2024-06-01T01:00:00Z", "issued": "2025-01-01"}, JUNE_1),
        ({"effectiveDateTime": None, "issued": "2024-06-01T01:00:00Z"}, JUNE_1),
        ({"effectiveDateTime": "2024-06-01", "issued": "2025-01-01T01:00:00Z"}, JUNE_1),
        ({**period(end="2024-06-01"), "issued": "2025-01-01T01:00:00Z"}, None),
        ({"effectiveDateTime": "some day", "issued": "2024-06-01T01:00:00Z"}, None),
    ],
)
def test_issued_stands_in_only_when_nothing_else_is_said(tmp_path, sent, lo):
    """An unreadable date is not a missing one: the day of issue would be a guess."""
    assert flat(tmp_path, Observation=[observation(**sent)]).row("observation")["date_lo"] == lo


@pytest.mark.parametrize(
    ("sent", "lo", "source"),
    [
        ({"onsetDateTime": "2024-06-01", "recordedDate": "2025-01-01"}, JUNE_1, "onset"),
        ({"onsetPeriod": {"start": "2024-06-01"}, "recordedDate": "2025-01-01"}, JUNE_1, "onset"),
        ({"onsetString": "in the spring", "recordedDate": "2024-06-01"}, JUNE_1, "recorded"),
        ({"onsetAge": {"value": 41}}, None, None),
        ({}, None, None),
    ],
)
def test_a_condition_says_where_its_date_comes_from(tmp_path, sent, lo, source):
    row = flat(tmp_path, Condition=[resource("Condition", code=concept("K74.60"), **sent)]).row("condition")
    assert (row["date_lo"], row["date_source"]) == (lo, source)


def test_an_abatement_is_an_interval_too(tmp_path):
    first = resource("Condition", "1", abatementDateTime="2024-06")
    second = resource("Condition", "2", abatementPeriod={"start": "2024-06-01", "end": "2024-06-30"})
    rows = flat(tmp_path, Condition=[first, second]).rows("condition")
    assert [(row["abated_lo"], row["abated_hi"]) for row in rows] == [(JUNE_1, JUNE_30)] * 2
    assert [(row["abated_precision"], row["abated_raw"]) for row in rows] == [
        ("month", "2024-06"), ("day", "2024-06-01/2024-06-30"),
    ]  # fmt: skip


def test_an_abatement_that_cannot_be_read_is_not_the_same_as_none(tmp_path):
    night = flat(tmp_path, Condition=[resource("Condition", abatementDateTime="last spring")])
    row = night.row("condition")
    assert (row["abated_lo"], row["abated_hi"], row["abated_precision"]) == (None, None, None)
    assert (row["abated_raw"], night.nulled("condition", "abated_lo")) == ("last spring", 1)


def test_every_day_of_two_leap_cycles_is_read_as_itself(tmp_path):
    days = [date(2019, 12, 31) + timedelta(days=n) for n in range(3000)]
    sent = [observation(str(n), effectiveDateTime=day.isoformat()) for n, day in enumerate(days)]
    assert [row["date_lo"] for row in flat(tmp_path, Observation=sent).rows("observation")] == days
