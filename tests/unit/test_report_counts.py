"""Every kind of number in the report, against a plain query of the same tables."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from outreach.report.write import write_report
from unit.test_report_night import AS_OF, PORTAL, write_night


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A night of 3,000 people, and its report."""
    folder = tmp_path_factory.mktemp("night")
    tables = write_night(folder / "tables")
    return tables, write_report(tables, folder / "report", AS_OF, portal_system=PORTAL)


PLAIN = """
SELECT count(*) FILTER (WHERE status IN ('up-to-date','due','overdue','not-now','unknown')) AS n,
  count(*) FILTER (WHERE status = 'up-to-date') AS up_to_date,
  count(*) FILTER (WHERE status = 'unknown') AS unknown
FROM 'tables/assessment.parquet' a JOIN 'tables/person.parquet' p ON p.id = a.person
WHERE a.reason <> 'merged' AND
"""


@pytest.mark.parametrize(
    ("stratifier", "stratum", "condition"),
    [
        ("overall", "Everyone", "true"),
        ("race", "Asian", "race = ['2028-9']"),
        ("race", "Two or more", "len(race) = 2"),
        ("race", "Declined", "race = ['ASKU']"),
        ("race", "Unknown", "race = ['UNK']"),
        ("race", "Other (as sent)", "race = ['2131-1']"),
        ("race", "Not mapped", "len(race) = 0 AND race_text IS NOT NULL"),
        ("race", "Not recorded", "len(race) = 0 AND race_text IS NULL"),
        ("ethnicity", "Hispanic or Latino", "ethnicity = '2135-2'"),
        ("language", "English", "language IN ('en', 'en-US')"),
        ("language", "Chinese", "language = 'zh-Hant'"),
        ("language", "Not mapped", "language = 'zz-not-a-language'"),
        ("sex", "Not recorded", "sex IS NULL"),
        ("age_band", "40–49", "birth_hi <= DATE '1986-03-01' AND birth_lo > DATE '1976-03-01'"),
        ("portal_access", "Yes", "list_contains(identifier_systems, 'urn:example:portal-account')"),
        ("language × portal_access", "Spanish × No", "language = 'es' AND len(identifier_systems) = 1"),
        ("race × language", "Asian × Vietnamese", "race = ['2028-9'] AND language = 'vi'"),
    ],
)
def test_coverage_counts_what_a_plain_query_counts(night, monkeypatch, stratifier, stratum, condition):
    tables, files = night
    monkeypatch.chdir(tables.parent)
    expected = duckdb.sql(PLAIN + condition).fetchall()[0]
    rows = pd.read_parquet(files.care_team / "coverage.parquet")
    row = rows[(rows["stratifier"] == stratifier) & (rows["stratum"] == stratum)].iloc[0]
    assert (row["n"], row["up_to_date"]) == expected[:2]
    if "×" not in stratifier:
        assert row["unknown"] == expected[2]
    assert row["share"] == pytest.approx(expected[1] / expected[0])


STEP = """
SELECT count(*)
FROM 'tables/assessment.parquet' a JOIN 'tables/person.parquet' p ON p.id = a.person
JOIN 'tables/outcomes.parquet' o ON o.person = a.person
WHERE a.reason <> 'merged' AND language = 'es' AND
"""


@pytest.mark.parametrize(
    ("step", "condition"),
    [
        ("cohort", "true"),
        ("due", "a.status IN ('due', 'overdue')"),
        ("overdue", "a.status = 'overdue'"),
        ("ready", "a.status = 'overdue' AND bucket NOT IN ('withheld', 'quarantined')"),
        ("offered", "a.status = 'overdue' AND bucket NOT IN ('withheld', 'quarantined') AND offered"),
        ("sent", "bucket = 'sent'"),
        ("handed_over", "bucket = 'handed_over'"),
    ],
)
def test_each_step_of_the_ladder_counts_what_a_plain_query_counts(night, monkeypatch, step, condition):
    tables, files = night
    monkeypatch.chdir(tables.parent)
    expected = duckdb.sql(STEP + condition).fetchall()[0][0]
    rows = pd.read_parquet(files.care_team / "ladder.parquet")
    row = rows[(rows["stratum"] == "Spanish") & (rows["step"] == step)].iloc[0]
    assert row["count"] == expected > 0


def test_quality_counts_what_a_plain_query_counts(night, monkeypatch):
    tables, files = night
    monkeypatch.chdir(tables.parent)
    expected = duckdb.sql(PLAIN + "birth_country IS NULL AND language = 'vi'").fetchall()[0][0]
    rows = pd.read_parquet(files.care_team / "quality.parquet").set_index(["field", "stratum"])
    assert rows.loc[("birthplace", "Vietnamese"), "missing"] == expected > 0
    nobody = duckdb.sql(PLAIN + "birth_lo IS NULL AND ethnicity = 'ASKU'").fetchall()[0][0]
    assert rows.loc[("birth_date", "Declined"), "missing"].iloc[0] == nobody == 0
