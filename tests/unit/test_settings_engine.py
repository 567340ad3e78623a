"""What a site can say about the engine of its nights, and what it is told where that engine cannot run."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach import spark
from outreach.doctor import working
from outreach.engines import OnDuckDB, OnSpark, engines
from outreach.errors import Refused
from outreach.settings import Settings, Spark, read_settings

REST = """
server: {url: "https://fhir.example.org/r4"}
site: {name: Clinic, phone: "1", time_zone: America/New_York}
programmes: [{rule: hcc-surveillance}]
home: home
"""


def settings(folder: Path, said: str) -> Settings:
    path = folder / "site.yaml"
    path.write_text(REST + said, encoding="utf-8")
    return read_settings(path)


def java(folder: Path, version: str) -> None:
    """A Java in ``folder`` that says it is of this version, as Java does, on its error output."""
    (folder / "bin").mkdir()
    (folder / "bin" / "java").write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    (folder / "bin" / "java").chmod(0o755)


def test_duckdb_where_nothing_is_said(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert (found.engine, found.spark) == ("duckdb", Spark("local[*]", "2g"))
    assert isinstance(engines(found), OnDuckDB)
    assert list(working(found)) == []


def test_spark_on_a_cluster(tmp_path: Path) -> None:
    found = settings(tmp_path, 'engine: spark\nspark: {master: "spark://head:7077", memory: 4g}\n')
    assert (found.engine, found.spark) == ("spark", Spark("spark://head:7077", "4g"))


@pytest.mark.parametrize("wrong", ["engine: polars", "engine: spark\nspark: {memory: much}", "spark: {cores: 2}"])
def test_what_is_neither_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"site\.yaml:\d+:\d+: error"):
        settings(tmp_path, wrong + "\n")


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    found = settings(tmp_path, "engine: spark\n")
    with pytest.raises(Refused, match=r"pip install 'outreach\[spark\]'"):
        engines(found)
    (finding,) = working(found)
    assert (finding.name, finding.ok) == ("engine", False)


@pytest.mark.parametrize(
    ("version", "runs"), [("1.8.0_402", False), ("11.0.2", False), ("17.0.15", True), ("25", False)]
)
def test_which_java_it_runs_on(version: str, runs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    java(tmp_path, version)
    assert (spark.missing() == "") is runs
    assert runs or "Install one of them and set JAVA_HOME" in spark.missing()


def test_without_java_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(Refused, match="Install Java 17"):
        OnSpark(Spark())
