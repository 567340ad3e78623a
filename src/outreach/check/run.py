"""Cases through landing, flatten and assess; nothing of its own that judges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.check.answered import Answered
from outreach.check.answers import answer_cases
from outreach.check.why import Decided, decided
from outreach.rulebook.case import Case
from outreach.rulebook.model import Rule

#: The answer's field for each word an author may expect.
_FIELDS = {
    "status": "status",
    "because": "reason",
    "risk_group": "risk_group",
    "due_on": "due_on",
    "overdue_on": "overdue_on",
    "list": "list_name",
    "late": "late",
    "missing": "missing",
    "flags": "flags",
}


@dataclass(frozen=True)
class CaseResult:
    """One case and what came of it: ``differences`` holds (word, expected, found) and is empty when all is well."""

    rule: str
    file: str
    case: Case
    differences: tuple[tuple[str, str, str], ...]
    why: tuple[Decided, ...] = ()  #: what decided, of a case that failed

    def __str__(self) -> str:
        place = f"{self.file}:{self.case.line}:{self.case.column}"
        if not self.differences:
            return f"{place}: ok: {self.case.it}"
        lines = [f"   | {told}" for told in self.told()]
        return "\n".join([f"{place}: failed: {self.case.it} (on {self.case.today})", *lines])

    def told(self) -> list[str]:
        """What differs, and what decided."""
        found = [f"{word}: the case says {_quoted(want)}, the rule says {_quoted(got)}"
                 for word, want, got in self.differences]  # fmt: skip
        return found + [f"because {one}" for one in self.why]


def run_cases(rule: Rule, codes: Path | None, only: str = "") -> list[CaseResult]:
    """The cases of one rule, in the order of the file."""
    return results(answer_cases([rule], codes, only))


def results(answers: Iterable[Answered]) -> list[CaseResult]:
    """Each answer held against what its case expects."""
    return [_result(one, _differences(one)) for one in answers]


def _result(answer: Answered, differences: tuple[tuple[str, str, str], ...]) -> CaseResult:
    why = decided(answer) if differences else ()
    return CaseResult(answer.rule.name, answer.rule.path, answer.case, differences, why)


def _quoted(value: str) -> str:
    return f"“{value}”" if value else "nothing"


def _differences(answer: Answered) -> tuple[tuple[str, str, str], ...]:
    found = [(word, want, _text(getattr(answer, _FIELDS[word]))) for word, want in answer.case.then]
    return tuple((word, want, got) for word, want, got in found if want != got)


def _text(value: str | bool | date | tuple[str, ...] | None) -> str:
    """As an author writes it: a day like 2026-03-01, true or false, names joined by semicolons, "" for nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)
