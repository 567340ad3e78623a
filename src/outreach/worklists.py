"""The lists that people work through in the morning: one CSV a list, newest need first.

Only the call lists hold names and phone numbers, read minutes before; the others hold ids and reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from outreach.assess import with_names
from outreach.domain.outcome import UNREADABLE
from outreach.domain.query import ask
from outreach.domain.tables import Rows
from outreach.post.words import CallRow
from outreach.report.write import csv

_COLUMNS = (
    *(
        "programme",
        "person",
        "reason",
        "found",
        "status",
        "due_on",
        "overdue_on",
        "risk_group",
        "missing",
        "since",
        "late",
    ),
    *("language", "interpreter"),
)

#: The late ones first, then the longest overdue.
_ROWS = """
    SELECT o.list_name, o.programme, o.person, o.reason, a.criteria, a.status, a.due_on, a.overdue_on, a.risk_group,
        array_to_string(a.missing, ' + '), a.since, a.late, p.language, p.interpreter
    FROM read_parquet($outcomes) o
    LEFT JOIN {assessment} a ON a.person = o.person AND a.rule = o.programme
    LEFT JOIN ({people}) p ON p.id = o.person
    WHERE o.list_name NOT IN ('', 'call-list', 'interpreter-call')
    ORDER BY o.list_name, a.late DESC NULLS LAST, coalesce(a.since, a.overdue_on) NULLS LAST, o.person
"""


def write_worklists(tables: Path, folder: Path) -> dict[str, int]:
    """Write every list that needs no names, the ask list also when it is empty; returns the number on each."""
    sql = _ROWS.format(assessment=with_names(tables / "assessment.parquet"), people=Rows(tables, "person").sql())
    rows = ask(sql, {"outcomes": tables / "outcomes.parquet"})
    lists: dict[str, list[Sequence[object]]] = {"ask-list": []}  # an empty list says that nobody is on it
    for name, programme, person, reason, criteria, *rest in rows:
        row = (programme, person, reason, found(reason, criteria or ()), *rest)
        lists.setdefault(name, []).append(row)
    for name, people in lists.items():
        _write(folder / f"{name}.csv", _COLUMNS, people)
    return {name: len(people) for name, people in lists.items()}


def found(reason: str, criteria: Sequence[Mapping[str, Any]]) -> str:
    """What of the line that is the reason was found, each with its result and day; of ``cannot-tell``, what is open.

    "" where the reason is no line of the rule.
    """
    if reason == "cannot-tell":
        open_ = [
            one for one in criteria if one["section"] in _WAITS and ": " in one["criterion"] and one["truth"] is None
        ]
        return "; ".join(dict.fromkeys(_said(one, "not known") for one in open_))
    held = [one for one in criteria if one["criterion"].startswith(f"{reason}: ") and one["truth"]]
    return "; ".join(dict.fromkeys(_said(one, "yes") for one in held))


_WAITS = ("own_choice", "not_now")  #: sections that hold somebody of whom it cannot be told


def _said(one: Mapping[str, Any], answer: str) -> str:
    day = f" on {one['on']}" if one["on"] else ""
    return f"{one['criterion'].partition(': ')[2]}: {one['value'] or answer}{day}"


def write_call_lists(
    calls: Iterable[CallRow], folder: Path, zone: ZoneInfo, suffix: str = "", places: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Write who must be called, with the place held for them; times are the site's own.

    Args:
        places: names of Locations by id; a place without a name keeps its id.
    """
    lists: dict[str, list[Sequence[object]]] = {}
    for call in calls:
        lists.setdefault(call.list_name, []).append(_call(call, zone, places or {}))
    for name, rows in lists.items():
        _write(folder / f"{name}{suffix}.csv", _CALL_COLUMNS, sorted(rows, key=lambda row: str(row[0])))
    return {name: len(rows) for name, rows in lists.items()}


def unreadable_lines(tables: Path) -> dict[str, int]:
    """How many lines of the landing were set aside: of somebody who is known, and of nobody known."""
    lines = "SELECT max(person) AS person FROM read_parquet($path) GROUP BY file, line"
    sql = f"SELECT count(person), count(*) - count(person) FROM ({lines})"  # noqa: S608
    ((of_somebody, of_nobody),) = ask(sql, {"path": tables / "quarantine.parquet"})
    return {"person": of_somebody, "nobody": of_nobody}


def write_unreadable(tables: Path, folder: Path) -> int:
    """Write the place, person (by id) and reason of each line that was set aside; no list when there is none."""
    columns = ("file", "line", "type", "person", "reason")
    sql = f"SELECT {', '.join(columns)} FROM read_parquet($path) ORDER BY file, line"  # noqa: S608
    rows = ask(sql, {"path": tables / "quarantine.parquet"})
    if rows:
        _write(folder / f"{UNREADABLE}.csv", columns, rows)
    return len(rows)


_CALL_COLUMNS = ("slot_start", "slot", "visit_start", "visit", "visit_place", "person", "name", "phone", "language",
                 "interpreter", "why", "answer_by", "order")  # fmt: skip


def _call(call: CallRow, zone: ZoneInfo, places: Mapping[str, str]) -> Sequence[object]:
    told = asdict(call)
    start = call.slot.start.astimezone(zone) if call.slot else None
    visit = call.visit_start.astimezone(zone) if call.visit_start else None
    until = call.reply_by.astimezone(zone) if call.reply_by else None
    slot = call.slot.slot if call.slot else ""
    times = [f"{t:%Y-%m-%d %H:%M}" if t else "" for t in (start, visit, until)]
    place = places.get(call.visit_place, call.visit_place)
    rest = [place, *(told[name] for name in ("person", "name", "phone", "language", "interpreter", "why"))]
    return [times[0], slot, times[1], call.visit, *rest, times[2], call.order]


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.write_text(csv(pd.DataFrame(list(rows), columns=list(columns))), encoding="utf-8")
    path.chmod(0o600)
