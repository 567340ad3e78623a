"""Why a person was invited, or not: the night's own row in words. Nothing is judged a second time."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from outreach.domain.assessment import Assessment, Evidence, Finding, Status
from outreach.errors import Refused

_SAYS = {
    Status.UP_TO_DATE: "up to date; the next test is due on {due_on}",
    Status.DUE: "due since {due_on}, within the grace period; overdue on {overdue_on}",
    Status.OVERDUE: "overdue since {overdue_on} (due on {due_on})",
    Status.NOT_NOW: "paused: {reason}",
    Status.EXCLUDED: "left out, because screening cannot help or the person has died: {reason}",
    Status.EXCEPTION: "left out by the person's own choice: {reason}",
    Status.UNKNOWN: "not known to be at risk or not; missing: {missing}",
    Status.NOT_APPLICABLE: "not in this programme: {reason}",
}
_SECTIONS = {
    "at_risk": "At risk?",
    "cannot_help": "Is there a reason why screening cannot help?",
    "not_now": "Is there a reason to wait?",
    "next_due": "Counted from",
}
_TRUTH = {True: "yes", False: "no", None: "cannot tell"}
_COLUMNS = (
    "person, rule, status, reason, due_on, overdue_on, risk_group, missing, flags, list_name, since, late, criteria"
)


def latest_night(home: Path) -> date:
    """The newest night that has an assessment.

    Raises:
        Refused: there is none.
    """
    days = sorted(path.parts[-3] for path in home.glob("nights/*/tables/assessment.parquet"))
    if not days:
        raise Refused(f"there is no night under {home.name}/nights yet; run one first: outreach run --dry-run")
    return date.fromisoformat(days[-1])


def find(home: Path, as_of: date, rule: str, patient: str) -> Assessment:
    """The assessment of one person on one night.

    Raises:
        Refused: no such night, or nobody of that id under that rule in it.
    """
    path = home / "nights" / as_of.isoformat() / "tables" / "assessment.parquet"
    if not path.is_file():
        raise Refused(f"there is no night of {as_of}; run it first: outreach run --as-of {as_of} --dry-run")
    sql = f"SELECT {_COLUMNS} FROM read_parquet($path) WHERE person = $who AND rule = $rule"  # noqa: S608
    row = duckdb.connect().execute(sql, {"path": str(path), "who": patient, "rule": rule}).fetchone()
    if row is None:
        raise Refused(f"the night of {as_of} holds no such person under the rule “{rule}”")
    return _assessment(row)


def _assessment(row: tuple[Any, ...]) -> Assessment:
    *facts, criteria = row
    person, rule, status, reason, due_on, overdue_on, group, missing, flags, list_name, since, late = facts
    found = tuple(_finding(entry) for entry in criteria or ())
    return Assessment(person, rule, Status(status), reason, due_on, overdue_on, group, tuple(missing), tuple(flags),
                      list_name, since, late, found)  # fmt: skip


def _finding(entry: dict[str, Any]) -> Finding:
    evidence = None
    if entry["resource"] or entry["value"]:
        evidence = Evidence(entry["resource"] or "", entry["on"], entry["value"] or "")
    return Finding(entry["section"], entry["criterion"], entry["truth"], evidence)


def became(home: Path, as_of: date, rule: str, patient: str) -> str:
    """What the night did about the person, in the words of its sum; "" when it was not carried so far."""
    path = home / "nights" / as_of.isoformat() / "tables" / "outcomes.parquet"
    if not path.is_file():
        return ""
    sql = """SELECT bucket, reason, list_name, slot, language FROM read_parquet($path)
        WHERE person = $who AND programme = $rule"""
    row = duckdb.connect().execute(sql, {"path": str(path), "who": patient, "rule": rule}).fetchone()
    if row is None:
        return ""
    bucket, reason, list_name, slot, language = row
    parts = [
        bucket.replace("_", " "),
        reason,
        list_name and f"on the list “{list_name}”",
        slot and f"slot {slot}",
        language,
    ]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def in_words(found: Assessment, as_of: date, outcome: str = "") -> str:
    """The answer for a clinician: status first, then each line of the rule with the record that decided it."""
    said = _SAYS[found.status].format(
        due_on=found.due_on, overdue_on=found.overdue_on, reason=found.reason, missing=", ".join(found.missing)
    )
    lines = [f"{found.person} under {found.rule} on {as_of}: {said}."]
    lines += [f"Tonight: {outcome}."] if outcome else []
    if found.list_name:
        since = f" since {found.since}" if found.since else ""
        lines.append(f"On the list “{found.list_name}”{since}{'; late' if found.late else ''}.")
    lines += [f"To look at: {flag}." for flag in found.flags]
    section = ""
    for finding in found.findings:
        if finding.section != section:
            section = finding.section
            lines += ["", _SECTIONS[section]]
        lines.append(_line(finding))
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    indent = "    " if ": " in finding.criterion else "  "
    words = finding.criterion.split(": ", 1)[-1] if indent == "    " else finding.criterion
    line = f"{indent}{_TRUTH[finding.truth]:<12}{words}"
    if finding.evidence is None or finding.truth is False:
        return line
    seen = finding.evidence
    parts = [seen.value, f"on {seen.on}" if seen.on else "", seen.resource]
    return f"{line}  ({', '.join(part for part in parts if part)})"


def as_json(found: Assessment, outcome: str = "") -> str:
    """The answer as one JSON object."""
    return json.dumps(asdict(found) | {"outcome": outcome}, default=str)
