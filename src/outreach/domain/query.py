"""Files of a night in a question to DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb


def ask(sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Every row of the answer, as tuples in the order of the columns. A Path among the values is that file alone.

    On a database of its own: DuckDB's default connection is one for all of a process, and whoever leaves an answer
    there half read stops everybody else's next question.
    """
    with duckdb.connect() as db:
        given = {name: exact(one) if isinstance(one, Path) else one for name, one in values.items()}
        return db.execute(sql, given).fetchall()


def exact(file: Path) -> str:
    """The file's name as a value of a statement that reads it: ``*``, ``?`` and ``[`` in it are no pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(file))


def quoted(file: Path) -> str:
    """The same as a word of the statement itself."""
    return "'" + exact(file).replace("'", "''") + "'"
