"""Parts into one table: certain rows only, and of each resource only its latest version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from outreach.flatten.desk import Desk, exactly

# Hashes, not ids, to spare memory. Were two ids to share one, the exact query below would find no repeat.
_REPEATS = """
    SELECT count(*) - count(DISTINCT hash(id)) FROM read_parquet($parts) WHERE nth = 1 AND id IS NOT NULL"""

_CERTAIN = "SELECT * FROM read_parquet($parts) WHERE id IS NOT NULL"

# The rows of one resource stand together, so file_row_number - nth names it within its part.
_LATEST = """
    WITH placed AS (
        FROM read_parquet($parts, file_row_number = true, filename = true) WHERE id IS NOT NULL),
    again AS (
        SELECT id FROM placed WHERE nth = 1 GROUP BY id HAVING count(*) > 1),
    older AS (
        SELECT filename, file_row_number - nth AS resource FROM placed SEMI JOIN again USING (id) WHERE nth = 1
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY
            last_updated DESC NULLS LAST, try_cast(version AS BIGINT) DESC NULLS LAST, version DESC NULLS LAST,
            filename DESC, file_row_number DESC) > 1)
    SELECT * EXCLUDE (filename, file_row_number) FROM placed WHERE NOT EXISTS (
        FROM older WHERE older.filename = placed.filename AND older.resource = placed.file_row_number - placed.nth)
    ORDER BY filename, file_row_number"""


def assemble(desk: Desk, parts: Sequence[Path], to: Path, *, clean: bool) -> int:
    """Write the table; returns how many resources gave way to a later version of themselves.

    The latest has the greatest last_updated, then the greatest version (as a number where it is one), then stands
    last. ``clean``: every line was certain, so a single part without repeats already is the table.
    """
    names = exactly(parts)
    superseded = desk.number(_REPEATS, parts=names)
    if superseded:
        desk.copy(_LATEST, to, parts=names)
    elif clean and len(parts) == 1:
        parts[0].replace(to)
    else:
        desk.copy(_CERTAIN, to, parts=names)
    return superseded
