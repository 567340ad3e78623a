"""A night's landing/ into its tables/: every table, whole or not at all."""

from __future__ import annotations

import re
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from outreach.flatten import counts
from outreach.flatten.columns import TABLES
from outreach.flatten.desk import Desk, connect
from outreach.flatten.latest import assemble
from outreach.flatten.publish import begin, publish
from outreach.flatten.quarantine import Quarantine, second_sight
from outreach.flatten.reading import counted, read
from outreach.flatten.report import FlattenReport
from outreach.flatten.table import Table


def flatten(landing: Path, tables: Path, *, threads: int | None = None, memory: str | None = None) -> FlattenReport:
    """Flatten every file of ``landing`` into ``tables``, replacing what was there only when all of it is written.

    Args:
        landing: holds ``<Type>.ndjson``, ``<Type>.2.ndjson``, … and their ``.gz``; other types are left alone.
        tables: gets one zstd Parquet per table of ``columns``, empty where no file came, quarantine.parquet and
            counts.parquet. The folder is 0700, its files 0600.
        threads: of the engine; all cores unless given.
        memory: most the engine may hold, as in "1GB"; beyond it, it spills to disk beside ``tables``.

    Raises:
        duckdb.Error: the disk is full or memory too small; never for anything that stands in a file.
    """
    part = begin(tables)
    work = part / ".work"
    work.mkdir()
    engine = connect(work, threads, memory)
    try:
        report = _Night(Desk(engine, work), Quarantine(work / "quarantine.ndjson"), landing, part).run()
    finally:
        engine.close()
    shutil.rmtree(work)
    publish(part, tables)
    return report


@dataclass
class _Night:
    desk: Desk
    quarantine: Quarantine
    landing: Path
    out: Path
    lines: dict[str, int] = field(default_factory=dict)
    superseded: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def run(self) -> FlattenReport:
        for table in TABLES:
            self._flatten(table)
        with self._stage("count"):
            found = {table.name: counts.count(self.desk, table, self._file(table.name)) for table in TABLES}
            counts.write(self.desk, found, self._file("counts"))
            self.quarantine.write(self.desk, self._file("quarantine"))
        return FlattenReport(
            rows={name: each.rows for name, each in found.items()},
            lines=self.lines,
            quarantined=self.quarantine.lines,
            mended=self.quarantine.mended,
            superseded=self.superseded,
            nulled={name: each.lost for name, each in found.items() if each.lost},
            seconds=dict(self.seconds),
        )

    def _flatten(self, table: Table) -> None:
        files = files_of(self.landing, table.resource)
        with self._stage("read"):
            parts = read(self.desk, table, files)
        with self._stage("mend"):
            mended = self._mend(table, parts, {file.name: file for file in files})
        with self._stage("latest"):
            self.superseded += assemble(self.desk, parts + mended, self._file(table.name), clean=not mended)
        for spent in (*parts, *mended):
            spent.unlink(missing_ok=True)

    def _mend(self, table: Table, parts: list[Path], files: dict[str, Path]) -> list[Path]:
        self.lines |= dict.fromkeys(files, 0)
        mended = []
        for part in parts:
            for name, lines, unsure in counted(self.desk, part):
                self.lines[name] = lines
                if unsure:
                    mended.append(second_sight(self.desk, table, part, files[name], self.quarantine))
        return mended

    def _file(self, name: str) -> Path:
        return self.out / f"{name}.parquet"

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - begun


def files_of(landing: Path, resource: str) -> list[Path]:
    """The landing files of exactly one type, ``.2`` before ``.10``: of two equal versions the later one stays."""
    named = re.compile(rf"{resource}(?![A-Za-z]).*\.ndjson(\.gz)?")
    found = [file for file in landing.iterdir() if named.fullmatch(file.name) and file.is_file()]
    return sorted(found, key=lambda file: ([int(n) for n in re.findall(r"\d+", file.name)], file.name))
