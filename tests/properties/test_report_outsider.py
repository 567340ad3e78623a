"""A whole night's page gives no withheld count away: attacked by somebody who holds the CSV files.

The outsider shares no code with what is attacked: the files, and what the words in them mean, are enough.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from outreach.report.counts import MEASURES, TROUBLES
from outreach.report.write import write_report
from unit.test_report_night import AS_OF, PORTAL, write_night

NONE: frozenset[tuple[str, str]] = frozenset()
FIELDS = {"birth_date", "birthplace", "unreadable_line", "lost_field", "unreadable_unit"}
ORDER = [
    ("up_to_date", "at_risk"),
    ("at_risk", "cohort"),
    ("overdue", "due"),
    ("ready", "overdue"),
    ("offered", "ready"),
]


def page(folder: Path) -> dict:
    """Every count printed on a page: (group, measure) to its number, or None where it is withheld."""
    cells: dict = {}

    def put(group, measure, value):
        value = None if pd.isna(value) else int(value)
        assert cells.setdefault((group, measure), value) == value, "two tables disagree about one count"

    def group_of(row):
        return frozenset(
            (d, v)
            for d, v in zip(row["stratifier"].split(" × "), row["stratum"].split(" × "), strict=True)
            if d != "overall"
        )

    for _, row in pd.read_csv(folder / "coverage.csv").iterrows():
        put(group_of(row), "at_risk", row["n"])
        put(group_of(row), "up_to_date", row["up_to_date"])
        for measure in ("due", "not_now", "unknown") if "×" not in row["stratifier"] else ():
            put(group_of(row), measure, row[measure])
    for _, row in pd.read_csv(folder / "ladder.csv").iterrows():
        put(group_of(row), row["step"], row["count"])
        if isinstance(row["of"], str):
            put(group_of(row), row["of"], row["n"])
    for _, row in pd.read_csv(folder / "quality.csv").iterrows():
        put(group_of(row), row["of"], row["n"])
        said = "Not recorded" if row["of"] == "at_risk" else "Yes"
        put(group_of(row) | {(row["field"], said)}, row["of"], row["missing"])
    return cells


class Outsider:
    """Solves for what is withheld on a page, knowing what the words on it mean."""

    def __init__(self, cells: dict) -> None:
        self.names = {key: i for i, key in enumerate(cells)}
        self.bounds = [(0, None) if v is None else (v, v) for v in cells.values()]
        self.equal, self.at_most = [], []
        for group, measure in cells:
            if measure == "at_risk" and (group, "due") in cells:
                ways = [(group, m) for m in ("up_to_date", "due", "not_now", "unknown")]
                self.equal.append({(group, "at_risk"): -1.0} | dict.fromkeys(ways, 1.0))
            if measure == "ready":
                doors = {(group, "sent"): 1.0, (group, "handed_over"): 1.0}
                self.at_most.append(doors | {(group, "ready"): -1.0})
        self.at_most += [
            {(g, part): 1.0, (g, whole): -1.0}
            for g, measure in cells
            for part, whole in ORDER
            if measure == part and (g, whole) in cells
        ]
        self._sums_over_strata(cells)

    def _sums_over_strata(self, cells: dict) -> None:
        families, fields = defaultdict(list), FIELDS
        for group, measure in cells:
            for one in group:
                families[group - {one}, one[0], measure].append((group, measure))
        for (whole, dimension, measure), parts in families.items():
            if (whole, measure) not in cells:
                continue
            listed = {v for g, _ in parts for d, v in g if d == dimension} - {"Not recorded", "Yes"}
            target = self.equal if listed and dimension not in fields else self.at_most
            target.append(dict.fromkeys(parts, 1.0) | {(whole, measure): -1.0})

    def matrix(self, rows: list[dict]) -> csr_matrix:
        entries = [(sign, i, self.names[key]) for i, row in enumerate(rows) for key, sign in row.items()]
        signs, row, column = zip(*entries, strict=True)
        return csr_matrix((signs, (row, column)), shape=(len(rows), len(self.names)))

    def ranges(self, aims: list[dict]) -> list[tuple[float, float]]:
        equal, at_most = self.matrix(self.equal), self.matrix(self.at_most)
        zero = {"A_eq": equal, "b_eq": np.zeros(equal.shape[0]), "A_ub": at_most, "b_ub": np.zeros(at_most.shape[0])}
        found = []
        for aim in aims:
            vector = self.matrix([aim]).toarray()[0]
            low, high = (linprog(sign * vector, bounds=self.bounds, **zero) for sign in (1, -1))
            found.append((low.fun, np.inf if high.status == 3 else -high.fun))
        return found


def secrets(full: dict, shown: dict) -> list[dict]:
    """What nobody may learn: counts of 1 to 10, and remainders of 1 to 10, of the page as the care team sees it."""
    aims = [{key: 1.0} for key, value in full.items() if key in shown and 1 <= value <= 10]
    for part, whole in ORDER:
        for group, measure in full:
            if measure == whole and 1 <= full[group, whole] - full.get((group, part), -99) <= 10:
                aims.append({(group, whole): 1.0, (group, part): -1.0})
    return aims


def broken(full: dict, shown: dict, every: int = 1) -> list[dict]:
    aims = secrets(full, shown)[::every]
    ranges = Outsider(shown).ranges(aims)
    return [aim for aim, (low, high) in zip(aims, ranges, strict=True) if low > 1.001 or high < 9.999]


@pytest.fixture(scope="module", params=[(150, 1), (500, 2)], ids=lambda p: f"{p[0]} people")
def pages(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("night")
    people, seed = request.param
    files = write_report(write_night(folder / "tables", people, seed), folder / "report", AS_OF, portal_system=PORTAL)
    return files, page(files.care_team), page(files.share)


def test_an_outsider_with_the_whole_page_recovers_no_small_count(pages):
    _, full, shown = pages
    assert len(secrets(full, shown)) > 100
    assert broken(full, shown, every=2) == []


def test_the_outsider_is_no_fool(pages):
    """Withholding the small counts alone would not do: the same attack then finds many of them."""
    _, full, _ = pages
    only_small = {key: None if 1 <= value <= 10 else value for key, value in full.items()}
    assert len(broken(full, only_small, every=5)) > 5


def test_what_is_shown_is_true_and_what_is_withheld_takes_its_rates_along(pages):
    files, full, shown = pages
    assert all(value is None or value == full[key] for key, value in shown.items())
    for name, needed in {
        "coverage": ["n", "up_to_date"],
        "ladder": ["n", "count"],
        "quality": ["n", "missing"],
        "records": ["n", "count"],
    }.items():
        rows = pd.read_csv(files.share / f"{name}.csv")
        gone = rows[needed].isna().any(axis=1)
        rates = [c for c in rows if c.startswith(("share", "difference", "ratio"))]
        assert rows.loc[gone, rates].isna().all(axis=None)
        assert rows.loc[rows[needed[0]].isna(), "unstable"].isna().all()


def test_the_shared_counts_hold_nothing_that_no_table_prints(pages):
    files, _, _ = pages
    counts, care = (pd.read_parquet(f / "counts.parquet") for f in (files.share, files.care_team))
    dimensions = [c for c in counts if c not in (*MEASURES, "programme")]
    crossed = (counts[dimensions].notna().sum(axis=1) == 2) & counts[list(TROUBLES)].isna().all(axis=1)
    assert (counts[list(TROUBLES)] == "Yes").any(axis=None)
    assert counts.loc[(counts[list(TROUBLES)] == "No").any(axis=1), list(MEASURES)].isna().all(axis=None)
    assert counts.loc[crossed, "cohort"].isna().all()
    assert counts.loc[(counts[dimensions] == "Recorded").any(axis=1), list(MEASURES)].isna().all(axis=None)
    assert ((counts == care) | counts.isna())[list(MEASURES)].all(axis=None)


def test_a_page_shared_soon_after_another_does_not_show_who_moved(tmp_path):
    """Three people are up to date since the last page: no number of theirs, or that adds up to theirs, is shown."""
    tables = write_night(tmp_path / "tables", 3000)
    first = write_report(tables, tmp_path / "first", AS_OF, portal_system=PORTAL)
    rows = pd.read_parquet(tables / "assessment.parquet")
    rows.loc[rows[rows["status"] == "due"].index[:3], "status"] = "up-to-date"
    rows.to_parquet(tables / "assessment.parquet")
    second = write_report(tables, tmp_path / "second", AS_OF, portal_system=PORTAL, shared_before=first.share)
    before, after, truth = page(first.share), page(second.share), page(second.care_team)
    moved = [k for k, v in before.items() if v is not None and 1 <= abs(truth[k] - v) <= 10]
    assert len(moved) > 5
    assert [k for k in moved if after[k] is not None] == []
    ranges = Outsider(after).ranges([{key: 1.0} for key in moved])
    for key, (low, high) in zip(moved, ranges, strict=True):
        assert low <= max(before[key] - 10, 0) + 0.001
        assert high >= before[key] + 9.999
