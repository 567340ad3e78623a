"""The tests that count, and what the latest of them found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from plain.answer import Found
from plain.attributes import age
from plain.days import Span, moved
from plain.events import candidates, has_value
from plain.fhir import Coding, codings
from plain.people import Person
from plain.records import Fact
from plain.rule import Mapping, Rule, listed, mapping
from plain.truth import certain

KINDS = ("report", "procedure", "finding")
_RESULTS = {"report": "conclusionCode", "finding": "valueCodeableConcept"}


@dataclass(frozen=True, order=True)
class Test:
    """One test on one day. The greatest is the latest and, of a day, the weightiest, then of the greatest id.

    ``result``: "uncoded" where nobody has coded one, "" where the kind of test has none.
    """

    day: date
    weight: tuple[int, int]
    id: str
    kind: str
    result: str


def tests(rule: Rule, person: Person) -> list[Test]:
    """Every dated record that counts as a test, oldest first; once for each kind of test that it is."""
    return sorted(
        test for place, kind in enumerate(rule.part("counts_as_done"), 1) for test in _of(rule, person, kind, place)
    )


def _of(rule: Rule, person: Person, kind: str, place: int) -> Iterator[Test]:
    said = mapping(rule.part("counts_as_done")[kind])
    never = rule.among(rule.top.get("never_counts", []))
    for record in (record for record in KINDS if record in said):
        for fact in candidates(rule, person, record, {"name": said[record]}):
            day = day_of(fact, said)
            if day is not None and not fact.codes & never and _counts(rule, person, said, fact, day):
                yield from _tests(rule, said, fact, day, kind, place)


def day_of(fact: Fact, said: Mapping) -> date | None:
    """The first possible day of a test; its last where the rule says so and the record says it to the day."""
    return fact.last if said.get("dated_by") == "end" and fact.precise else fact.lo


def _counts(rule: Rule, person: Person, said: Mapping, fact: Fact, day: date) -> bool:
    if fact.kind == "finding" and said.get("has_value") == "true" and not has_value(fact):
        return False
    if "at_age" in said and age(rule, person, mapping(said["at_age"]), day).truth != "T":
        return False
    return "with" not in said or _accompanied(rule, person, said, day)


def _accompanied(rule: Rule, person: Person, said: Mapping, day: date) -> bool:
    span = rule.span(said["with_within"]) if "with_within" in said else Span(0, "day")
    others = [f for record in KINDS for f in candidates(rule, person, record, {"name": said["with"]})]
    days = [fact.lo for fact in others if fact.lo is not None]
    return any(moved(day, span, -1) <= other <= moved(day, span) for other in days)


def _tests(rule: Rule, said: Mapping, fact: Fact, day: date, kind: str, place: int) -> Iterator[Test]:
    """One for each known result. Its weight: by the place of its kind, then of its result; uncoded weighs least."""
    if "result" not in said:
        yield Test(day, (place, 0), fact.id, kind, "")
        return
    known: list[Coding] = list(rule.value_set(str(said["result"])).codes)
    found = [coding for coding in codings(fact.resource, _RESULTS.get(fact.kind, "")) if coding in known]
    for coding in found:
        yield Test(day, (place, known.index(coding) + 1), fact.id, kind, coding[1])
    if not found:
        yield Test(day, (0, 0), fact.id, kind, "uncoded")


def fits(test: Test, kinds: Collection[str], results: Collection[str]) -> bool:
    return (not kinds or test.kind in kinds) and (not results or test.result in results)


def scan(rule: Rule, person: Person, results: Collection[str], kinds: Collection[str] = ()) -> Found:
    """The latest test (of these kinds) has one of these results, whatever it is where none is named."""
    known = [test for test in tests(rule, person) if fits(test, kinds, ())]
    return Found(certain(fits(known[-1], (), results)), on=known[-1].day) if known else Found("F")


def closed(rule: Rule, person: Person, found: Found, until: Collection[str]) -> bool:
    """A test of a named result or kind is dated on or after the day of what was found."""
    on = found.on
    return on is not None and any(t.day >= on and (t.result in until or t.kind in until) for t in tests(rule, person))


def words(said: Mapping, key: str) -> tuple[str, ...]:
    return tuple(str(word) for word in listed(said.get(key, [])))
