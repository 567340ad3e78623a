"""What could not be read, by table, column and group: those whose data are worst are often those served worst."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from outreach.report.rows import EVERYONE, OVERALL, with_share
from outreach.report.strata import STRATIFIERS, groups
from outreach.report.suppress import withhold
from outreach.report.table import SMALL, Booleans, Floats, Partition, Table
from outreach.report.unread import LINE, OF_SEVERAL, read_unread, tables_of_records

NOBODY = "Person not known"  #: the stratum of records whose person cannot be told, or did not come
KEYS = ["stratifier", "stratum", "table", "column"]
_COUNTS = ["n", "count", "people"]

#: Everybody's place in all stratifiers at once, as a number; a merged record has its survivor's.
_PLACES = f"""
CREATE OR REPLACE TEMP TABLE placed AS
SELECT person, dense_rank() OVER (ORDER BY {", ".join(STRATIFIERS)}) AS place, {", ".join(STRATIFIERS)} FROM groups;
CREATE OR REPLACE TEMP TABLE who AS
SELECT g.person, coalesce(s.place, g.place)::INTEGER AS place FROM placed AS g
LEFT JOIN moved AS m ON m.loser = g.person LEFT JOIN placed AS s ON s.person = m.survivor;
CREATE OR REPLACE TEMP TABLE strata AS
SELECT place, stratifier, stratum FROM (
  UNPIVOT (SELECT DISTINCT place::INTEGER AS place, {", ".join(STRATIFIERS)} FROM placed)
  ON {", ".join(STRATIFIERS)} INTO NAME stratifier VALUE stratum)
UNION ALL SELECT DISTINCT place::INTEGER, '{OVERALL}', '{EVERYONE}' FROM placed
UNION ALL SELECT -1, unnest({list(STRATIFIERS)}), '{NOBODY}'
UNION ALL SELECT -1, '{OVERALL}', '{EVERYONE}';
"""  # noqa: S608
_ALL = """
SELECT '{table}' AS "table", coalesce(w.place, -1) AS place, sum(r.n) AS n, count(w.person) AS of_people
FROM (SELECT {person} AS person, count(*) AS n FROM ({once}) GROUP BY ALL) AS r
LEFT JOIN who AS w USING (person) GROUP BY ALL
"""
_FIRST = "SELECT {person} FROM ({rows}) WHERE nth = 1"
_PARTS = "SELECT DISTINCT id, person FROM ({rows})"  #: right for any table, but every id is hashed
_RECORDS = """
WITH everything AS ({everything}),
found AS (
  SELECT "table", "column", coalesce(w.place, -1) AS place, sum(u.records) AS records,
    count(DISTINCT u.person) AS people
  FROM unread AS u LEFT JOIN who AS w USING (person) GROUP BY ALL),
asked AS (SELECT DISTINCT "table", "column" FROM found),
cells AS (
  SELECT a."table", a."column", s.stratifier, s.stratum,
    sum(coalesce(e.n, 0)) + sum(CASE WHEN a."column" = '{line}' THEN coalesce(f.records, 0) ELSE 0 END) AS n,
    sum(coalesce(f.records, 0)) AS count, sum(coalesce(f.people, 0)) AS people,
    sum(coalesce(e.of_people, 0)) AS of_people
  FROM asked AS a CROSS JOIN strata AS s
  LEFT JOIN everything AS e ON e."table" = a."table" AND e.place = s.place
  LEFT JOIN found AS f ON f."table" = a."table" AND f."column" = a."column" AND f.place = s.place
  GROUP BY ALL)
SELECT stratifier, stratum, "table", "column", n::BIGINT AS n, count::BIGINT AS count, people::BIGINT AS people,
  of_people::BIGINT AS of_people
FROM cells ORDER BY stratifier <> '{overall}', stratifier, stratum, "table", "column"
"""


def count_records(tables: Path, as_of: date, portal_system: str) -> pd.DataFrame:
    """The counts of one night: stratifier, stratum, table, column, n, count, people, of_people.

    ``n`` records of a table are of the stratum, ``count`` of them have lost the column, and ``people`` is whose they
    are; ``of_people`` is whose the ``n`` are. A column that nobody has lost has no row. Costs one pass over the person
    column of each table.
    """
    with duckdb.connect() as db:
        read_unread(db, tables)
        groups(db, tables, as_of, portal_system).create_view("groups")
        db.execute(_PLACES)
        own = tables_of_records(db, tables)
        parts = [_all(table, rows) for table, rows in own.items()]
        found: pd.DataFrame = db.sql(
            _RECORDS.format(everything=" UNION ALL ".join(parts), overall=OVERALL, line=LINE)
        ).df()
    return found.astype(dict.fromkeys([*_COUNTS, "of_people"], "Int64"))


def _all(table: str, rows: str) -> str:
    person = "id" if table == "person" else "person"
    once = (_PARTS if table in OF_SEVERAL else _FIRST).format(person=person, rows=rows)
    return _ALL.format(table=table, person=person, once=once)


def records(counts: pd.DataFrame) -> pd.DataFrame:
    """How many records of each table lost each column, by stratum: per record, not per person.

    A visit of several people counts once for each of them. Records of one person go together, so an interval is too
    narrow where few people have many: ``people`` says how many have one.

    Args:
        counts: from ``count_records``, or from ``withheld_records``.

    Returns:
        One row per stratum, table and column, everyone first: stratifier, stratum, table, column, n (records), count,
        people, share with _low and _high (0 to 1, Wilson 95 %), per_1000, unstable (n below 30), withheld (a number
        of this row is not shown). The column is one of the table, or "line", "uncoded" or "unit": see ``unread``.
    """
    rows = with_share(counts[[*KEYS, *_COUNTS]].reset_index(drop=True), "count", "n")
    gone = rows[_COUNTS].isna().any(axis=1)
    shares = ["share", "share_low", "share_high", "per_1000", "unstable"]
    return rows.assign(withheld=gone, per_1000=rows["share"] * 1000)[[*KEYS, *_COUNTS, *shares, "withheld"]]


def withheld_records(counts: pd.DataFrame, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """The counts that may leave the care team: the same rows, with NA where a number is withheld.

    Withheld are numbers of 1 to 10, records of 1 to 10 people, what moved by 1 to 10 since an ``earlier`` page, and
    whatever would give one back.
    """
    cells = _Cells(counts, earlier)
    hidden = withhold(cells.table(), cells.of_few())
    shown = counts.copy()
    for measure in _COUNTS:
        shown[measure] = shown[measure].mask(hidden[cells.number[measure]], pd.NA)
    return shown.drop(columns="of_people")


class _Cells:
    """The numbers of a table as cells: one for each number, though several rows may print it.

    The records of a table that were read are ``n`` for most columns, and what is left of ``n`` where lines were set
    aside: the same cell, so that no row gives away what another withholds.
    """

    def __init__(self, counts: pd.DataFrame, earlier: pd.DataFrame | None) -> None:
        self.counts, self._number = counts.reset_index(drop=True), dict[tuple[str, ...], int]()
        named = [_names(*row) for row in self.counts[KEYS].itertuples(index=False, name=None)]
        self.number = {
            measure: np.array([self._number.setdefault(name[measure], len(self._number)) for name in named], dtype=int)
            for measure in (*_COUNTS, "rest")
        }
        self.values = self._filled(self.counts, 0).astype(np.int64)
        self.before = np.full(len(self.values), np.nan)
        if earlier is not None:
            self.before = self._filled(self.counts[KEYS].merge(earlier[[*KEYS, *_COUNTS]], on=KEYS, how="left"), np.nan)

    def table(self) -> Table:
        """Every cell with the sums they form: over strata, and lost and not lost make all."""
        published, worth = np.zeros(len(self.values), dtype=bool), np.ones(len(self.values))
        for measure in _COUNTS:
            published[self.number[measure]] = True
            worth[self.number[measure][self.counts["stratifier"] == OVERALL]] = 100.0
        sums = tuple(dict.fromkeys([*self._by_loss(), *self._by_stratum()]))
        return Table(self.values, published, self.before, worth * np.maximum(self.values, 1), sums)

    def of_few(self) -> Booleans:
        """The numbers of records that 1 to 10 people have."""
        few = np.zeros(len(self.values), dtype=bool)
        for measure, whose in (("n", "of_people"), ("count", "people")):
            few[self.number[measure][self.counts[whose].between(1, SMALL).to_numpy(dtype=bool)]] = True
        return few

    def _by_loss(self) -> Iterator[Partition]:
        for n, count, rest in zip(*(self.number[m].tolist() for m in ("n", "count", "rest")), strict=True):
            yield n, (count, rest)

    def _by_stratum(self) -> Iterator[Partition]:
        for _, own in self.counts.groupby(["table", "column"], sort=True):
            (whole,) = own.index[own["stratifier"] == OVERALL]
            for _, parts in own[own["stratifier"] != OVERALL].groupby("stratifier", sort=True):
                for number in self.number.values():
                    yield int(number[whole]), tuple(number[parts.index].tolist())

    def _filled(self, rows: pd.DataFrame, empty: float) -> Floats:
        """Each cell's number, from the rows that print it."""
        found = np.full(len(self._number), empty, dtype=float)
        rest = rows["n"] - rows["count"]
        for measure, column in {**{m: rows[m] for m in _COUNTS}, "rest": rest}.items():
            told = column.to_numpy(dtype=float, na_value=np.nan)
            found[self.number[measure][~np.isnan(told)]] = told[~np.isnan(told)]
        return found


def _names(stratifier: str, stratum: str, table: str, column: str) -> dict[str, tuple[str, ...]]:
    """Which cell each number of a row is."""
    read, own = ("read", table, stratifier, stratum), (table, column, stratifier, stratum)
    named = {"count": ("count", *own), "people": ("people", *own)}
    if column == LINE:
        return {**named, "n": ("sent", *own), "rest": read}
    return {**named, "n": read, "rest": ("rest", *own)}
