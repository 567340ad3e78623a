"""The same expressions on Apache Spark, for a site that has outgrown one machine (extra ``spark``).

Ibis compiles for PySpark what it compiles for DuckDB; nothing of a rule is written twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from outreach.assess.engine import Written
from outreach.domain.tables import Rows
from outreach.spark import address

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class SparkEngine:
    """Ibis on a Spark session; the tables of a night are Parquet files that its workers can read."""

    def __init__(self, tables: Path, session: SparkSession) -> None:
        self.tables, self.session = tables, session
        self.backend = ibis.pyspark.connect(session)

    def table(self, name: str) -> ir.Table:
        of = Rows(self.tables, name)
        rows = self._read(of.whole)
        if of.is_split:
            rows = rows.join(self._read(of.gone), "id", "left_anti").unionByName(self._read(of.changed))
        rows.createOrReplaceTempView(f"in_{name}")
        return self.backend.table(f"in_{name}")

    def _read(self, file: Path) -> DataFrame:
        return self.session.read.parquet(address(file))

    def values(self, name: str, rows: pa.Table) -> ir.Table:
        self.session.createDataFrame(rows).createOrReplaceTempView(name)
        return ibis.table(ibis.Schema.from_pyarrow(rows.schema), name=name)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        # A checkpoint cuts the plan: without it each stage would plan, and may run, all stages before it.
        kept = self.session.sql(self.backend.compile(expression)).localCheckpoint()
        kept.createOrReplaceTempView(name)
        return ibis.table(expression.schema(), name=name)

    def stage(self, name: str, expression: ir.Table) -> ir.Table:
        return self.keep(name, expression)

    def drop(self, names: Sequence[str]) -> None:
        for name in names:
            self.session.catalog.dropTempView(name)

    def write(self, expression: ir.Table, path: Path) -> Written:
        folder = path.with_suffix(".spark")
        rows = self.session.sql(self.backend.compile(expression)).coalesce(1)
        rows.write.mode("overwrite").option("compression", "zstd").parquet(address(folder, pattern=False))
        (part,) = folder.glob("part-*.parquet")
        part.replace(path)
        shutil.rmtree(folder)
        path.chmod(0o600)
        written: int = pq.read_metadata(path).num_rows
        return lambda: written

    def stop(self) -> None:
        """Nothing runs in the background here."""

    def close(self) -> None:
        """The session belongs to whoever started it."""
