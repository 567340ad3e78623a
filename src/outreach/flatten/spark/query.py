"""A table's rows by Spark: the same layers as in ``duck``, over lines whose places are kept."""

# ruff: noqa: S608 - names come from ``columns``.
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.flatten.duck import layers
from outreach.flatten.duck.expressions import all_of
from outreach.flatten.spark.certain import BLANK, LINE, OPTIONS, PARSED, SOUND, nested, spark_type, unusual
from outreach.flatten.spark.dialect import spark_sql
from outreach.flatten.table import Table
from outreach.spark import address

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OURS = ("block", "place", "raw")
"""Where a row's line stands, as an order within its file, and the line itself where it is left to DuckDB."""

_LINES = "landing_lines"
_NO_CODE = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
_PLACED = (
    LINE,
    "_metadata.file_name AS file",
    "_metadata.file_block_start AS block",
    "monotonically_increasing_id() AS place",
)
_LEFT = "CASE WHEN id IS NULL THEN CAST(value AS BINARY) END AS raw"


def write_rows(session: SparkSession, table: Table, files: Sequence[Path], to: Path) -> None:
    """The rows of files as Parquet, a part for each block of a file, in the order of its lines.

    The columns are the table's, and ``OURS``. A line that is left to DuckDB is one row, of which only ``file`` and
    ``OURS`` count; of all other rows ``raw`` is NULL. A line of more than ``LONGEST_LINE`` bytes is a bare line feed.
    """
    # ``spark.read.json`` would not tell of a line what else stands on it, nor where it stands.
    lines = session.read.option("lineSep", "\n").text([address(file) for file in files])
    lines.selectExpr(*_PLACED).createOrReplaceTempView(_LINES)
    with _interpreted(session):
        session.sql(select(table)).write.option("compression", "zstd").parquet(address(to, pattern=False))
    session.catalog.dropTempView(_LINES)


@contextmanager
def _interpreted(session: SparkSession) -> Iterator[None]:
    """Without code made for the query: it takes longer to compile, for each block again, than to work out."""
    usual = {name: session.conf.get(name, None) for name in _NO_CODE}
    try:
        for name, value in _NO_CODE.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, before in usual.items():
            session.conf.unset(name) if before is None else session.conf.set(name, before)


def select(table: Table) -> str:
    """The table's rows, as ``duck.select``, from the view of lines; each layer is named, and parsed once."""
    of = layers(table)
    schema = json.dumps(f"r {spark_type(table.schema)}, misshapen STRING")
    options = ", ".join(f"'{name}', '{value}'" for name, value in OPTIONS.items())
    sound = f"line.misshapen IS NULL AND sound AND {spark_sql(of.fit)} AND NOT {nested(table.schema)}"
    if table.components:  # rows of several parts are DuckDB's to number
        sound += " AND coalesce(size(line.r.component), 0) <= 0"
    one = f"size({all_of(of.each)}) <= 1" if of.each else "true"  # and rows of several people
    facts = f"*, {all_of(of.each)}[0] AS `{of.each}`" if of.each else "*"
    by_coding = "posexplode(CASE WHEN id IS NULL THEN array(NULL) ELSE codings END) AS (pos, coding)"
    return f"""
        WITH parsed AS (
            SELECT *, from_json({PARSED}, {schema}, map({options})) AS line, {SOUND} AS sound
            FROM {_LINES} WHERE NOT {BLANK}),
        resources AS (SELECT *, line.r AS r FROM parsed),
        texts AS (
            SELECT value, file, block, place, coalesce({sound}, false) AS fit, {_listed(of.texts)} FROM resources),
        certain AS (
            SELECT * EXCEPT (id), CASE WHEN fit AND {one} AND NOT ({unusual(table)}) THEN id END AS id FROM texts),
        casts AS (SELECT *, {_listed(of.casts)} FROM certain),
        facts AS (SELECT {facts}, {spark_sql(of.lost)} AS lost FROM casts),
        codings AS (SELECT *, {by_coding if of.by_coding else "0 AS pos"} FROM facts)
        SELECT {_listed(of.shown)}, file, pos + 1 AS nth, {spark_sql(of.lost_by_row)} AS lost, block, place, {_LEFT}
        FROM codings"""


def _listed(layer: Mapping[str, str]) -> str:
    return ", ".join(f"{spark_sql(sql)} AS `{name}`" for name, sql in layer.items())
