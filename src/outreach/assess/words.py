"""A criterion in a few words, for findings and explanations."""

from __future__ import annotations

from typing import assert_never

from outreach.assess.leaves import Asked, Closed
from outreach.rulebook.criterion import (
    Age,
    Booked,
    DateOf,
    Ethnicity,
    Lab,
    Language,
    Origin,
    Race,
    Record,
    Rising,
    ScanResult,
    ScoreIs,
    Sex,
    SexAtBirth,
)
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import Window, uncapital

_KINDS = {
    "diagnosis": "diagnosis",
    "procedure": "procedure",
    "report": "report",
    "finding": "finding",
    "visit": "visit",
    "medicine": "medicine",
    "order": "order",
    "open-order": "open order",
    "device": "device",
    "coverage": "coverage",
    "close-relative": "close relative with",
}
_WINDOWS = {"starts_in": "starting in", "ends_in": "ending in", "during": "during", "overlaps": "overlapping"}


def label(asked: Asked, rule: Rule) -> str:
    """What a leaf asks, as a nurse would say it."""
    match asked:
        case Closed():
            return label(asked.leaf, rule)
        case Record():
            return _record(asked, rule)
        case Age():
            return _age(asked)
        case Sex():
            return asked.value
        case SexAtBirth():
            return f"{asked.value} at birth"
        case Origin():
            return f"born in: {_title(rule, asked.codes)}"
        case Race() | Ethnicity():
            return f"{type(asked).__name__.lower()}: {_title(rule, asked.codes)}"
        case Language():
            return "speaks " + " or ".join(asked.languages)
        case ScoreIs():
            return f"{asked.score} " + _bounds(asked.low, asked.below, "")
        case ScanResult():
            which = "latest test" if not asked.tests else "latest " + " or ".join(asked.tests)
            return f"{which} is " + " or ".join(asked.results) if asked.results else which
        case Lab():
            unit = rule.value_sets[asked.codes].unit
            which = "any" if asked.which == "any" else "latest"
            within = f" within {asked.within}" if asked.within is not None else ""
            return f"{which} {asked.codes} " + _bounds(asked.low, asked.below, unit) + within
        case Rising():
            return f"last {asked.values} {asked.codes} values rising within {asked.within}"
        case DateOf():
            when = "within" if asked.relation == "within" else "at least"
            return f"{asked.codes} {when} {asked.period}" + (" ago" if asked.relation == "for" else "")
        case Booked():
            return f"appointment: {_title(rule, asked.codes)}"
    assert_never(asked)


def _record(c: Record, rule: Rule) -> str:
    parts = [_KINDS[c.kind] + (":" if c.kind != "close-relative" else "")]
    parts.append(" or ".join(_title(rule, name) for name in c.codes) or "any")
    if c.active:
        parts.insert(0, "active")
    if c.count > 1:
        parts.insert(0, f"{c.count} times")
    if c.which == "latest":
        parts.insert(0, "latest")
    parts += [f"with value {_title(rule, c.value)}"] if c.value else ["with a value"] if c.has_value else []
    parts += [f"at {_title(rule, c.site)}"] if c.site else []
    parts += [f"setting {' or '.join(c.settings)}"] if c.settings else []
    parts += [f"left to {_title(rule, c.discharged_to)}"] if c.discharged_to else []
    return " ".join([*parts, *_window(c.window)])


def _window(window: Window | None) -> list[str]:
    if window is None:
        return []
    if window.period is not None:
        return [f"within {window.period}" if window.relation == "within" else f"for at least {window.period}"]
    return [f"{_WINDOWS[window.relation]} {window.stretch.name if window.stretch else ''}"]


def _title(rule: Rule, name: str) -> str:
    return uncapital(rule.value_sets[name].title)


def _age(age: Age) -> str:
    at = f" at the start of {age.at_start_of.name}" if age.at_start_of else ""
    if age.high is None:
        return f"age {age.low} or older{at}"
    return (f"age {age.high} or younger" if age.low is None else f"age {age.low} to {age.high}") + at


def _bounds(low: float | None, below: float | None, unit: str) -> str:
    unit = f" {unit}" if unit else ""
    parts = [f"of {low:g}{unit} or more"] if low is not None else []
    parts += [f"below {below:g}{unit}"] if below is not None else []
    return " and ".join(parts)
