"""One resource type from landing/ into Parquet: fast where the files are clean, careful where they are not.

All files of a type are read by one strict COPY, which fails at the first line that is not as declared. Only then is
each file read by a COPY of its own, and only those that fail alone are read carefully. So a broken file costs
itself, a clean one never meets Python, and no part of a resource is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from outreach.flatten.desk import Desk, exactly
from outreach.flatten.duck import LONGEST_LINE, select
from outreach.flatten.lines import is_damaged, is_gzip, write_stand_in
from outreach.flatten.table import Table

_COUNTED = """
    SELECT file, count(*), count(*) - count(id) FROM read_parquet($part)
    WHERE nth = 1 GROUP BY file ORDER BY file"""
_UNSURE = """
    SELECT place FROM (
        SELECT id, row_number() OVER () AS place
        FROM (SELECT id FROM read_parquet($part) WHERE nth = 1 AND file = $file))
    WHERE id IS NULL"""


# The engine quotes the line in its message, and may cut the quotation within a character: then Python cannot read it.
_UNREADABLE = (duckdb.Error, UnicodeDecodeError)


def read(desk: Desk, table: Table, files: Sequence[Path]) -> list[Path]:
    """Every line's rows as Parquet parts, in the order of ``files``; ``id`` is NULL where a line is not certain."""
    if not files:
        files = [desk.part("ndjson")]
        files[0].touch()
    if not any(map(is_damaged, files)):
        try:
            return [desk.copy(select(table), desk.part("parquet"), files=exactly(files), label=None)]
        except _UNREADABLE:  # a fault of the disk or of memory stops the careful read as well, and is raised there
            pass
    if len(files) > 1:
        return [part for file in files for part in read(desk, table, [file])]
    return [read_carefully(desk, table, files[0], files[0].name)]


def read_carefully(desk: Desk, table: Table, file: Path, name: str) -> Path:
    """Every line's rows of one file, which the rows call ``name``."""
    query, part = select(table, careful=True), desk.part("parquet")
    if not is_gzip(file) and not file.name.endswith(".gz"):
        try:
            return desk.copy(query, part, files=exactly([file]), label=name)
        except (duckdb.InvalidInputException, UnicodeDecodeError):  # a line over LONGEST_LINE
            pass
    stand_in = desk.part("ndjson")
    write_stand_in(file, stand_in, LONGEST_LINE)
    desk.copy(query, part, files=exactly([stand_in]), label=name)
    stand_in.unlink()
    return part


def counted(desk: Desk, part: Path) -> list[tuple[str, int, int]]:
    """Per landing file: its name, its non-blank lines, and how many of them are not certain."""
    found = desk.rows(_COUNTED, part=exactly([part]))
    return [(str(file), int(str(lines)), int(str(unsure))) for file, lines, unsure in found]


def unsure_lines(desk: Desk, part: Path, file: str) -> Iterator[int]:
    """The places, among a landing file's non-blank lines and from 1, of the lines that are not certain."""
    return (int(str(place)) for (place,) in desk.rows(_UNSURE, part=exactly([part]), file=file))
