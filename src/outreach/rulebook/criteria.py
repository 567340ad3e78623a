"""Criteria: every word a nurse may write, and the model it becomes. A mapping with several words means all of them."""

from __future__ import annotations

from outreach.rulebook.asked_scores import ASKED
from outreach.rulebook.asked_tests import TESTS
from outreach.rulebook.attributes import ATTRIBUTES
from outreach.rulebook.criterion import All, AnyOf, AtLeast, Criterion, Defined, Not
from outreach.rulebook.forms import Form, Made, Schema, Several
from outreach.rulebook.keys import Built, Entries, Key, Word, entries
from outreach.rulebook.labs import LABS
from outreach.rulebook.records import RECORDS
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import shape
from outreach.rulebook.tree import Located, Sequence
from outreach.rulebook.values import Whole

#: Keys that stand beside the words in a line and ask nothing.
BESIDE = ("source", "why", "grade", "until", "list")


class CriterionForm:
    """A mapping of one or more words."""

    def read(self, scope: Scope, at: Located, what: str) -> Criterion | None:
        found = entries(scope, at, "a criterion", WORDS)
        return None if found is None else criterion(found)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/criterion"}


class _Parts:
    """A list of criteria."""

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Criterion, ...] | None:
        if not isinstance(at, Sequence):
            scope.say(at, f"{what} must be a list", "not-a-list", "Start each criterion with a dash.")
            return None
        if not at.items:
            scope.say(at, f"{what} lists nothing", "empty-criterion", "List at least one criterion.")
        parts: list[Criterion] = []
        for item in at.items:
            part = CRITERION.read(scope, item, what)
            if part is not None and part in parts:
                scope.say(item, "this criterion stands here twice", "duplicate-criterion", "Keep one of them.")
            if part is not None:
                parts.append(part)
        return tuple(parts) or None

    def schema(self) -> Schema:
        return {"type": "array", "items": CRITERION.schema(), "minItems": 1}


class _Definition:
    """A name under ``definitions:``."""

    def read(self, scope: Scope, at: Located, what: str) -> Criterion | None:
        name = scope.reader.word(at, what)
        found = scope.definition(at, name) if name else None
        return None if found is None else Defined(name, found)

    def schema(self) -> Schema:
        return shape("name")


def criterion(found: Entries) -> Criterion | None:
    """All the words, in the author's order, of a mapping that may hold other keys too."""
    asked = [_BY_NAME[str(key.value)] for key, _ in found.at.pairs if key.value in _BY_NAME]
    parts = [part for word in asked if (part := found.get(word)) is not None]
    if all(key.value in BESIDE for key, _ in found.at.pairs):
        found.say(found.at, "nothing is asked here", "empty-criterion", "Ask for a diagnosis, a lab, an age …")
    return None if not parts else parts[0] if len(parts) == 1 else All(tuple(parts))


def _at_least(at: Entries) -> AtLeast | None:
    count, parts = at.get(COUNT), at.get(OF)
    if count and parts and count > len(parts):
        at.say(at.where(COUNT), f"only {len(parts)} are listed", "impossible-window", "Lower count, or list more.")
    return AtLeast(count, parts) if count and parts else None


def _all(parts: tuple[Criterion, ...]) -> Criterion:
    return parts[0] if len(parts) == 1 else All(parts)


CRITERION: Form[Criterion] = CriterionForm()
_PARTS: Form[tuple[Criterion, ...]] = _Parts()
_DEFINED: Form[Criterion] = _Definition()
COUNT = Key("count", Whole(1, 100), "How many of them must be true.", required=True)
OF = Key("of", _PARTS, "The criteria to choose from.", required=True)
LOGIC: tuple[Key[Criterion], ...] = (
    Key("is", Made(Several(_DEFINED), _all), "What this name under definitions means; of several, all."),
    Key("all", Made(_PARTS, All), "All of these."),
    Key("any", Made(_PARTS, AnyOf), "At least one of these."),
    Key("not", Made(CRITERION, Not), "Not this. What is unknown stays unknown."),
    Key("at_least", Built((COUNT, OF), _at_least), "At least so many of these."),
)
_ALL: tuple[Key[Criterion], ...] = (*RECORDS, *ATTRIBUTES, *ASKED, *LABS, *TESTS, *LOGIC)
WORDS = tuple(Word(key.name, key.form, key.says) for key in _ALL)
_BY_NAME = {word.name: word for word in WORDS}
