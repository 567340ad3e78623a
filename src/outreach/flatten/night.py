"""A night's landing/ into its tables/: every table, whole or not at all."""

from __future__ import annotations

import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from outreach.domain.tables import Rows
from outreach.flatten import counts
from outreach.flatten.carry import Base, carry
from outreach.flatten.columns import TABLES
from outreach.flatten.desk import Desk, connect
from outreach.flatten.latest import assemble
from outreach.flatten.outcomes import set_aside
from outreach.flatten.publish import begin, publish
from outreach.flatten.quarantine import Quarantine, second_sight
from outreach.flatten.reading import counted, read
from outreach.flatten.report import FlattenReport
from outreach.flatten.table import Table


class Reader(Protocol):
    """What reads a type's files into parts, as ``reading.read``: on this machine, or by a cluster."""

    def read(self, desk: Desk, table: Table, files: Sequence[Path]) -> list[Path]: ...


def flatten(
    landing: Path,
    tables: Path,
    *,
    base: Base | None = None,
    within: str = "",
    known: Path | None = None,
    engine: Reader | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> FlattenReport:
    """Flatten every file of ``landing`` into ``tables``, replacing what was there only when all of it is written.

    Args:
        landing: holds ``<Type>.ndjson``, ``<Type>.2.ndjson``, … and their ``.gz``; other types are left alone. What an
            export said that it could not do is in ``outcomes.ndjson``: those it names are quarantined.
        tables: gets a zstd Parquet per table of ``columns``, empty where no file came, or three of them
            (``domain.tables``), quarantine.parquet and counts.parquet. The folder is 0700, its files 0600.
        base: an earlier night's tables, of which ``landing`` holds only what changed since. They may be ``tables``.
        known: an earlier night's tables, of which nothing is kept. They tell whose a resource is that cannot be read
            tonight; those of ``base`` do, too.
        within: goes before the names of landing's files where a line of theirs is told of, as in ``whole/``.
        engine: reads the lines in DuckDB's stead (``flatten.spark``). Whatever it is, the tables are the same, and all
            that follows the reading is done here.
        threads: of DuckDB; all cores unless given.
        memory: most DuckDB may hold, as in "1GB"; beyond it, it spills to disk beside ``tables``.

    Raises:
        duckdb.Error: the disk is full or memory too small; never for anything that stands in a file.
    """
    part = begin(tables)
    work = part / ".work"
    work.mkdir()
    duck = connect(work, threads, memory)
    read_by = engine.read if engine is not None else read
    try:
        aside = Quarantine(work / "quarantine.ndjson", within)
        report = _Night(
            Desk(duck, work), aside, landing, part, base, known or (base.tables if base else None), read_by
        ).run()
    finally:
        duck.close()
    shutil.rmtree(work)
    publish(part, tables)
    return report


@dataclass
class _Night:
    desk: Desk
    quarantine: Quarantine
    landing: Path
    out: Path
    base: Base | None
    known: Path | None
    read: Callable[[Desk, Table, Sequence[Path]], list[Path]]
    lines: dict[str, int] = field(default_factory=dict)
    superseded: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def run(self) -> FlattenReport:
        for table in TABLES:
            self._flatten(table)
        with self._stage("count"):
            found = {table.name: counts.count(self.desk, table, self.out) for table in TABLES}
            counts.write(self.desk, found, self._file("counts"))
            set_aside(self.desk, self.landing, self.out, self.quarantine)
            aside = self.quarantine.write(self.desk, self._file("quarantine"))
        return FlattenReport(
            rows={name: each.rows for name, each in found.items()},
            resources={t.resource: found[t.name].resources + self._unread(t, aside) for t in TABLES},
            newest={t.resource: newest for t in TABLES if (newest := found[t.name].newest)},
            lines=self.lines,
            quarantined=self.quarantine.lines,
            mended=self.quarantine.mended,
            superseded=self.superseded,
            nulled={name: each.lost for name, each in found.items() if each.lost},
            seconds=dict(self.seconds),
        )

    def _unread(self, table: Table, aside: Mapping[str, int]) -> int:
        """The resources of a type that nobody can read: one of which another line could be read is none."""
        lines = aside.get(table.resource, 0)
        return lines - counts.among(self.desk, table, self.out, self.quarantine.ids(self.desk, table)) if lines else 0

    def _flatten(self, table: Table) -> None:
        files, aside = files_of(self.landing, table.resource), self.quarantine.lines
        with self._stage("read"):
            parts = self.read(self.desk, table, files)
        with self._stage("mend"):
            mended = self._mend(table, parts, {file.name: file for file in files})
        with self._stage("latest"):
            written = self.desk.part("parquet") if self._carries(table) else self._file(table.name)
            self.superseded += assemble(self.desk, parts + mended, written, clean=not mended)
        with self._stage("carry"):
            if self.quarantine.lines > aside:
                self.quarantine.name_owners(self.desk, table, self._known(table, written))
            self._carry(table, written)
        for spent in (*parts, *mended):
            spent.unlink(missing_ok=True)

    def _mend(self, table: Table, parts: list[Path], files: dict[str, Path]) -> list[Path]:
        self.lines |= dict.fromkeys(files, 0)
        place = {name: n for n, name in enumerate(files)}  # of two equal versions the one in the later file stays
        mended = []
        for part in parts:
            for name, lines, unsure in sorted(counted(self.desk, part), key=lambda of: place[of[0]]):
                self.lines[name] = lines
                if unsure:
                    mended.append(second_sight(self.desk, table, part, files[name], self.quarantine))
        return mended

    def _carries(self, table: Table) -> bool:
        return self.base is not None and table.resource not in self.base.whole

    def _carry(self, table: Table, changed: Path) -> None:
        """Add what the earlier night knows. A line that cannot be read hides what was known of its resource."""
        if self.base is None:
            return
        aside = self.base.tables / "quarantine.parquet"
        if table.resource in self.base.whole:
            if not self.base.settled:
                self.quarantine.carry(self.desk, table, aside, self.base.landing, whole=True)
            return
        ids = [*self.base.gone.get(table.resource, ()), *self.quarantine.ids(self.desk, table)]
        carry(self.desk, table, changed, ids, self.base, self.out)
        self.quarantine.carry(self.desk, table, aside, self.base.landing)
        changed.unlink()

    def _known(self, table: Table, written: Path) -> list[Rows]:
        """What tells whose a resource is: other lines of tonight, and an earlier night."""
        found = [Rows(written.parent, written.stem)]
        if self.known is not None:
            found.append(Rows(self.known, table.name))
        return found

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
