"""Where a night's tables lie. One that is not small may be the file of an earlier night and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.domain.query import quoted


@dataclass(frozen=True)
class Rows:
    """One table: ``<name>.parquet``, or that without the resources of ``gone`` and with the rows of ``changed``.

    ``gone`` has one column, ``id``: whatever was changed or deleted since ``whole`` was written. ``changed`` has the
    columns of ``whole``. Both are there, or neither.
    """

    tables: Path
    name: str

    @property
    def whole(self) -> Path:
        return self.tables / f"{self.name}.parquet"

    @property
    def changed(self) -> Path:
        return self.tables / f"{self.name}.changed.parquet"

    @property
    def gone(self) -> Path:
        return self.tables / f"{self.name}.gone.parquet"

    @property
    def is_split(self) -> bool:
        return self.changed.exists()

    def sql(self) -> str:
        """The rows as a DuckDB query."""
        whole = f"SELECT * FROM {_read(self.whole)}"  # noqa: S608  a path of our own, quoted
        if not self.is_split:
            return whole
        kept = f"{whole} AS was ANTI JOIN {_read(self.gone)} AS now USING (id)"
        return f"{kept} UNION ALL SELECT * FROM {_read(self.changed)}"  # noqa: S608


def _read(path: Path) -> str:
    return f"read_parquet({quoted(path)})"
