"""The day of an instant where the site is: what is booked for the evening is not booked for tomorrow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest

from outreach.assess import Day, DuckEngine, assess
from outreach.assess.calendar import local_day
from outreach.rulebook.load import load
from unit.test_flatten_support import flat, resource

SINCE = date(2026, 3, 1)
#: Once a year or twice, by an hour or a half, for Ramadan, not at all, and on either side of UTC.
ZONES = ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC", "Pacific/Apia"]


def _days(engine, zone: str, tmp_path) -> list[tuple[datetime, date]]:
    start = datetime(2026, 3, 1, tzinfo=ZoneInfo(zone))
    instants = [start.astimezone(UTC) + n * timedelta(minutes=437) for n in range(2400)]  # nearly two years
    given = engine.values("instants", pa.table({"moment": pa.array(instants, pa.timestamp("us", "UTC"))}))
    days = engine.keep("days", given.select("moment", day=local_day(given.moment, start)))
    engine.write(days, tmp_path / "days.parquet")()
    told = "SELECT epoch_us(moment), day FROM read_parquet($file)"
    found = duckdb.execute(told, {"file": str(tmp_path / "days.parquet")}).fetchall()
    return [(datetime.fromtimestamp(us / 1_000_000, ZoneInfo(zone)), day) for us, day in found]


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_at_midnight_in_its_zone(tmp_path, zone):
    engine = DuckEngine(tmp_path)
    found = _days(engine, zone, tmp_path)
    engine.close()
    assert len(found) == 2400
    assert [(at, day) for at, day in found if at.date() != day] == []


@pytest.mark.spark
def test_it_does_so_on_spark(tmp_path, spark_session):
    from outreach.assess.spark import SparkEngine

    found = _days(SparkEngine(tmp_path, spark_session), "America/New_York", tmp_path)
    assert len(found) == 2400
    assert [(at, day) for at, day in found if at.date() != day] == []


def test_a_booked_visit_is_told_with_its_day_where_the_site_is(tmp_path, rules):
    rule = next(rule for rule in load([rules / "aorta"], rules / "codes") if rule.name == "aorta-screening")
    code = next(iter(rule.value_sets["aorta-ultrasound"].codes))
    smoked = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "72166-2"}]},
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "8517006"}]},
    }
    visit = {
        "status": "booked",
        "start": "2026-03-05T19:30:00-05:00",
        "serviceType": [{"coding": [{"system": code.system, "code": code.code}]}],
        "participant": [{"actor": {"reference": "Patient/ana"}}],
    }
    about = {"status": "final", "subject": {"reference": "Patient/ana"}, "effectiveDateTime": "2025-01-01"}
    tables = flat(
        tmp_path,
        Patient=[resource("Patient", "ana", gender="male", birthDate="1956-05-01")],
        Observation=[resource("Observation", "o", **about, **smoked)],
        Appointment=[resource("Appointment", "v", **visit)],
    ).tables
    engine = DuckEngine(tables)
    assess(engine, rule, Day(SINCE, ZoneInfo("America/New_York")), tables / "assessment.parquet")
    engine.close()
    told = """
        SELECT reason, list_distinct(list_transform(list_filter(criteria, lambda c: c.resource = 'Appointment/v'),
            lambda c: c."on")) FROM read_parquet($file)"""
    found = duckdb.execute(told, {"file": str(tables / "assessment.parquet")}).fetchall()
    assert found == [("booked", [date(2026, 3, 5)])]
