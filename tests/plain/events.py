"""Words that ask for records: there is one, or there are several, in a window, of some value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from plain.answer import Found, least
from plain.fhir import Coding, codings, every, number, text
from plain.people import Person
from plain.records import KINDS, Fact
from plain.rule import Mapping, Rule, listed
from plain.truth import Truth, all_of, certain
from plain.windows import earliest, lies_in, window

#: v3-ActCode, as the words of ``setting``. Source: https://terminology.hl7.org/ValueSet-v3-ActEncounterCode.html
SETTINGS = {
    "ambulatory": ("AMB",),
    "inpatient": ("IMP", "ACUTE", "NONAC"),
    "emergency": ("EMER",),
    "virtual": ("VR",),
    "home": ("HH",),
}
_ACTIVE = ("active", "recurrence", "relapse")
WORDS = tuple(KINDS)


def event(rule: Rule, person: Person, kind: str, said: Mapping) -> Found:
    """The answer to ``kind: said`` (in its long form) about a person."""
    found, asked = list(candidates(rule, person, kind, said)), window(rule, said)
    lies = {fact.id: lies_in(fact, asked) for fact in found}
    inside = [fact for fact in found if lies[fact.id] == "T"]
    latest = said.get("which") == "latest"
    if latest and inside:
        found = [max(inside, key=_lateness)]
        truths = {found[0].id: _value_of_the_latest(rule, found[0], said)}
        truth = truths[found[0].id]
    else:
        judged = _value_of_the_latest if latest else _value  # any of those without a day may be the latest
        truths = {fact.id: all_of([lies[fact.id], judged(rule, fact, said)]) for fact in found}
        truth = _enough(rule.whole(said.get("count", "1")), found, truths, absent(said, "no"))
    span = rule.span(said["for"]) if "for" in said else None
    first = least([earliest(fact, span) for fact in found if truths[fact.id] == "T"])
    return Found(truth, first, missing=tuple(str(name) for name in listed(said.get("name", kind))))


def absent(said: Mapping, default: str) -> Truth:
    """What it means that nothing is on record."""
    return "U" if said.get("if_absent", default) == "unknown" else "F"


def candidates(rule: Rule, person: Person, kind: str, said: Mapping) -> Iterator[Fact]:
    """The person's records of a kind that have what is plainly asked of them."""
    for fact in person.facts:
        if fact.kind != kind or (fact.lo is not None and fact.lo > rule.today):
            continue
        if ("name" not in said or fact.codes & rule.among(said["name"])) and _is_as_asked(rule, fact, said):
            yield fact


def _is_as_asked(rule: Rule, fact: Fact, said: Mapping) -> bool:
    if fact.kind == "close-relative" and not _close(rule, fact):
        return False
    if "site" in said and not _bare(codings(fact.resource, "bodySite")) & _bare(rule.among(said["site"])):
        return False
    if "setting" in said and text(fact.resource, "class", "code") not in _classes(said):
        return False
    if "discharged_to" in said:
        went = codings(fact.resource, "hospitalization", "dischargeDisposition")
        if not rule.among(said["discharged_to"]) & set(went):
            return False
    return said.get("active") != "true" or _is_active(rule, fact)


def _classes(said: Mapping) -> set[str]:
    return {code for word in listed(said["setting"]) for code in SETTINGS[str(word)]}


def _close(rule: Rule, fact: Fact) -> bool:
    return bool(_bare(rule.among("first-degree-relative")) & _bare(codings(fact.resource, "relationship")))


def _bare(found: Iterable[Coding]) -> set[str]:
    """Codes whatever their system: relationships and body sites are compared so."""
    return {code for _, code in found}


def _is_active(rule: Rule, fact: Fact) -> bool:
    statuses = {code for _, code in codings(fact.resource, "clinicalStatus")}
    if statuses:
        return bool(statuses & set(_ACTIVE))
    return fact.last is not None and fact.last > rule.today


def has_value(fact: Fact) -> bool:
    """A finding says something: a number, a code, words or a day."""
    said = fact.resource
    if number(said, "valueQuantity", "value") is not None:
        return True
    return bool(text(said, "valueString") or text(said, "valueDateTime") or every(said, "valueCodeableConcept"))


def _coded(fact: Fact) -> list[Coding]:
    """The value's codings that have a code; a value may be said in several systems."""
    return [coding for coding in codings(fact.resource, "valueCodeableConcept") if coding[1]]


def _value(rule: Rule, fact: Fact, said: Mapping) -> Truth:
    if "value" in said and not rule.among(said["value"]).intersection(_coded(fact)):
        return "F"
    return certain(said.get("has_value") != "true" or has_value(fact))


def _value_of_the_latest(rule: Rule, fact: Fact, said: Mapping) -> Truth:
    """The same, but where it should say something and does not, nobody knows."""
    silent = "value" in said and not _coded(fact)
    mute = said.get("has_value") == "true" and not has_value(fact)
    return "U" if silent or mute else _value(rule, fact, said)


def _lateness(fact: Fact) -> tuple[bool, int, str]:
    """By last day, then id; undated before dated."""
    return fact.last is not None, fact.last.toordinal() if fact.last else 0, fact.id


def _enough(count: int, found: Sequence[Fact], truths: dict[str, Truth], nothing: Truth) -> Truth:
    """Records on so many different days."""
    sure = [fact for fact in found if truths[fact.id] == "T"]
    open_ = [fact for fact in found if truths[fact.id] == "U"]
    if count == 1:
        return "T" if sure else "U" if open_ else nothing
    days = {fact.lo for fact in sure if fact.lo is not None}
    if len(days) >= count:
        return "T"
    return "U" if len(days) + len(open_) >= count else nothing
