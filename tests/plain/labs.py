"""Words that ask for measured values, and for the day that a finding states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from plain.answer import Found
from plain.days import interval, moved
from plain.events import absent, candidates
from plain.fhir import number, text
from plain.people import Person
from plain.records import Fact
from plain.rule import Mapping, Rule
from plain.truth import Truth, all_of, any_of, certain, negate
from plain.units import in_unit


def in_order(rule: Rule, person: Person, name: str, since: date | None) -> list[Fact]:
    """A person's dated observations of a value set from a day on, the oldest first."""
    found = [fact for fact in candidates(rule, person, "finding", {"name": name}) if fact.lo is not None]
    inside = [fact for fact in found if since is None or (fact.lo is not None and fact.lo >= since)]
    return sorted(inside, key=lambda fact: (fact.lo or date.min, fact.id))


def _since(rule: Rule, said: Mapping) -> date | None:
    return moved(rule.today, rule.span(said["within"]), -1) if "within" in said else None


def lab(rule: Rule, person: Person, said: Mapping) -> Found:
    """The latest value, or any, lies from ``from`` and below ``below``."""
    name = str(said["name"])
    found = [fact for fact in in_order(rule, person, name, _since(rule, said)) if _measured(fact)]
    if not found:
        undated = [f for f in candidates(rule, person, "finding", {"name": name}) if f.lo is None and _measured(f)]
        return Found("U" if undated else absent(said, "unknown"), missing=(name,))
    truths = [_in_range(rule, fact, said) for fact in found]
    if said.get("which") != "any":
        return Found(truths[-1], on=found[-1].lo, missing=(name,))
    best = max(range(len(found)), key=lambda place: ("FUT".index(truths[place]), place))
    return Found(any_of(truths), on=found[best].lo, missing=(name,))


def _measured(fact: Fact) -> bool:
    return number(fact.resource, "valueQuantity", "value") is not None


def _in_range(rule: Rule, fact: Fact, said: Mapping) -> Truth:
    value = in_unit(fact.resource, rule.value_set(str(said["name"])), str(said["unit"]))
    if value is None:
        return "U"
    comparator = text(fact.resource, "valueQuantity", "comparator")
    low = [_reaches(value, comparator, rule.number(said["from"]))] if "from" in said else []
    below = [negate(_reaches(value, comparator, rule.number(said["below"])))] if "below" in said else []
    return all_of(low + below)


def _reaches(value: Decimal, comparator: str, bound: float) -> Truth:
    """Whether a value reaches a bound; of “less than 50” it cannot be told whether it reaches 20."""
    edge = Decimal(str(bound))
    if not comparator:
        return certain(value >= edge)
    if comparator in (">", ">=") and value >= edge:
        return "T"
    return "F" if comparator in ("<", "<=") and value <= edge else "U"


def rising(rule: Rule, person: Person, said: Mapping) -> Found:
    """The last results each stand higher than the one before."""
    name, count = str(said["name"]), rule.whole(said["values"])
    found = in_order(rule, person, name, _since(rule, said))
    exact = readable(rule, found, name, str(said.get("unit", "")))[-count:]
    values = [value for _, value in exact]
    if len(values) < count:
        return Found("F")
    return Found(certain(all(after > before for before, after in pairwise(values))), on=exact[-1][0].lo)


def readable(rule: Rule, found: Sequence[Fact], name: str, unit: str = "") -> list[tuple[Fact, Decimal]]:
    """The exact values that convert, with their records."""
    exact = [fact for fact in found if not text(fact.resource, "valueQuantity", "comparator")]
    values = [(fact, in_unit(fact.resource, rule.value_set(name), unit)) for fact in exact]
    return [(fact, value) for fact, value in values if value is not None]


def date_of(rule: Rule, person: Person, said: Mapping) -> Found:
    """The day that the latest record of a finding states, such as the day of quitting."""
    name, missing = str(said["name"]), (str(said["name"]),)
    found = [
        fact
        for fact in candidates(rule, person, "finding", {"name": name})
        if interval(text(fact.resource, "valueDateTime"))
    ]
    if not found:
        return Found(absent(said, "unknown"), missing=missing)
    latest = max(found, key=lambda fact: (fact.lo or date.min, fact.id))
    return Found(_ago(rule, latest, said), missing=missing)


def _ago(rule: Rule, fact: Fact, said: Mapping) -> Truth:
    stated = interval(text(fact.resource, "valueDateTime"))
    assert stated is not None
    if "within" in said:
        edge = moved(rule.today, rule.span(said["within"]), -1)
        if stated.lo > rule.today:
            return "U"
        return "T" if stated.lo >= edge else "F" if stated.hi < edge else "U"
    edge = moved(rule.today, rule.span(said["at_least"]), -1)
    return "T" if stated.hi <= edge else "F" if stated.lo > edge else "U"
