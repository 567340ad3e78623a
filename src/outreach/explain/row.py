"""What a night, or a rehearsal, has written of one person under one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from outreach.assess import with_names
from outreach.domain.assessment import Assessment, Evidence, Finding, Status
from outreach.domain.query import ask
from outreach.errors import Refused

#: Where nights are, and what each is called. A real night is looked into before a rehearsal of its day.
KINDS = {"nights": "night", "rehearsals": "rehearsal"}
_COLUMNS = (
    "person, rule, status, reason, due_on, overdue_on, risk_group, missing, flags, list_name, since, late, criteria, "
    "rule_hash"
)


@dataclass(frozen=True)
class Told:
    """A person's row. ``outside``: the places in ``found.findings`` of scores outside their population."""

    found: Assessment
    as_of: date
    rule_hash: str
    folder: Path  #: of the night
    outside: frozenset[int] = frozenset()

    @property
    def kind(self) -> str:
        """night, or rehearsal."""
        return KINDS[self.folder.parent.name]


def latest_night(home: Path) -> date:
    """The newest day that has an assessment, of a night or of a rehearsal.

    Raises:
        Refused: there is none.
    """
    days = sorted(path.parts[-3] for kind in KINDS for path in home.glob(f"{kind}/*/tables/assessment.parquet"))
    if not days:
        raise Refused(f"there is no night under {home.name}/nights yet; run one first: outreach run --dry-run")
    return date.fromisoformat(days[-1])


def find(home: Path, as_of: date, rule: str, patient: str) -> Told:
    """The row of one person on one day.

    Raises:
        Refused: no such night, no such rule in it, or nobody of that id under it.
    """
    folders = [home / kind / as_of.isoformat() for kind in KINDS]
    held = [folder for folder in folders if (folder / "tables" / "assessment.parquet").is_file()]
    if not held:
        raise Refused(f"there is no night of {as_of}; run it first: outreach run --as-of {as_of} --dry-run")
    for folder in held:
        row = _read(folder, rule, patient)
        if row is not None:
            return _told(row, as_of, folder)
    ran = sorted({name for folder in held for name in _rules(folder)})
    if ran and rule not in ran:
        raise Refused(f"the night of {as_of} has no rule “{rule}”; it has: {', '.join(ran)}")
    raise Refused(f"the night of {as_of} holds no such person under the rule “{rule}”")


def _rules(folder: Path) -> list[str]:
    """The rules that a night asked."""
    paths = sorted((folder / "tables").glob("assessment*.parquet"))
    sql = "SELECT DISTINCT rule FROM read_parquet($path)"
    return [str(name) for path in paths for (name,) in ask(sql, {"path": path})]


def _read(folder: Path, rule: str, patient: str) -> Mapping[str, Any] | None:
    own = folder / "tables" / f"assessment.{Path(rule).name}.parquet"  # where the night ran several programmes
    path = own if own.is_file() else folder / "tables" / "assessment.parquet"
    sql = f"SELECT {_COLUMNS} FROM {with_names(path)} WHERE person = $who AND rule = $rule"  # noqa: S608
    with duckdb.connect() as db:
        found = db.execute(sql, {"who": patient, "rule": rule})
        names = [column[0] for column in found.description]
        row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def _told(row: Mapping[str, Any], as_of: date, folder: Path) -> Told:
    criteria = row["criteria"] or ()
    found = Assessment(
        row["person"],
        row["rule"],
        Status(row["status"]),
        row["reason"],
        row["due_on"],
        row["overdue_on"],
        row["risk_group"],
        tuple(row["missing"]),
        tuple(row["flags"]),
        row["list_name"],
        row["since"],
        row["late"],
        tuple(_finding(entry) for entry in criteria),
    )
    outside = frozenset(place for place, entry in enumerate(criteria) if entry.get("applies") is False)
    return Told(found, as_of, row["rule_hash"], folder, outside)


def _finding(entry: Mapping[str, Any]) -> Finding:
    evidence = None
    if entry["resource"] or entry["value"]:
        evidence = Evidence(entry["resource"] or "", entry["on"], entry["value"] or "")
    return Finding(entry["section"], entry["criterion"], entry["truth"], evidence)


def survivor(told: Told) -> str:
    """The record that a merged one leads to; "" where that is not known."""
    path = told.folder / "tables" / "survivors.parquet"
    if not path.is_file():
        return ""
    sql = "SELECT survivor FROM read_parquet($path) WHERE loser = $who AND resolved"
    rows = ask(sql, {"path": path, "who": told.found.person})
    return str(rows[0][0]) if rows else ""
