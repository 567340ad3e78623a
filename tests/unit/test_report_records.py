"""What could not be read, by table, column and group: counted as a plain query counts it, and safe to share."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.optimize import linprog

from outreach.flatten.columns import TABLES
from outreach.flatten.kinds import EachReference
from outreach.report.records import KEYS, NOBODY, count_records, records, withheld_records
from outreach.report.unread import OF_SEVERAL, read_unread
from unit.test_flatten_support import concept, flat, flat_files, ndjson, resource
from unit.test_report_night import AS_OF, PORTAL, SURVIVORS, write_night


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return write_night(tmp_path_factory.mktemp("night"), people=1500)


@pytest.fixture(scope="module")
def counts(tables):
    return count_records(tables, AS_OF, PORTAL)


PLAIN = """
SELECT count(*) AS n, count(*) FILTER (WHERE {lost}) AS count, count(DISTINCT o.person) FILTER (WHERE {lost}) AS people
FROM 'observation.parquet' AS o LEFT JOIN 'person.parquet' AS p ON p.id = o.person WHERE {group}
"""
LOST = {"date_lo": "o.lost IS NOT NULL", "uncoded": "o.code IS NULL", "unit": "o.value IS NULL"}


@pytest.mark.parametrize("column", LOST)
@pytest.mark.parametrize(
    ("stratifier", "stratum", "group"),
    [
        ("overall", "Everyone", "true"),
        ("language", "Spanish", "p.language = 'es'"),
        ("race", "Two or more", "len(p.race) = 2"),
        ("sex", "Female", "p.sex = 'female'"),
        ("language", NOBODY, "p.id IS NULL"),
    ],
)
def test_a_group_is_counted_as_a_plain_query_counts_it(tables, counts, monkeypatch, column, stratifier, stratum, group):
    monkeypatch.chdir(tables)
    wanted = duckdb.sql(PLAIN.format(lost=LOST[column], group=group)).fetchall()[0]
    at = counts.set_index(KEYS).loc[(stratifier, stratum, "observation", column)]
    assert tuple(at[["n", "count", "people"]]) == wanted


def test_the_strata_of_each_stratifier_add_up_to_everyone(counts):
    sums = counts.groupby(["table", "column", "stratifier"])[["n", "count", "people"]].sum()
    for _, own in sums.groupby(level=["table", "column"]):
        assert (own == own.iloc[0]).all(axis=None)


def test_a_share_comes_with_its_count_its_denominator_and_its_interval(counts):
    rows = records(counts)
    told = rows[rows["n"] > 0]
    assert (told["share"] == told["count"] / told["n"]).all()
    assert ((told["share_low"] <= told["share"] + 1e-9) & (told["share"] <= told["share_high"] + 1e-9)).all()
    assert not rows["withheld"].any()


def test_a_record_of_somebody_merged_away_is_their_survivors(tables, tmp_path):
    """Also its quarantined lines."""
    for file in tables.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    people = pq.read_table(tables / "person.parquet").to_pylist()
    loser = next(p["id"] for p in people if p["language"] == "es")
    survivor = next(p["id"] for p in people if p["language"] == "vi")
    merged = [{"loser": loser, "survivor": survivor, "resolved": True}]
    pq.write_table(pa.Table.from_pylist(merged, schema=SURVIVORS), tmp_path / "survivors.parquet")
    before, after = (count_records(folder, AS_OF, PORTAL).set_index(KEYS)["n"] for folder in (tables, tmp_path))
    for stratum, change in (("Spanish", -2), ("Vietnamese", 2)):
        key = ("language", stratum, "observation", "unit")
        assert after[key] - before[key] == change


def test_a_value_in_a_component_is_unread_too_and_its_record_is_one(tables, counts, tmp_path):
    """A component's row stands under its observation's id; two values that nobody can read are one unread record."""
    for file in tables.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    read = pq.read_table(tables / "observation.parquet")
    rows = read.to_pylist()
    panel = next(row for row in rows if row["value"] is not None)
    rows += [{**panel, "nth": nth, "value_raw": 5.0, "value": None} for nth in (2, 3)]
    pq.write_table(pa.Table.from_pylist(rows, schema=read.schema), tmp_path / "observation.parquet")
    at = ("overall", "Everyone", "observation", "unit")
    before, after = (found.set_index(KEYS).loc[at] for found in (counts, count_records(tmp_path, AS_OF, PORTAL)))
    assert (after["n"] - before["n"], after["count"] - before["count"]) == (0, 1)


def test_a_visit_of_several_people_is_one_record_of_each(tmp_path):
    """Its lost time is each one's, and so is the visit: no share is over one."""
    actors = [{"actor": {"reference": f"Patient/{who}"}} for who in ("child", "mother")]
    codes = [concept("1", "2")]
    visit = resource("Appointment", "v", status="booked", start="soon", participant=actors, serviceType=codes)
    alone = resource("Appointment", "w", status="booked", start="2026-04-01T09:00:00Z", participant=actors[:1])
    people = [resource("Patient", who, gender=sex) for who, sex in (("child", "male"), ("mother", "female"))]
    tables = flat(tmp_path, Patient=people, Appointment=[visit, alone]).tables
    pq.write_table(pa.Table.from_pylist([], schema=SURVIVORS), tables / "survivors.parquet")
    found = count_records(tables, AS_OF, PORTAL).set_index(KEYS)[["n", "count", "people", "of_people"]]
    groups = [("overall", "Everyone"), ("sex", "Male"), ("sex", "Female")]
    assert [tuple(found.loc[(*group, "appointment", "start")]) for group in groups] == [
        (3, 2, 2, 2),
        (2, 1, 1, 1),
        (1, 1, 1, 1),
    ]


def test_whom_an_export_could_not_bring_whole_has_no_line_set_aside_but_a_trouble(tmp_path):
    """A Patient that did not come at all is one that could not be read, however often an error names it."""
    errors = [
        {"severity": "error", "code": "exception", "diagnostics": f"Patient/{who}"}
        for who in ("child", "nowhere", "nowhere", "cut")
    ]
    outcomes = [{"resourceType": "OperationOutcome", "issue": [issue]} for issue in errors]
    people = [resource("Patient", "child", gender="male"), '{"resourceType":"Patient","id":"cut",']
    files = {"Patient.ndjson": ndjson(people), "outcomes.ndjson": ndjson(outcomes)}
    tables = flat_files(tmp_path, files).tables
    pq.write_table(pa.Table.from_pylist([], schema=SURVIVORS), tables / "survivors.parquet")
    found = count_records(tables, AS_OF, PORTAL).set_index(KEYS)[["n", "count", "people"]]
    groups = [("overall", "Everyone"), ("sex", "Male"), ("sex", NOBODY)]
    assert [tuple(found.loc[(*group, "person", "line")]) for group in groups] == [(3, 2, 2), (1, 0, 0), (2, 2, 2)]
    with duckdb.connect() as db:
        read_unread(db, tables)
        troubled = db.sql("SELECT person FROM troubles WHERE unreadable_line = 'Yes' ORDER BY person").fetchall()
    assert troubled == [("child",), ("cut",), ("nowhere",)]


def test_the_tables_of_records_of_several_people_are_those_declared():
    declared = {table.name for table in TABLES if any(isinstance(column, EachReference) for column in table.columns)}
    assert set(OF_SEVERAL) == declared


def test_a_night_without_trouble_has_an_empty_table(tmp_path):
    tables = write_night(tmp_path / "tables", people=0)
    found = withheld_records(count_records(tables, AS_OF, PORTAL))
    assert records(found)["count"].sum() == 0


class Outsider:
    """Knows the page, and what its words mean: strata add up, and what was read and what was set aside make all."""

    def __init__(self, page: pd.DataFrame) -> None:
        self.names: dict[tuple, int] = {}
        self.known: dict[int, float] = {}
        self.equations: list[dict[int, float]] = []
        for row in page.to_dict("records"):
            for measure in ("n", "count", "people"):
                if not pd.isna(row[measure]):
                    self.known[self.cell(row, measure)] = float(row[measure])
            if row["column"] == "line":
                read = self.cell({**row, "column": "any"}, "n")
                self.equations.append({self.cell(row, "n"): -1, self.cell(row, "count"): 1, read: 1})
        for _, own in page.groupby(["table", "column"]):
            whole = own[own["stratifier"] == "overall"].to_dict("records")[0]
            for _, parts in own[own["stratifier"] != "overall"].groupby("stratifier"):
                for measure in ("n", "count", "people"):
                    terms = {self.cell(row, measure): 1.0 for row in parts.to_dict("records")}
                    self.equations.append({**terms, self.cell(whole, measure): -1.0})

    def cell(self, row: dict, measure: str) -> int:
        column = row["column"] if measure != "n" or row["column"] == "line" else "any"
        return self.names.setdefault(
            (row["table"], column, row["stratifier"], row["stratum"], measure), len(self.names)
        )

    def range_of(self, aim: dict[int, float]) -> tuple[float, float]:
        size = len(self.names)
        matrix = np.zeros((len(self.equations), size))
        for at, equation in enumerate(self.equations):
            for cell, sign in equation.items():
                matrix[at, cell] = sign
        bounds = [(self.known[c], self.known[c]) if c in self.known else (0, None) for c in range(size)]
        vector = np.zeros(size)
        for cell, sign in aim.items():
            vector[cell] = sign
        given = {"A_eq": matrix, "b_eq": np.zeros(len(matrix)), "bounds": bounds}
        low, high = (linprog(sign * vector, **given) for sign in (1, -1))
        return low.fun, np.inf if high.status == 3 else -high.fun


def _given_away(full: pd.DataFrame, page: pd.DataFrame, every: int) -> list[tuple]:
    """The secrets that the page lets an outsider narrow down: numbers of 1 to 10, and what is left of a number."""
    outsider, found = Outsider(page), []
    for row in full.to_dict("records")[::every]:
        for measure in ("n", "count", "people"):
            if 1 <= row[measure] <= 10:
                low, high = outsider.range_of({outsider.cell(row, measure): 1.0})
                found += [(row, measure)] if low > 1.001 or high < 9.999 else []
        if 1 <= row["n"] - row["count"] <= 10:
            low, high = outsider.range_of({outsider.cell(row, "n"): 1.0, outsider.cell(row, "count"): -1.0})
            found += [(row, "rest")] if low > 1.001 or high < 9.999 else []
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """So few people that most groups are small; some Condition records were read beside those set aside."""
    tables = write_night(tmp_path_factory.mktemp("small"), people=200, seed=3)
    rows = pq.read_table(tables / "observation.parquet").slice(0, 250)
    pq.write_table(rows, tables / "condition.parquet")
    return count_records(tables, AS_OF, PORTAL)


def test_an_outsider_with_the_whole_table_recovers_no_small_number(small):
    assert _given_away(small, withheld_records(small), every=3) == []


def test_the_outsider_is_no_fool(small):
    """Withholding the small numbers alone would not do."""
    only_small = small.copy()
    for measure in ("n", "count", "people"):
        only_small[measure] = only_small[measure].mask(only_small[measure].between(1, 10), pd.NA)
    assert len(_given_away(small, only_small, every=5)) > 5


def test_records_of_few_people_are_withheld_however_many_they_are(counts):
    many = counts.copy()
    here = (many["stratifier"] == "language") & (many["column"] == "date_lo")
    few, others = here & (many["stratum"] == "Spanish"), here & (many["stratum"] == "English")
    assert many.loc[few, "count"].item() > 20
    assert withheld_records(counts).loc[few, "count"].notna().all()
    many.loc[others, "people"] += many.loc[few, "people"].item() - 2
    many.loc[few, "people"] = 2
    assert withheld_records(many).loc[few, ["count", "people"]].isna().all(axis=None)


def test_what_is_shown_is_true_and_one_number_is_shown_in_all_rows_or_in_none(small):
    shown = withheld_records(small)
    for measure in ("n", "count", "people"):
        assert ((shown[measure] == small[measure]) | shown[measure].isna()).all()
    read = shown[shown["column"] != "line"].groupby(["table", "stratifier", "stratum"])["n"]
    assert (read.count().isin([0]) | (read.count() == read.size())).all()


def test_a_number_that_moved_by_a_few_since_the_last_page_is_withheld(counts):
    first = withheld_records(counts)
    later = counts.copy()
    at = later["stratum"].eq("English") & later["column"].eq("date_lo")
    everyone = later["stratum"].eq("Everyone") & later["column"].eq("date_lo")
    later.loc[at | everyone, ["count", "people"]] += 3
    second = withheld_records(later, first)
    assert first.loc[at, "count"].notna().all()
    assert second.loc[at | everyone, "count"].isna().all()
