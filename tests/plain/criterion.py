"""A criterion about a person: every word of the language, and how words combine."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from plain import attributes, done, events, labs, scores
from plain.answer import Answer, Found, Leaf, greatest, joints_of, least, leaves_of
from plain.days import instant
from plain.fhir import codings, text
from plain.people import Person
from plain.rule import Mapping, Node, Rule, listed, mapping
from plain.truth import Truth, all_of, any_of, at_least, negate

#: Keys of a line that are no criterion.
AROUND = ("source", "why", "grade", "until", "list")
_ATTRIBUTES = ("sex", "sex-at-birth", "age", "born-in", "race", "ethnicity", "language")
_CLOSABLE = ("scan", "test", "lab", "measured", "rising")


@dataclass(frozen=True)
class Question:
    """A rule asked about a person. ``until``: results and kinds of test that close what was found before."""

    rule: Rule
    person: Person
    until: Collection[str] = ()

    def ask(self, said: Mapping) -> Answer:
        """The answer to a mapping of words: all of them."""
        parts = [self._word(word, under) for word, under in said.items() if word not in AROUND]
        return parts[0] if len(parts) == 1 else _all(parts, "words")

    def _word(self, word: str, said: Node) -> Answer:
        match word:
            case "all":
                return _all(self._several(said), word)
            case "any":
                return _any(self._several(said))
            case "not":
                part = self.ask(mapping(said))
                return _joined([part], word, negate(part.truth))
            case "at_least":
                parts = self._several(mapping(said)["of"])
                count = self.rule.whole(mapping(said)["count"])
                return _joined(parts, word, at_least(count, [part.truth for part in parts]))
            case "is":
                parts = [self.ask(mapping(self.rule.part("definitions")[str(name)])) for name in listed(said)]
                return _all(parts, word)
        return self._leaf(word, said)

    def _several(self, said: Node) -> list[Answer]:
        return [self.ask(mapping(item)) for item in listed(said)]

    def _leaf(self, word: str, said: Node) -> Answer:
        found = self._found(word, said)
        if word in _CLOSABLE and self.until and done.closed(self.rule, self.person, found, self.until):
            found = replace(found, truth="F")
        missing = found.missing if found.truth == "U" else ()
        return Answer(found.truth, found.first, (Leaf(word, said, found.truth, missing),))

    def _found(self, word: str, said: Node) -> Found:
        rule, person = self.rule, self.person
        if word in events.WORDS:
            return events.event(rule, person, word, said if isinstance(said, dict) else {"name": said})
        if word in _ATTRIBUTES:
            return attributes.attribute(rule, person, word, said)
        match word:
            case "lab" | "measured":
                return labs.lab(rule, person, mapping(said))
            case "rising":
                return labs.rising(rule, person, mapping(said))
            case "date-of":
                return labs.date_of(rule, person, mapping(said))
            case "scan":
                return done.scan(rule, person, [str(result) for result in listed(said)])
            case "test":
                asked = mapping(said)
                return done.scan(rule, person, done.words(asked, "result"), done.words(asked, "is"))
            case "appointment":
                return Found("T" if self._booked(str(said)) else "F")
        return scores.score(rule, person, word, said)

    def _booked(self, services: str) -> bool:
        """An appointment for one of these services, today (as days are in UTC) or later."""
        wanted = set(self.rule.value_set(services).codes)
        for visit in self.person.of_type("Appointment"):
            start = instant(text(visit, "start"))
            ahead = start is not None and start.timestamp() >= _midnight(self.rule)
            if ahead and text(visit, "status") == "booked" and wanted & set(codings(visit, "serviceType")):
                return True
        return False


def _midnight(rule: Rule) -> float:
    return (rule.today.toordinal() - 719_163) * 86_400.0  # day 719163 is 1970-01-01


def _joined(parts: list[Answer], word: str, truth: Truth, first: date | None = None) -> Answer:
    return Answer(truth, first, leaves_of(parts), joints_of(parts, word, truth))


def _all(parts: list[Answer], word: str) -> Answer:
    """True when every part is; it has held since the last of them began to."""
    return _joined(parts, word, all_of([part.truth for part in parts]), greatest([part.first for part in parts]))


def _any(parts: list[Answer]) -> Answer:
    """True when a part is; it has held since the first that is true began to."""
    first = least([part.first for part in parts if part.truth == "T"])
    return _joined(parts, "any", any_of([part.truth for part in parts]), first)
