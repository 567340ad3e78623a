"""The planted truth: what the rule must say of each record, decided before any resource is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from outreach.synth.days import plus_months

RULE = "hcc-surveillance"
HEADER = "patient,rule,status,due_on,risk_group,reason\n"

#: Months after a scan until the next is due, and until it is overdue, by coded result.
INTERVALS = {"US-1": (6, 8), "US-2": (3, 6), "clear": (6, 8)}
NEVER_SCANNED_GRACE = 2  #: months from the day first at risk


@dataclass(frozen=True, slots=True)
class Risk:
    """Whether somebody is at risk, by which group, since when; and what is missing when it cannot be told."""

    state: Literal["yes", "no", "unknown"]
    group: str = ""
    since: date | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """When the next scan is due, and overdue. None when the last result gives no next date."""

    on: date
    overdue: date


@dataclass(frozen=True, slots=True)
class Course:
    """How things went for somebody at risk: ``pause``, ``end`` and ``choice`` are reasons or empty."""

    due: Due | None
    pause: str = ""
    end: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """One line of ``truth.csv``."""

    status: str
    due_on: date | None = None
    group: str = ""
    reason: str = ""

    def line(self, patient: str) -> str:
        due = self.due_on.isoformat() if self.due_on else ""
        return f"{patient},{RULE},{self.status},{due},{self.group},{self.reason}\n"


MERGED = Truth("not-applicable", reason="merged")
NOT_AT_RISK = Truth("not-applicable", reason="not-at-risk")


def due_after_scan(day: date, result: str) -> Due | None:
    """From the last scan. A positive or unread one gives no next date: somebody must act first."""
    if result not in INTERVALS:
        return None
    due, overdue = INTERVALS[result]
    return Due(plus_months(day, due), plus_months(day, overdue))


def due_unscanned(since: date | None) -> Due | None:
    """From the day first at risk."""
    return Due(since, plus_months(since, NEVER_SCANNED_GRACE)) if since else None


def standing(due: Due, as_of: date) -> str:
    """up-to-date, due or overdue."""
    if as_of < due.on:
        return "up-to-date"
    return "due" if as_of < due.overdue else "overdue"


def verdict(risk: Risk, course: Course, as_of: date) -> Truth:
    """The first that holds: not at risk, ended, opted out, unknown, paused; else where the due date puts them."""
    if risk.state == "no":
        return NOT_AT_RISK
    if course.end:
        return Truth("excluded", None, risk.group, course.end)
    if course.choice:
        return Truth("exception", None, risk.group, course.choice)
    if risk.state == "unknown":
        return Truth("unknown", reason=";".join(sorted(risk.missing)))
    due = course.due
    if course.pause:
        return Truth("not-now", due.on if due else None, risk.group, course.pause)
    if due is None:
        raise ValueError("an unpaused person at risk needs a due date")
    return Truth(standing(due, as_of), due.on, risk.group)
