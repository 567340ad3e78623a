"""Every leaf of the rule language as a phrase."""

from __future__ import annotations

from functools import singledispatch

from outreach.prose.phrase import Phrase
from outreach.prose.records import record
from outreach.prose.scores import score
from outreach.prose.sets import coded, results_named, titled
from outreach.prose.windows import last
from outreach.prose.words import language_said, listed, quantity
from outreach.rulebook.criterion import (
    Age,
    Booked,
    DateOf,
    Ethnicity,
    Lab,
    Language,
    Leaf,
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

UNCODED = "uncoded"  #: the rule's word for a result nobody has coded


@singledispatch
def phrase(leaf: Leaf, rule: Rule) -> Phrase:
    """What the leaf asks of a person.

    Raises:
        TypeError: a kind of criterion that has no words yet.
    """
    raise TypeError(f"no words for {type(leaf).__name__}")


@phrase.register
def _(leaf: Record, rule: Rule) -> Phrase:
    return record(leaf, rule)


@phrase.register
def _(leaf: Sex, rule: Rule) -> Phrase:
    return Phrase("is", f"recorded as {leaf.value}")


@phrase.register
def _(leaf: SexAtBirth, rule: Rule) -> Phrase:
    instead = f" (or, where that is not recorded, is recorded as {leaf.value})" if leaf.or_sex else ""
    return Phrase("was", f"recorded as {leaf.value} at birth{instead}")


@phrase.register
def _(leaf: Age, rule: Rule) -> Phrase:
    return Phrase("is", ages(leaf))


@phrase.register
def _(leaf: Origin, rule: Rule) -> Phrase:
    return Phrase("was", f"born in a country on the list {titled(leaf.codes, rule)}")


@phrase.register
def _(leaf: Race, rule: Rule) -> Phrase:
    return Phrase("has", f"a recorded race on the list {titled(leaf.codes, rule)}")


@phrase.register
def _(leaf: Ethnicity, rule: Rule) -> Phrase:
    return Phrase("has", f"a recorded ethnicity on the list {titled(leaf.codes, rule)}")


@phrase.register
def _(leaf: Language, rule: Rule) -> Phrase:
    return Phrase("prefers", listed([language_said(code) for code in leaf.languages], "or"))


@phrase.register
def _(leaf: ScoreIs, rule: Rule) -> Phrase:
    return Phrase("has", score(leaf))


@phrase.register
def _(leaf: ScanResult, rule: Rule) -> Phrase:
    of = "latest test that counts" if not leaf.tests else f"latest test of the kind {listed(coded(leaf.tests), 'or')}"
    if leaf.results == (UNCODED,):
        return Phrase("has", f"a result that nobody has coded in the {of}")
    if not leaf.results:
        return Phrase("has had", f"a test of the kind {listed(coded(leaf.tests), 'or')}")
    return Phrase("has", f"{listed(results_named(leaf.results, rule), 'or')} as the result of the {of}")


@phrase.register
def _(leaf: Lab, rule: Rule) -> Phrase:
    which = "the latest value" if leaf.which == "latest" else "any value"
    since = f" {last(leaf.within)}" if leaf.within else ""
    return Phrase("has", f"{titled(leaf.codes, rule)} {_between(leaf, rule)} ({which}{since})", _absent(leaf))


@phrase.register
def _(leaf: Rising, rule: Rule) -> Phrase:
    values = f"each of the last {leaf.values} {last(leaf.within)} is higher than the one before"
    return Phrase("has", f"rising values of {titled(leaf.codes, rule)}: {values}")


@phrase.register
def _(leaf: DateOf, rule: Rule) -> Phrase:
    ago = last(leaf.period) if leaf.relation == "within" else f"{leaf.period} ago or earlier"
    return Phrase("has", f"a day stated in {titled(leaf.codes, rule)} that lies {ago}", _absent(leaf))


@phrase.register
def _(leaf: Booked, rule: Rule) -> Phrase:
    return Phrase("has", f"a booked appointment, today or later, of the kind {titled(leaf.codes, rule)}")


def ages(age: Age) -> str:
    """``50 to 74 years old``; both ends are included."""
    at = f" at the start of “{age.at_start_of.name}”" if age.at_start_of else ""
    if age.low is None and age.high is None:
        return f"of any age{at}"
    if age.high is None:
        return f"{age.low} or older{at}"
    return (f"{age.high} or younger" if age.low is None else f"{age.low} to {age.high} years old") + at


def _absent(leaf: Lab | DateOf) -> str:
    return "; not known where there is none" if leaf.absent == "unknown" else "; no where there is none"


def _between(lab: Lab, rule: Rule) -> str:
    found = rule.value_sets.get(lab.codes)
    unit = found.unit if found else ""
    parts = [f"of {quantity(lab.low, unit)} or more"] if lab.low is not None else []
    parts += [f"below {quantity(lab.below, unit)}"] if lab.below is not None else []
    return " and ".join(parts)
