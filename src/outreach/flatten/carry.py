"""What an earlier night's table keeps of what it knows, beside what changed since.

A table is not written again for a few changes, unless it is small: its file is linked into the new folder, and what
changed lies beside it (``domain.tables``) until that is a quarter of it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from outreach.domain.tables import Rows
from outreach.flatten.desk import Desk, exactly
from outreach.flatten.table import Table

SPLIT_FROM = 1 << 17  #: bytes of a table's file from which it is not written again for a few changes
FEW = 4  #: few are less than one in so many

_GONE = """
    CREATE OR REPLACE TABLE gone AS
    SELECT id FROM read_parquet($changed) WHERE nth = 1 UNION SELECT unnest($ids::VARCHAR[])"""
_KEPT = "SELECT * FROM ({rows}) ANTI JOIN gone USING (id)"
_AND_CHANGED = " UNION ALL SELECT * FROM read_parquet($changed)"
_EARLIER = "SELECT * FROM read_parquet($earlier)"


@dataclass(frozen=True)
class Base:
    """The tables of an earlier night, to which landing/ brings what changed since.

    ``whole`` are the resource types of which landing/ holds everything: nothing of theirs is kept. ``gone`` are the
    ids, by resource type, that the server has deleted. ``landing`` is the path that goes before the names of the files
    they were read from, as in ``nights/2026-03-01/landing/``; empty where they are tonight's own. ``settled``: those
    of whom an earlier export could not bring something are no longer set aside, for it has come, or is asked for next.
    """

    tables: Path
    whole: frozenset[str] = frozenset()
    gone: Mapping[str, Sequence[str]] = field(default_factory=dict)
    landing: str = ""
    settled: bool = False


def carry(desk: Desk, table: Table, changed: Path, ids: Sequence[str], base: Base, out: Path) -> None:
    """Write a table into ``out``: its earlier rows but for ``ids`` and whatever ``changed`` brings anew.

    Leaves the ids that no longer count in the engine's table ``gone``.
    """
    old, new = Rows(base.tables, table.name), Rows(out, table.name)
    desk.engine.execute(_GONE, {"changed": exactly([changed]), "ids": list(ids)})
    fresh = desk.number("SELECT count(*) FROM gone")
    if not fresh:
        for file in (old.whole, old.changed, old.gone):
            _link(file, out)
    elif old.whole.stat().st_size >= SPLIT_FROM and _few(desk, old, fresh):
        _beside(desk, old, new, changed)
    else:
        desk.copy(_kept(old.sql()) + _AND_CHANGED, new.whole, changed=exactly([changed]))


def _few(desk: Desk, old: Rows, fresh: int) -> bool:
    """Whether what is gone, with tonight's, is a small part of the file's resources (``FEW``)."""
    before = desk.number("SELECT count(*) FROM read_parquet($gone)", gone=exactly([old.gone])) if old.is_split else 0
    all_ = desk.number("SELECT count(*) FROM read_parquet($whole) WHERE nth = 1", whole=exactly([old.whole]))
    return FEW * (before + fresh) < all_


def _beside(desk: Desk, old: Rows, new: Rows, changed: Path) -> None:
    """The old file as it is; what changed before and changed tonight in one file beside it."""
    _link(old.whole, new.tables)
    if not old.is_split:
        shutil.copyfile(changed, new.changed)
        desk.copy("FROM gone", new.gone)
        return
    desk.copy(_kept(_EARLIER) + _AND_CHANGED, new.changed, earlier=exactly([old.changed]), changed=exactly([changed]))
    desk.copy("FROM gone UNION SELECT id FROM read_parquet($gone)", new.gone, gone=exactly([old.gone]))


def _kept(rows: str) -> str:
    return _KEPT.format(rows=rows)


def _link(file: Path, folder: Path) -> None:
    """The same file in another folder: no table is ever changed where it lies."""
    if not file.exists():
        return
    try:
        os.link(file, folder / file.name)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(file, folder / file.name)
