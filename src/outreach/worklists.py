"""The lists that people work through in the morning: one CSV a list, newest need first.

Only the call lists hold names and phone numbers, read minutes before; the others hold ids and reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from outreach.post.words import CallRow
from outreach.report.write import csv

_COLUMNS = (
    *("programme", "person", "reason", "status", "due_on", "overdue_on", "risk_group", "missing", "since", "late"),
    *("language", "interpreter"),
)

#: The late ones first, then the longest overdue.
_ROWS = """
    SELECT o.list_name, o.programme, o.person, o.reason, a.status, a.due_on, a.overdue_on, a.risk_group,
        array_to_string(a.missing, ' + '), a.since, a.late, p.language, p.interpreter
    FROM read_parquet($outcomes) o
    LEFT JOIN read_parquet($assessment) a ON a.person = o.person AND a.rule = o.programme
    LEFT JOIN read_parquet($person) p ON p.id = o.person
    WHERE o.list_name NOT IN ('', 'call-list', 'interpreter-call')
    ORDER BY o.list_name, a.late DESC NULLS LAST, coalesce(a.since, a.overdue_on) NULLS LAST, o.person
"""


def write_worklists(tables: Path, folder: Path) -> dict[str, int]:
    """Write every list that needs no names; returns the number of people on each."""
    files = {name: str(tables / f"{name}.parquet") for name in ("outcomes", "assessment", "person")}
    rows = duckdb.connect().execute(_ROWS, files).fetchall()
    lists: dict[str, list[Sequence[object]]] = {}
    for name, *row in rows:
        lists.setdefault(name, []).append(row)
    for name, people in lists.items():
        _write(folder / f"{name}.csv", _COLUMNS, people)
    return {name: len(people) for name, people in lists.items()}


def write_call_lists(calls: Iterable[CallRow], folder: Path, zone: ZoneInfo, suffix: str = "") -> dict[str, int]:
    """Write who must be called, with the place held for them; times are the site's own."""
    lists: dict[str, list[Sequence[object]]] = {}
    for call in calls:
        lists.setdefault(call.list_name, []).append(_call(call, zone))
    for name, rows in lists.items():
        _write(folder / f"{name}{suffix}.csv", _CALL_COLUMNS, sorted(rows, key=lambda row: str(row[0])))
    return {name: len(rows) for name, rows in lists.items()}


_CALL_COLUMNS = ("slot_start", "slot", "visit_start", "visit", "visit_place", "person", "name", "phone", "language",
                 "interpreter", "why", "answer_by", "order")  # fmt: skip


def _call(call: CallRow, zone: ZoneInfo) -> Sequence[object]:
    told = asdict(call)
    start = call.slot.start.astimezone(zone) if call.slot else None
    visit = call.visit_start.astimezone(zone) if call.visit_start else None
    until = call.reply_by.astimezone(zone) if call.reply_by else None
    slot = call.slot.slot if call.slot else ""
    times = [f"{t:%Y-%m-%d %H:%M}" if t else "" for t in (start, visit, until)]
    rest = [told[name] for name in ("visit_place", "person", "name", "phone", "language", "interpreter", "why")]
    return [times[0], slot, times[1], call.visit, *rest, times[2], call.order]


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.write_text(csv(pd.DataFrame(list(rows), columns=list(columns))), encoding="utf-8")
    path.chmod(0o600)
