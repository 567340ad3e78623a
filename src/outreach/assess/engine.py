"""Where expressions run. DuckDB is embedded; another engine needs only these verbs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from outreach.domain.tables import Rows
from outreach.errors import NoRoom


def _machine_mb() -> float:
    """The memory of this machine, or of the container that it is."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    limit = Path("/sys/fs/cgroup/memory.max")
    told = limit.read_text().strip() if limit.is_file() else ""
    return min(most, int(told) / 1e6) if told.isdigit() else most


_MACHINE_MB = _machine_mb()

#: Waits until a file is written, and tells its number of rows.
Written = Callable[[], int]


class Engine(Protocol):
    """Runs Ibis expressions over the tables of a night."""

    def table(self, name: str) -> ir.Table:
        """A table that flatten wrote."""

    def values(self, name: str, rows: pa.Table) -> ir.Table:
        """A small table made here, such as the codes of value sets."""

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute once, so that later expressions read the result instead of repeating it."""

    def stage(self, name: str, expression: ir.Table) -> ir.Table:
        """Name an expression that is read once, so that the next reads its columns and does not write it out again.

        An expression over an expression is one larger expression to Ibis; over ten stages it would double ten times.
        """

    def drop(self, names: Sequence[str]) -> None:
        """Forget kept tables that nothing reads any more."""

    def write(self, expression: ir.Table, path: Path) -> Written:
        """Begin to write as zstd Parquet, rows in any order.

        Whatever is asked of an engine takes effect in that order: what this reads may be dropped next.
        """

    def stop(self) -> None:
        """Give up what is not written yet; the engine can then only be closed."""


class DuckEngine:
    """Ibis on an in-memory DuckDB whose spill goes beside the tables.

    Statements are made in this thread and run in another, one after the other; so the next is compiled while one
    runs, and each has all threads and all the memory. What fails is raised where a file is waited for; the engine
    can then only be closed.

    Args:
        memory: megabytes DuckDB may take before it spills; where that is too little it takes twice as much, and
            again, up to three quarters of the machine's.
    """

    def __init__(self, tables: Path, *, threads: int | None = None, memory: int = 700) -> None:
        self.tables, self._memory = tables, memory
        self.backend = ibis.duckdb.connect(threads=threads or os.cpu_count() or 1, memory_limit=f"{memory}MB")
        self.backend.raw_sql("SET GLOBAL TimeZone = 'UTC'")
        self.backend.raw_sql("SET preserve_insertion_order = false")
        self.backend.raw_sql(f"SET temp_directory = '{_quoted(tables)}/.spill'")
        self._read: dict[str, ir.Table] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="assess")
        self._running: duckdb.DuckDBPyConnection | None = None
        self._failed: BaseException | None = None

    def table(self, name: str) -> ir.Table:
        if name not in self._read:
            self.backend.raw_sql(f"CREATE OR REPLACE VIEW in_{name} AS {Rows(self.tables, name).sql()}")
            self._read[name] = self.backend.table(f"in_{name}")
        return self._read[name]

    def values(self, name: str, rows: pa.Table) -> ir.Table:
        self.backend.con.register(f"given_{name}", rows)
        self.backend.raw_sql(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given_{name}")  # noqa: S608
        self.backend.con.unregister(f"given_{name}")
        return ibis.table(ibis.Schema.from_pyarrow(rows.schema), name=name)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        self._make(f"CREATE OR REPLACE TABLE {name} AS {self.backend.compile(expression)}")
        return ibis.table(expression.schema(), name=name)

    def stage(self, name: str, expression: ir.Table) -> ir.Table:
        # A view: the stages of a rule run as one stream of rows, and none is copied between them.
        self._make(f"CREATE OR REPLACE VIEW {name} AS {self.backend.compile(expression)}")
        return ibis.table(expression.schema(), name=name)

    def drop(self, names: Sequence[str]) -> None:
        for name in names:
            self._make(f"DROP TABLE IF EXISTS {name}")

    def write(self, expression: ir.Table, path: Path) -> Written:
        how = "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480"
        sql = f"COPY ({self.backend.compile(expression)}) TO '{_quoted(path)}' ({how})"

        def copy() -> int:
            self._run(sql)
            path.chmod(0o600)
            rows: int = pq.read_metadata(path).num_rows
            return rows

        return self._worker.submit(copy).result

    def _make(self, sql: str) -> None:
        self._worker.submit(self._run, sql)

    def _run(self, sql: str) -> None:
        """A statement on a connection of its own; none runs after one that failed, which is raised again."""
        with self.backend.con.cursor() as connection:
            self._running = connection
            try:
                if self._failed is not None:
                    raise self._failed
                self._execute(connection, sql)
            except BaseException as error:
                self._failed = error
                raise
            finally:
                self._running = None

    def _execute(self, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        while True:
            try:
                connection.execute(sql)
                return
            except duckdb.OutOfMemoryException as error:
                if "temp_directory" in str(error):
                    raise NoRoom(f"there is no room on the disk to work in: {self.tables}. Free some.") from error
                self._grow(connection)

    def _grow(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Twice the memory that was too little."""
        most = int(0.75 * _MACHINE_MB)
        if self._memory >= most:
            raise NoRoom(
                f"{self._memory} MB are too little to work out the rules, and the machine has {_MACHINE_MB:.0f} MB. "
                "Run fewer programmes at a time, or take a larger machine."
            )
        self._memory = min(2 * self._memory, most)
        connection.execute(f"SET GLOBAL memory_limit = '{self._memory}MB'")

    def stop(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._failed = self._failed or CancelledError()  # what the worker has taken up but not begun
        while (running := self._running) is not None:
            with suppress(duckdb.ConnectionException):  # it ended just now
                running.interrupt()
            time.sleep(0.01)  # a statement that was about to begin did not hear it
        self._worker.shutdown()

    def close(self) -> None:
        self.stop()
        self.backend.disconnect()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
