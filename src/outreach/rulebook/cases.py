"""The exemplars beside a rule: each has its own day, a person in a few words, and the answer expected."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.domain.assessment import Status
from outreach.rulebook.case import Case
from outreach.rulebook.forms import Schema
from outreach.rulebook.given import GIVEN_KEYS, given
from outreach.rulebook.keys import Built, Entries, Key, entries, keys_schema
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located, Sequence, Text
from outreach.rulebook.values import Day, Flag, Prose


@dataclass(frozen=True)
class Expectation:
    """A word of ``then``: text, a list, or nothing; ``known`` names what it may say, "" where it is free."""

    known: str = ""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        items = at.items if isinstance(at, Sequence) else (at,)
        texts = [text for item in items if (text := self._text(scope, item, what)) is not None]
        return ";".join(sorted(text for text in texts if text)) if len(texts) == len(items) else None

    def _text(self, scope: Scope, at: Located, what: str) -> str | None:
        if not isinstance(at, Text):
            scope.say(at, f"{what} must be text", "not-text", "Write a word, or a list of words.")
            return None
        text = "" if at.value is None else str(at.value)
        known = scope.answers.get(self.known)
        if text and known is not None and text not in known:
            scope.say(at, f"{what} is never “{text}”", "unknown-answer", suggestion(text, known))
            return None
        return text

    def schema(self) -> Schema:
        if self.known == "status":
            return {"enum": [status.value for status in Status]}
        word: Schema = {"type": ["string", "null"]}
        return {"anyOf": [word, {"type": "array", "items": {"type": "string"}}]}


class ExpectedDay:
    """A day, or nothing."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        if isinstance(at, Text) and at.value in (None, ""):
            return ""
        day = Day().read(scope, at, what)
        return day.isoformat() if day else None

    def schema(self) -> Schema:
        return {"anyOf": [Day().schema(), {"type": "null"}]}


class ExpectedFlag:
    """true or false, as text."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        told = Flag().read(scope, at, what)
        return None if told is None else str(told).lower()

    def schema(self) -> Schema:
        return Flag().schema()


THEN: tuple[Key[str], ...] = (
    Key("status", Expectation("status"), "Where the person stands.", required=True),
    Key("because", Expectation("because"), "The line of the rule that is the reason."),
    Key("risk_group", Expectation("risk_group"), "The first line of at_risk that fits."),
    Key("due_on", ExpectedDay(), "The day the next test is due; nothing where there is none."),
    Key("overdue_on", ExpectedDay(), "The day the next test is overdue; nothing where there is none."),
    Key("list", Expectation("list"), "The worklist that holds the person."),
    Key("late", ExpectedFlag(), "Whether that list has had the person too long."),
    Key("missing", Expectation(), "What would settle it."),
    Key("flags", Expectation("flags"), "What the care team should look at although outreach goes on."),
)


def _then(at: Entries) -> tuple[tuple[str, str], ...] | None:
    """In the order in which the author wrote them."""
    keys = {key.name: key for key in THEN}
    found = [(str(name.value), at.get(keys[str(name.value)])) for name, _ in at.at.pairs if name.value in keys]
    return tuple((name, text) for name, text in found if text is not None)


IT = Key("it", Prose(), "What the rule does here, as the end of a sentence that begins with “it”.", required=True)
TODAY = Key("today", Day(), "The day on which it is asked.", required=True)
GIVEN = Key("given", Built(GIVEN_KEYS, given), "The person and what is on record.", required=True)
THEN_KEY = Key("then", Built(THEN, _then), "What the rule must answer.", required=True)
_KEYS: tuple[Key[object], ...] = (IT, TODAY, GIVEN, THEN_KEY)


class Cases:
    """Every case of a rule; a rule without cases is a problem."""

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Case, ...] | None:
        if not isinstance(at, Sequence):
            scope.say(at, f"{what} must be a list", "not-a-list", "Start each case with a dash.")
            return None
        if not at.items:
            scope.say(at, "a rule without cases proves nothing", "no-cases", "Add one under cases:.")
        cases = [case for item in at.items if (case := self._case(scope, item)) is not None]
        self._twice(scope, at, cases)
        return tuple(cases)

    def _case(self, scope: Scope, at: Located) -> Case | None:
        found = entries(scope, at, "a case", _KEYS)
        if found is None:
            return None
        it, today, person, then = found.get(IT), found.get(TODAY), found.get(GIVEN), found.get(THEN_KEY)
        if not it or today is None or person is None or then is None:
            return None
        return Case(it, today, person, then, at.line, at.column)

    def _twice(self, scope: Scope, at: Located, cases: list[Case]) -> None:
        seen: set[str] = set()
        for case in cases:
            if case.it in seen:
                place = Located(case.line, case.column, 1)
                scope.say(place, f"two cases are called “{case.it}”", "same-case", "Say what is different.")
            seen.add(case.it)

    def schema(self) -> Schema:
        return {"type": "array", "items": keys_schema(_KEYS), "minItems": 1}
