"""What a rule says of a person on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """Where a person stands. Each has exactly one; no code asks for anything finer."""

    UP_TO_DATE = "up-to-date"  #: the last test still holds
    DUE = "due"  #: due, within the grace period
    OVERDUE = "overdue"  #: past the grace period: invite
    NOT_NOW = "not-now"  #: paused; a list and an owner hold the person
    EXCLUDED = "excluded"  #: screening cannot help, or the person has died
    EXCEPTION = "exception"  #: the person's own choice
    UNKNOWN = "unknown"  #: cannot tell whether at risk: ask
    NOT_APPLICABLE = "not-applicable"  #: not at risk, or a record merged into another


@dataclass(frozen=True)
class Evidence:
    """The record that decided a criterion: its address, its day, and its value in words."""

    resource: str  #: "Observation/123"; "" when the absence of a record decided
    on: date | None
    value: str


@dataclass(frozen=True)
class Finding:
    """One criterion's answer. ``truth`` is None when it cannot be told."""

    section: str  #: at_risk, cannot_help, not_now, next_due
    criterion: str
    truth: bool | None
    evidence: Evidence | None


@dataclass(frozen=True)
class Assessment:
    """One person under one rule. ``reason`` is the name the rule gives (a group, a pause, an end)."""

    person: str
    rule: str
    status: Status
    reason: str
    due_on: date | None
    overdue_on: date | None
    risk_group: str
    missing: tuple[str, ...]  #: what would settle an unknown, in the rule's words
    flags: tuple[str, ...]  #: what the care team should look at although outreach goes on
    list_name: str  #: the worklist that owns a pause; "" elsewhere
    since: date | None  #: when the pause began
    late: bool  #: the list has had it too long
    findings: tuple[Finding, ...] = ()
