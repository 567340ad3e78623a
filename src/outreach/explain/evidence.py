"""The record that decided a criterion, as a reader writes it: dates in words, units as on a report."""

from __future__ import annotations

import re
from datetime import date

from outreach.explain.lines import Answer
from outreach.prose.scores import score_title
from outreach.prose.sets import results_named
from outreach.prose.words import quantity, said
from outreach.rulebook.criterion import Age, Lab, Rising, ScanResult, ScoreIs
from outreach.rulebook.model import Rule

_MEASURED = re.compile(r"([<>]=?\s?)?(-?\d+(?:\.\d+)?) (\S+)")
_PARTIAL = re.compile(r"(\d{4})-(\d{2})")


def seen(answer: Answer, rule: Rule | None) -> str:
    """``31 ng/mL, 20 September 2025, Observation/o4``; "" where the absence of a record decided."""
    found = answer.finding.evidence
    if found is None or not answer.applies:
        return "" if answer.applies else "does not apply to this person"
    if answer.finding.truth is None and not found.value:
        return ""
    if answer.finding.truth is False and not isinstance(answer.leaf, Age | Lab | ScoreIs):
        return ""
    parts = [_value(found.value, answer, rule), said(found.on) if found.on else "", found.resource]
    return ", ".join(part for part in parts if part)


def _value(value: str, answer: Answer, rule: Rule | None) -> str:
    if isinstance(answer.leaf, Age):
        return f"born {birth(value)}" if value else ""
    if isinstance(answer.leaf, ScoreIs):
        return value.replace(answer.leaf.score, score_title(answer.leaf.score), 1)
    if isinstance(answer.leaf, ScanResult) and rule is not None:
        return results_named([value], rule)[0]
    return measured(value) if isinstance(answer.leaf, Lab | Rising) else value


def measured(value: str) -> str:
    """A measured value with a readable unit, whatever words stand before it."""
    return _MEASURED.sub(lambda found: (found[1] or "") + quantity(float(found[2]), found[3]), value)


def birth(text: str) -> str:
    """A birth date as recorded: whole, or only its month or year."""
    month = _PARTIAL.fullmatch(text)
    if month:
        return f"{date(int(month[1]), int(month[2]), 1):%B} {month[1]}"
    try:
        return said(date.fromisoformat(text))
    except ValueError:
        return text
