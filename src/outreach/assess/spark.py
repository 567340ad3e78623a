"""The same expressions on Apache Spark, for a site that has outgrown one machine (extra ``spark``).

Needs Java 17. Ibis compiles for PySpark what it compiles for DuckDB; nothing of a rule is written twice.
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

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def local_session(cores: int = 2, memory: str = "2g") -> SparkSession:
    """A session in this process, on loopback, without its web page: for tests and small sites."""
    from pyspark.sql import SparkSession

    own = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * cores),
        "spark.sql.ansi.enabled": "false",  # a NULL for what does not cast, as on DuckDB
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("outreach")
    for name, value in own.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class SparkEngine:
    """Ibis on a Spark session; the tables of a night are Parquet files that its workers can read."""

    def __init__(self, tables: Path, session: SparkSession) -> None:
        self.tables, self.session = tables, session
        self.backend = ibis.pyspark.connect(session)

    def table(self, name: str) -> ir.Table:
        self.session.read.parquet(str(self.tables / f"{name}.parquet")).createOrReplaceTempView(f"in_{name}")
        return self.backend.table(f"in_{name}")

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
        rows.write.mode("overwrite").option("compression", "zstd").parquet(str(folder))
        (part,) = folder.glob("part-*.parquet")
        part.replace(path)
        shutil.rmtree(folder)
        path.chmod(0o600)
        written: int = pq.read_metadata(path).num_rows
        return lambda: written

    def stop(self) -> None:
        """Nothing runs in the background here."""

    def close(self) -> None:
        self.session.stop()
