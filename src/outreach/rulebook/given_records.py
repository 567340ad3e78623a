"""The records of an exemplar: each kind of FHIR record that ``given`` can hold, in the author's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outreach.rulebook import fhir_statuses as statuses
from outreach.rulebook.case import GivenFact
from outreach.rulebook.forms import OneOf, Schema
from outreach.rulebook.keys import Entries, Key, entries, keys_schema
from outreach.rulebook.named import SetName
from outreach.rulebook.records import SETTINGS
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import shape
from outreach.rulebook.tree import Located, Mapping, Sequence, Text
from outreach.rulebook.values import PartialDay, Pattern, Prose


class RawValue:
    """A number or a word, kept as the author wrote it."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        if isinstance(at, Text) and isinstance(at.value, str | int | float) and not isinstance(at.value, bool):
            return str(at.value)
        scope.say(at, f"{what} must be a number or a word", "not-text", "Write what the record says.")
        return None

    def schema(self) -> Schema:
        return {"type": ["string", "number"]}


WHOLE = len("2026-03-01")
ON = Key("on", PartialDay(), "Its day; the year or month alone where no more is known.")
UNTIL = Key("until", PartialDay(), "Its last day: of a visit, of a diagnosis that ended, of a supply.")
NUMBER = Key("value", RawValue(), "What was measured.", required=True)
UNIT = Key("unit", Prose(), "The unit it is written in.", required=True)
RESULT = Key("result", RawValue(), "The coded result; left out, the report is unread.")
FINDING_VALUE = Key("value", SetName(), "The value set that the coded value is drawn from.")
STATED = Key("value", PartialDay(), "The day that the finding states.", required=True)
RELATION = Key("value", Pattern("[A-Z]+", "Write a v3-RoleCode, like MTH.", "odd-relation"), "Who: a v3-RoleCode.")
SITE = Key("site", SetName(), "The value set that the body site is drawn from.")
SETTING = Key("setting", OneOf(tuple(SETTINGS)), "Where the visit took place.")
DISCHARGED_TO = Key("discharged_to", SetName(), "The value set that the discharge disposition is drawn from.")


@dataclass(frozen=True)
class RecordKind:
    """One section of ``given``: the kind of fact it makes, the statuses it can have and its own keys."""

    section: str
    kind: str
    statuses: tuple[str, ...]
    own: tuple[Key[object], ...] = ()

    @property
    def keys(self) -> tuple[Key[object], ...]:
        status = Key("status", OneOf(self.statuses), "Its FHIR status, where it is not the usual one.")
        return (ON, *self.own, *((status,) if self.statuses else ()))


KINDS = (
    RecordKind("diagnoses", "condition", statuses.CLINICAL, (UNTIL, SITE)),
    RecordKind("refuted", "refuted", (), (UNTIL,)),
    RecordKind("procedures", "procedure", statuses.EVENT, (UNTIL, SITE)),
    RecordKind("scans", "report", statuses.REPORT, (UNTIL, RESULT)),
    RecordKind("labs", "lab", statuses.RESULT, (NUMBER, UNIT)),
    RecordKind("findings", "finding", statuses.RESULT, (UNTIL, FINDING_VALUE, RESULT)),
    RecordKind("relatives", "relative", statuses.FAMILY, (RELATION,)),
    RecordKind("orders", "order", statuses.REQUEST),
    RecordKind("visits", "visit", statuses.VISIT, (UNTIL, SETTING, DISCHARGED_TO)),
    RecordKind("medicines", "medicine", statuses.MEDICINE, (UNTIL,)),
    RecordKind("devices", "device", statuses.REQUEST),
    RecordKind("coverage", "coverage", statuses.COVERAGE, (UNTIL,)),
    RecordKind("dates", "date", statuses.RESULT, (STATED,)),
    RecordKind("appointments", "appointment", statuses.APPOINTMENT),
)
#: Section of ``given`` → the kind of record it makes.
RECORDS = {kind.section: kind.kind for kind in KINDS}


class RecordsForm:
    """{value set: date | undated | record | list of these}."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind

    def read(self, scope: Scope, at: Located, what: str) -> tuple[GivenFact, ...] | None:
        if not isinstance(at, Mapping):
            scope.say(at, "records are written as {value set: date}", "not-a-mapping")
            return None
        return tuple(fact for key, value in at.pairs for fact in self._of_one(scope, key, value))

    def _of_one(self, scope: Scope, key: Text, at: Located) -> Iterator[GivenFact]:
        name = SetName().read(scope, key, "a value set")
        for item in at.items if isinstance(at, Sequence) else (at,):
            fact = self._fact(scope, name or "", item)
            if fact is not None and name:
                yield fact

    def _fact(self, scope: Scope, name: str, at: Located) -> GivenFact | None:
        if isinstance(at, Mapping):
            found = entries(scope, at, f"one of {self.kind.section}", self.kind.keys)
            return None if found is None else self._long(found, name)
        lacking = [key.name for key in self.kind.keys if key.required]
        if lacking:
            hint = f"Write {{on: 2026-03-01, {', '.join(f'{key}: …' for key in lacking)}}}."
            scope.say(at, f"{self.kind.section} need more than a day", "missing-key", hint)
        day = "" if isinstance(at, Text) and at.value == "undated" else PartialDay().read(scope, at, "a date")
        return None if day is None else self._checked(scope, at, GivenFact(self.kind.kind, name, day))

    def _long(self, at: Entries, name: str) -> GivenFact:
        texts = {key.name: str(at.get(key) or "") for key in self.kind.keys if at.has(key)}
        value = texts.pop("result", "") or texts.pop("value", "")
        fact = GivenFact(self.kind.kind, name, texts.pop("on", ""), value, **texts)
        return self._checked(at.scope, at.at, fact)

    def _checked(self, scope: Scope, at: Located, fact: GivenFact) -> GivenFact:
        if fact.until and fact.until < fact.on[: len(fact.until)]:
            scope.say(at, "it ends before it begins", "impossible-window", "Look at on and until.")
        partial = self.kind.kind == "appointment" and len(fact.on) < WHOLE
        if partial or (self.kind.kind == "medicine" and fact.until and min(len(fact.on), len(fact.until)) < WHOLE):
            scope.say(at, f"{self.kind.section} need whole days here", "not-a-date", "Write them like 2026-03-01.")
        return fact

    def schema(self) -> Schema:
        one = shape(_shape_name(self.kind))
        return {"type": "object", "additionalProperties": {"anyOf": [one, {"type": "array", "items": one}]}}


def _shape_name(kind: RecordKind) -> str:
    return f"one-of-{kind.section}"


#: One record of each kind, for the schema to refer to.
RECORD_SHAPES: Schema = {
    _shape_name(kind): {"anyOf": [{"const": "undated"}, shape("partial-day"), keys_schema(kind.keys)]} for kind in KINDS
}
