"""The dated records of a case, as boundaries look at them: whole days, the codes, and the value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.assess.windows import FAR, Bounds
from outreach.rulebook.case import Case, GivenFact
from outreach.rulebook.criterion import Record
from outreach.rulebook.model import Counts, Rule
from outreach.rulebook.records import SETTINGS
from outreach.rulebook.terms import Code, ValueSet

Sets = Callable[[str], ValueSet | None]
WHOLE = len("2026-03-01")
#: The facts of ``given`` that a criterion of a kind looks at.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "diagnosis": ("condition",),
    "procedure": ("procedure",),
    "report": ("report",),
    "finding": ("finding", "lab", "date"),
    "visit": ("visit",),
    "medicine": ("medicine",),
    "order": ("order",),
    "open-order": ("order",),
    "device": ("device",),
    "coverage": ("coverage",),
    "close-relative": ("relative",),
}
#: The kinds of record that can be a test.
SOURCES = ("report", "procedure", "finding")


@dataclass(frozen=True)
class Fact:
    """A record of a case whose days are whole and whose status is the usual one (any, of a diagnosis).

    ``last``: ``FAR`` for a diagnosis that has not ended. ``codes``: of the record, of its value, of its site and
    of where it led; each None where there is none.
    """

    given: GivenFact
    first: date
    last: date
    code: Code
    value: Code | None
    site: Code | None
    went: Code | None


def facts(rule: Rule, case: Case, sets: Sets) -> tuple[Fact, ...]:
    return tuple(_facts(rule, case, sets))


def _facts(rule: Rule, case: Case, sets: Sets) -> Iterator[Fact]:
    def code(name: str) -> Code | None:
        found = (rule.value_sets.get(name) or sets(name)) if name else None
        return found.codes[0] if found is not None and found.codes else None

    for given in case.given.facts:
        own, usual = code(given.codes), not given.status or given.kind == "condition"
        if own is None or not usual or len(given.on) < WHOLE or 0 < len(given.until) < WHOLE:
            continue
        first = date.fromisoformat(given.on)
        last = date.fromisoformat(given.until) if given.until else FAR if given.kind == "condition" else first
        yield Fact(given, first, last, own, code(given.value), code(given.site), code(given.discharged_to))


def among(rule: Rule, names: tuple[str, ...], code: Code | None) -> bool:
    """Whether a code is in one of the value sets."""
    if code is None:
        return False
    return any((c.system, c.code) == (code.system, code.code) for name in names for c in rule.value_sets[name].codes)


def candidate(rule: Rule, fact: Fact, asked: Record) -> bool:
    """Whether a criterion asks about this record, whenever it was."""
    given = fact.given
    return (
        given.kind in _KINDS[asked.kind]
        and (not asked.codes or among(rule, asked.codes, fact.code))
        and (not asked.value or among(rule, (asked.value,), fact.value) or _is_result(rule, asked.value, given))
        and (not asked.has_value or given.kind != "finding" or bool(given.value))
        and (not asked.site or among(rule, (asked.site,), fact.site))
        and (not asked.settings or (bool(given.setting) and SETTINGS[given.setting][0] in asked.settings))
        and (not asked.discharged_to or among(rule, (asked.discharged_to,), fact.went))
    )


def _is_result(rule: Rule, values: str, given: GivenFact) -> bool:
    return any(code.code == given.value for code in rule.value_sets[values].codes)


def inside(fact: Fact, window: Bounds) -> bool:
    """Whether the record's days lie within the bounds."""
    return (
        (window.first_from is None or fact.first >= window.first_from)
        and (window.first_to is None or fact.first <= window.first_to)
        and (window.last_from is None or fact.last >= window.last_from)
        and (window.last_to is None or fact.last <= window.last_to)
    )


def is_test(rule: Rule, fact: Fact, kind: Counts) -> bool:
    """Whether the record is one of a kind of test by its codes; age and what goes with it are not looked at."""
    return any(is_record(rule, fact, source, getattr(kind, source)) for source in SOURCES)


def is_record(rule: Rule, fact: Fact, source: str, names: tuple[str, ...]) -> bool:
    """Whether the record is a report, a procedure or a finding in one of these value sets."""
    return fact.given.kind in _KINDS[source] and among(rule, names, fact.code)


def is_beside(rule: Rule, fact: Fact, kind: Counts) -> bool:
    """Whether the record is of the test that must go with this kind."""
    return fact.given.kind in ("report", "procedure", "finding", "lab", "date") and among(rule, kind.beside, fact.code)


def day_of(fact: Fact, kind: Counts) -> date:
    """The day of a test."""
    return fact.last if kind.dated_by == "end" else fact.first


def values_of(rule: Rule, given: Iterable[Fact], codes: str) -> list[Fact]:
    """The measured values of a value set that are written in its own unit, oldest first."""
    unit = rule.value_sets[codes].unit
    labs = (fact for fact in given if fact.given.kind == "lab" and among(rule, (codes,), fact.code))
    return sorted((fact for fact in labs if fact.given.unit == unit), key=lambda fact: fact.first)
