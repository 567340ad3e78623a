"""What of a night's records could not be read, person by person, out of the tables themselves.

A record is one resource; a visit of several people is one of each. Its trouble is named by ``table`` and ``column``:
a column whose text could not be read, or one of ``LINE``, ``UNCODED`` and ``UNIT``. A record merged away counts for its
survivor.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from outreach.domain.query import exact
from outreach.domain.tables import Rows

LINE = "line"  #: the whole line was set aside
_NO_LINE = "not-exported"  #: a reason in quarantine.parquet: an export said that something of the person did not come
UNCODED = "uncoded"  #: there is no code, in a table that rules read by its codes
UNIT = "unit"  #: a number in a unit that the engine does not convert
_UNITS_OF = "observation"
_BY_CODES = (
    *("condition", "observation", "procedure", "report", "service_request", "device_request", "medication_request"),
    *("family_history", "flag"),
)
#: Tables in which a resource has rows for each of the people it is about.
OF_SEVERAL = ("appointment",)
#: Tables that are not named as their resource type is.
_NAMES = {"Patient": "person", "DiagnosticReport": "report", "FamilyMemberHistory": "family_history"}

_LOST = """
SELECT '{table}' AS "table", cell."column" AS "column", {person} AS person, count(DISTINCT id) AS records
FROM (SELECT id, {person}, unnest(lost) AS cell FROM ({rows}) WHERE lost IS NOT NULL)
GROUP BY ALL
"""
_UNCODED = """
SELECT '{table}', 'uncoded', person, count(*) FROM ({rows}) WHERE nth = 1 AND code IS NULL GROUP BY ALL
"""
_UNIT = """
SELECT '{table}', 'unit', person, count(DISTINCT id) FROM ({rows})
WHERE value_raw IS NOT NULL AND value IS NULL GROUP BY ALL
"""
_LINES = """
SELECT coalesce(map($types, $names)[type], lower(regexp_replace(type, '([a-z])([A-Z])', '\\1_\\2', 'g'))), 'line',
  person, count(*)
FROM read_parquet($quarantine) WHERE reason IS DISTINCT FROM $no_line GROUP BY ALL
"""
#: Whom an export could not bring whole. It is no line of theirs; but a Patient that did not come at all is one unread.
_NOT_COME = """
SELECT 'person', 'line', person, 1 FROM (
  SELECT person FROM read_parquet($quarantine) WHERE reason = $no_line
  EXCEPT SELECT id FROM ({people})
  EXCEPT SELECT person FROM read_parquet($quarantine) WHERE reason IS DISTINCT FROM $no_line AND type = 'Patient')
"""
#: Where a person's measurement has no known unit though others of its code have: body weights would be everybody's.
_MIXED = """
SELECT DISTINCT person FROM ({rows}) WHERE value_raw IS NOT NULL AND value IS NULL AND code IS NOT NULL
  AND (coalesce(system, ''), code) IN (SELECT (coalesce(system, ''), code) FROM ({rows})
    WHERE value IS NOT NULL)
"""
_TROUBLES = """
CREATE OR REPLACE TEMP TABLE troubles AS
WITH told AS (
  SELECT person, bool_or("column" = 'line') AS line,
    bool_or("column" NOT IN ('line', 'uncoded', 'unit')) AS field, false AS unit FROM unread GROUP BY person
  UNION ALL SELECT person, false, false, true FROM mixed_units
  UNION ALL SELECT person, true, false, false FROM read_parquet($quarantine) WHERE reason = $no_line)
SELECT coalesce(s.survivor, told.person) AS person,
  CASE WHEN bool_or(line) THEN 'Yes' ELSE 'No' END AS unreadable_line,
  CASE WHEN bool_or(field) THEN 'Yes' ELSE 'No' END AS lost_field,
  CASE WHEN bool_or(unit) THEN 'Yes' ELSE 'No' END AS unreadable_unit
FROM told LEFT JOIN moved AS s ON s.loser = told.person WHERE told.person IS NOT NULL GROUP BY ALL
"""


def tables_of_records(db: duckdb.DuckDBPyConnection, tables: Path) -> dict[str, str]:
    """The tables of a night that hold records of people: each name, and its rows as a query.

    They are those with a column ``lost`` and a person.
    """
    found = {}
    for file in sorted(tables.glob("*.parquet")):
        columns = set(db.sql("FROM read_parquet($file) LIMIT 0", params={"file": exact(file)}).columns)
        is_part = "." in file.stem  # of a table that lies in three files: see domain.tables
        if not is_part and {"id", "nth", "lost"} <= columns and ("person" in columns or file.stem == "person"):
            found[file.stem] = Rows(tables, file.stem).sql()
    return found


def read_unread(db: duckdb.DuckDBPyConnection, tables: Path) -> None:
    """Make three tables in ``db``.

    - ``unread``: table, column, person (NULL where that cannot be told), records
    - ``troubles``: one row per person who has some: unreadable_line, lost_field, unreadable_unit, each "Yes" or "No"
    - ``moved``: loser, survivor, of the records merged into another
    """
    records = tables_of_records(db, tables)
    survivors, quarantine = exact(tables / "survivors.parquet"), exact(tables / "quarantine.parquet")
    db.execute(
        "CREATE OR REPLACE TEMP TABLE moved AS SELECT DISTINCT loser, survivor FROM read_parquet($file) WHERE resolved",
        {"file": survivors},
    )
    parts = [_of(_LOST, table, rows) for table, rows in records.items()]
    parts += [_of(_UNCODED, table, rows) for table, rows in records.items() if table in _BY_CODES]
    parts += [_of(_UNIT, table, rows) for table, rows in records.items() if table == _UNITS_OF]
    aside = {"quarantine": quarantine, "no_line": _NO_LINE}
    lines = {**aside, "types": list(_NAMES), "names": list(_NAMES.values())}
    union = " UNION ALL ".join([*parts, _LINES, _NOT_COME.format(people=Rows(tables, "person").sql())])
    empty = (
        """SELECT ''::VARCHAR AS "table", '' AS "column", NULL::VARCHAR AS person, 0::BIGINT AS records WHERE false"""
    )
    db.execute(f"CREATE OR REPLACE TEMP TABLE unread AS {empty} UNION ALL {union}", lines)
    nobody = "SELECT NULL::VARCHAR AS person WHERE false"
    mixed = _MIXED.format(rows=records[_UNITS_OF]) if _UNITS_OF in records else nobody
    db.execute(f"CREATE OR REPLACE TEMP TABLE mixed_units AS {mixed}")
    db.execute(_TROUBLES, aside)


def _of(query: str, table: str, rows: str) -> str:
    return query.format(table=table, rows=rows, person="id" if table == "person" else "person")
