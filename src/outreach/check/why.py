"""Why a case came out as it did: the criteria that decided, each with what was on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outreach.check.answered import Answered, Said
from outreach.prose.words import said

MOST = 6  #: criteria that are told; a screen holds no more
_ANSWER = {True: "yes", False: "no", None: "cannot be told"}


@dataclass(frozen=True)
class Decided:
    """One criterion of a line: its answer, and what was found on record ("" where nothing was).

    ``days``: of a test that decides, from when its due days are counted, and which they are; else "".
    """

    section: str
    line: str
    criterion: str
    answer: str
    record: str
    days: str = ""

    def __str__(self) -> str:
        where = f"{self.section}, “{self.line}”" if self.line else self.section
        told = f"{where}: {self.criterion}: {self.answer}; on record: {self.record or 'nothing that fits'}"
        return told + (f"; {self.days}" if self.days else "")


def decided(answer: Answered) -> tuple[Decided, ...]:
    """What decided, most telling first: the line that is the reason, then those that the case expects."""
    wanted = dict(answer.case.then)
    lines = [answer.reason, answer.risk_group, wanted.get("because", ""), wanted.get("risk_group", "")]
    told = [one for name in dict.fromkeys(lines) if name for one in _of_line(answer, name)]
    if answer.status in ("not-applicable", "unknown"):
        told += [one for one in answer.criteria if one.section == "at_risk" and _open(answer, one)]
    due: list[Decided] = []
    if answer.status in ("up-to-date", "due", "overdue", "not-now"):
        due = [_decided(one, _days(answer, one)) for one in answer.criteria if one.section == "next_due"]
    return (*tuple(dict.fromkeys(map(_decided, told)))[: MOST - len(due)], *due)


def _days(answer: Answered, test: Said) -> str:
    """``first at risk 2026-03-01, due 2026-03-01, overdue from 2027-03-01``, as an author writes days.

    Where each kind of test keeps its own time, the one that decides need not be the latest: no first day is told.
    """
    if answer.due_on is None:
        return "never due again" if test.truth and answer.status == "up-to-date" else ""
    since = f"first at risk {answer.due_on}, "
    if test.truth:
        since = f"counted from {test.on}, " if answer.rule.due_from == "latest-test" else ""
    overdue = f", overdue from {answer.overdue_on}" if answer.overdue_on else ""
    return f"{since}due {answer.due_on}{overdue}"


def _of_line(answer: Answered, name: str) -> Iterator[Said]:
    """The criteria of a line, without the line itself; of a line that holds, those that hold."""
    whole = next((one for one in answer.criteria if one.criterion == name), None)
    for one in answer.criteria:
        if one.criterion.startswith(f"{name}: ") and (whole is None or not whole.truth or one.truth):
            yield one


def _open(answer: Answered, one: Said) -> bool:
    """Whether the criterion is one that kept the person out, or left it open."""
    leaf = ": " in one.criterion or one.criterion.startswith("age ")
    return leaf and (one.truth is None if answer.status == "unknown" else not one.truth)


def _decided(one: Said, days: str = "") -> Decided:
    line, colon, criterion = one.criterion.partition(": ")
    record = f"{one.value}{', ' if one.value and one.on else ''}{said(one.on) if one.on else ''}"
    answer = _ANSWER[one.truth] if one.applies else "does not apply"
    return Decided(one.section, line if colon else "", criterion or line, answer, record, days)
