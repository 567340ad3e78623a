"""One case and what the night answered it, read back from an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.assess import with_names
from outreach.domain.query import ask
from outreach.rulebook.case import Case
from outreach.rulebook.model import Rule

_COLUMNS = (
    *("status", "reason", "risk_group", "due_on", "overdue_on", "list_name", "since", "late", "missing", "flags"),
    "criteria",
)


@dataclass(frozen=True)
class Said:
    """One entry of ``criteria``: a line, or a criterion in it; ``truth`` None is unknown."""

    section: str
    criterion: str
    truth: bool | None
    applies: bool
    resource: str
    on: date | None
    value: str


@dataclass(frozen=True)
class Answered:
    """One case of one rule, and the row of its person in the assessment of the case's day."""

    rule: Rule
    case: Case
    person: str
    status: str
    reason: str
    risk_group: str
    due_on: date | None
    overdue_on: date | None
    list_name: str
    since: date | None
    late: bool
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    criteria: tuple[Said, ...]


@dataclass(frozen=True)
class Asked:
    """A case, and the name its person goes by: no two of one landing share one."""

    rule: Rule
    case: Case
    person: str


def read(asked: Sequence[Asked], path: Path) -> Iterator[Answered]:
    """The row of each case's own person."""
    sql = f"SELECT person, {', '.join(_COLUMNS)} FROM {with_names(path)} WHERE person IN (SELECT unnest($people))"  # noqa: S608
    found = ask(sql, {"people": [one.person for one in asked]})
    rows = {row[0]: row[1:] for row in found}
    for one in asked:
        row = dict(zip(_COLUMNS, rows[one.person], strict=True))
        row |= {"missing": tuple(row["missing"]), "flags": tuple(row["flags"])}
        row["criteria"] = tuple(_said(entry) for entry in row["criteria"] or ())
        yield Answered(one.rule, one.case, one.person, **row)


def _said(entry: Mapping[str, object]) -> Said:
    """One struct of ``criteria``; with no record its texts are NULL."""
    texts = {name: entry[name] or "" for name in ("resource", "value")}
    return Said(**{**entry, **texts})  # type: ignore[arg-type]  # the fields of with_names, by their names
