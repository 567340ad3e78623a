"""One resource type from landing/ into Parquet by Spark, and by DuckDB on the driver where that is surer or cheaper.

DuckDB reads: files too small to be worth a job, packed ones (a job could not split them), those that begin with a
byte order mark or hold a line of more than 16 MB, and of all others each line that is not ``certain``. The part that
comes of it is the one that ``outreach.flatten.reading`` would have written, row for row and in its order; what follows
is the same for both.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, cast

from outreach.flatten.desk import Desk, exactly
from outreach.flatten.duck import layers
from outreach.flatten.duck.places import quoted
from outreach.flatten.lines import is_gzip
from outreach.flatten.reading import read, read_carefully
from outreach.flatten.spark.query import write_rows
from outreach.flatten.table import Table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WORTH_A_JOB = 64 * 1024 * 1024  #: bytes of a type's files; DuckDB reads less in about the time that a job takes

_BLOCKS = """
    SELECT any_value(file), filename, count(raw), coalesce(bool_or(raw = '\\x0A'::BLOB), false)
    FROM read_parquet($parts, filename = true) GROUP BY filename ORDER BY any_value(block)"""
_LEFT = """
    SELECT filename AS part, file, place, raw, row_number() OVER (ORDER BY filename, place) AS n
    FROM read_parquet($parts, filename = true) WHERE raw IS NOT NULL ORDER BY n"""
_RAW = "SELECT raw FROM read_parquet($left) ORDER BY n"
_TAKEN = """
    SELECT * EXCLUDE (file), sum((nth = 1)::INTEGER) OVER (ORDER BY file_row_number) - 1 AS n
    FROM read_parquet($again, file_row_number = true)"""
_OF_PART = "SELECT part, min(n), max(n) FROM read_parquet($left) GROUP BY part"
_FILLED = """
    SELECT * FROM (
        SELECT * EXCLUDE (block, raw) FROM read_parquet($part) WHERE raw IS NULL
        UNION ALL BY NAME
        SELECT * EXCLUDE (n, file_row_number)
        FROM read_parquet($taken) JOIN (SELECT n, file, place FROM read_parquet($left)) USING (n)
        WHERE n BETWEEN $first::BIGINT AND $last::BIGINT)
    ORDER BY place, nth"""


@dataclass(frozen=True)
class SparkReader:
    """Reads by a session whose workers see the landing and the tables under the same paths as the driver."""

    session: SparkSession
    worth_a_job: int | None = None  #: bytes; ``WORTH_A_JOB`` unless given

    def read(self, desk: Desk, table: Table, files: Sequence[Path]) -> list[Path]:
        """As ``outreach.flatten.reading.read``, and always one part unless DuckDB reads all."""
        ours = [file for file in files if _splits(file)]
        least = WORTH_A_JOB if self.worth_a_job is None else self.worth_a_job
        if sum(file.stat().st_size for file in ours) < max(least, 1):
            return read(desk, table, files)
        folder = desk.part("spark")
        write_rows(self.session, table, ours, folder)
        blocks = _blocks(desk, table, folder)
        pieces: list[Path] = []
        for _, group in groupby(files, lambda file: file.name in blocks):
            some = list(group)
            by_spark = some[0].name in blocks
            pieces += chain(*(blocks[file.name] for file in some)) if by_spark else read(desk, table, some)
        columns = ", ".join([*map(quoted, layers(table).shown), "file", "nth", "lost"])
        whole = f"SELECT {columns} FROM read_parquet($pieces)"  # noqa: S608
        part = desk.copy(whole, desk.part("parquet"), pieces=exactly(pieces))
        shutil.rmtree(folder)
        return [part]


def _splits(file: Path) -> bool:
    """Whether Spark reads a file, and names it, as we do."""
    with file.open("rb") as begun:
        marked = begun.read(3).startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    plain = not file.name.endswith(".gz") and not is_gzip(file)
    return plain and not marked and re.fullmatch(r"[A-Za-z0-9._-]+", file.name) is not None


def _blocks(desk: Desk, table: Table, folder: Path) -> dict[str, list[Path]]:
    """Landing file → its parts, in the order of its lines, those filled that left lines to DuckDB."""
    parts = exactly(list(folder.glob("*.parquet")))
    found = list(desk.rows(_BLOCKS, parts=parts)) if parts else []
    # DuckDB's room for a line depends on its neighbours: a file with a very long one is read by DuckDB alone.
    odd = {file for file, _, _, overlong in found if overlong}
    kept = [(str(file), Path(str(part)), left) for file, part, left, _ in found if file not in odd]
    short = [part for _, part, left in kept if left]
    if short:
        _fill(desk, table, short)
    by_file: defaultdict[str, list[Path]] = defaultdict(list)
    for file, part, _ in kept:
        by_file[file].append(part)
    return by_file


def _fill(desk: Desk, table: Table, parts: Sequence[Path]) -> None:
    """Put the rows that DuckDB makes of the lines left to it in their places."""
    left = desk.copy(_LEFT, desk.part("parquet"), parts=exactly(parts))
    lines = desk.part("ndjson")
    with lines.open("wb") as out:
        out.write(b"null\n")  # a mark that is legal at the start of a file must not get there
        out.writelines(cast(bytes, raw).strip(b"\r\n") + b"\n" for (raw,) in desk.rows(_RAW, left=exactly([left])))
    again = read_carefully(desk, table, lines, lines.name)
    taken = desk.copy(_TAKEN, desk.part("parquet"), again=exactly([again]))
    for part, first, last in desk.rows(_OF_PART, left=exactly([left])):
        of = {"part": exactly([Path(str(part))]), "left": exactly([left]), "taken": exactly([taken])}
        filled = desk.copy(_FILLED, desk.part("parquet"), **of, first=str(first), last=str(last))
        filled.replace(str(part))
    for spent in (left, lines, again, taken):
        spent.unlink()
