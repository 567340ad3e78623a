"""A night with ``engine: spark`` is the night with DuckDB: every table, status, due date, reason and place."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from outreach.demo.run import site_clock
from outreach.flatten.spark import reading
from outreach.nightly import run_night
from outreach.settings import read_settings
from outreach.site import open_site
from outreach.summary import Summary

pytestmark = [pytest.mark.spark, pytest.mark.long]


def night(house, engine: str, day) -> tuple[Path, Summary]:
    """A rehearsal of the site on an engine, with a home of its own."""
    said = house.config.read_text().replace("home: home", f"home: home-{engine}\nengine: {engine}")
    config = house.config.with_name(f"{engine}.yaml")
    config.write_text(said)
    site = open_site(read_settings(config), site_clock(day))
    summary = run_night(site, day, dry_run=True, progress=lambda _: None)
    return config.parent / f"home-{engine}" / "nights" / day.isoformat() / "tables", summary


def rows(file: Path) -> Counter[str]:
    return Counter(map(repr, pq.read_table(file).to_pylist()))


def test_two_nights_on_each_engine(house, spark_session, monkeypatch):
    """The first reads everything, the second what changed: nothing, so that all of it is carried."""
    monkeypatch.setattr(reading, "WORTH_A_JOB", 1)
    for day in (house.day, house.day + timedelta(days=1)):
        (duck, told), (spark, told_by_spark) = (night(house, engine, day) for engine in ("duckdb", "spark"))
        assert told_by_spark == told
        names = sorted(file.name for file in duck.glob("*.parquet"))
        assert names == sorted(file.name for file in spark.glob("*.parquet"))
        assert {"person.parquet", "assessment.parquet", "criteria.parquet", "outcomes.parquet"} <= set(names)
        for name in names:
            ours, theirs = rows(duck / name), rows(spark / name)
            assert (name, ours - theirs, theirs - ours) == (name, Counter(), Counter())
    assert spark_session.range(1).count() == 1, "a session that was there before the night is there after it"
