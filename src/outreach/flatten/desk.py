"""The engine at work on one night, and the folder its parts lie in until they are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import duckdb

from outreach.domain.query import exact
from outreach.flatten.duck import MACROS

Parameter = str | None | Sequence[str]


def connect(work: Path, threads: int | None, memory: str | None) -> duckdb.DuckDBPyConnection:
    """An in-memory engine that spills into ``work``, loads nothing over a network, and keeps lines in their order."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(work / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    engine = duckdb.connect(":memory:", config=settings)
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute("SET enable_progress_bar = false")
    for macro in MACROS:
        engine.execute(f"CREATE MACRO {macro}")
    return engine


@dataclass
class Desk:
    """An engine and a folder for the parts it writes."""

    engine: duckdb.DuckDBPyConnection
    work: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def part(self, suffix: str) -> Path:
        """A fresh file name; later ones sort later."""
        return self.work / f"{next(self._numbers):06}.{suffix}"

    def copy(self, query: str, to: Path, **parameters: Parameter) -> Path:
        """Write a query's rows as zstd Parquet."""
        whole = f"COPY ({query}) TO $written (FORMAT parquet, COMPRESSION zstd)"
        self.engine.execute(whole, {**parameters, "written": str(to)})
        return to

    def rows(self, query: str, **parameters: Parameter) -> Iterator[tuple[object, ...]]:
        """A query's rows, a batch at a time."""
        cursor = self.engine.cursor().execute(query, parameters)
        while batch := cursor.fetchmany(10_000):
            yield from batch

    def number(self, query: str, **parameters: Parameter) -> int:
        """A query's one whole number."""
        return int(str(next(self.rows(query, **parameters))[0]))


def exactly(files: Sequence[Path]) -> list[str]:
    """File names for the engine, which would take ``*``, ``?`` and ``[`` in a name for a pattern."""
    return [exact(file) for file in files]
