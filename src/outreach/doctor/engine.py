"""Whether what the settings have the night work on is on this machine."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.doctor.finding import Finding
from outreach.settings import Settings
from outreach.spark import missing


def working(settings: Settings) -> Iterator[Finding]:
    """One finding, ``engine``, where the settings ask for Spark; DuckDB is always there."""
    if settings.engine != "spark":
        return
    lacks = missing()
    if lacks:
        yield Finding("engine", False, f"Spark cannot run here: {lacks}", "No night runs. Or set engine: duckdb.")
    else:
        master = settings.spark.master
        yield Finding("engine", True, "Spark and a Java it runs on are here.", f"A night works on {master}.")
