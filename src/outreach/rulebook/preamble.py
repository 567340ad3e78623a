"""What a rule declares before it asks anything: sources, codes of its own, and parameters."""

from __future__ import annotations

from datetime import date

from outreach.domain.calendar import Period
from outreach.rulebook import dates
from outreach.rulebook.codes import read_code
from outreach.rulebook.forms import Schema
from outreach.rulebook.keys import Built, Entries, Key, keys_schema
from outreach.rulebook.model import ParameterValue
from outreach.rulebook.named import SourceName
from outreach.rulebook.named_values import NamedValues
from outreach.rulebook.patterns import DAY, PERIOD
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import shape
from outreach.rulebook.terms import Code
from outreach.rulebook.tree import Located, Sequence, Text
from outreach.rulebook.values import Prose

SOURCES = NamedValues(Prose())


class CodeList:
    """A short list of codes, each with its system and display."""

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Code, ...] | None:
        if not isinstance(at, Sequence) or not at.items:
            scope.say(at, f"{what} must be a list of codes", "not-a-list", "Write [{system, code, display}].")
            return None
        codes = [(item, read_code(scope.reader, item)) for item in at.items]
        seen: set[tuple[str, str]] = set()
        for item, code in codes:
            if (code.system, code.code) in seen and code.code:
                scope.say(item, f"the code {code.code} stands here twice", "duplicate-code", "Keep one of them.")
            seen.add((code.system, code.code))
        return tuple(code for _, code in codes if code.code)

    def schema(self) -> Schema:
        properties: Schema = {
            "system": {"description": "The code system, as FHIR names it."} | shape("text"),
            "code": {"description": "The code.", "type": ["string", "integer"]},
            "display": {"description": "What the code means, in the system's words."} | shape("text"),
            "note": {"description": "What a reader should know of it."} | shape("text"),
        }
        item: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {"type": "array", "items": item | {"required": ["system", "code", "display"]}, "minItems": 1}


CODES = NamedValues(CodeList())


class _Value:
    """A number or a length of time, written out."""

    def read(self, scope: Scope, at: Located, what: str) -> Period | float | None:
        text = isinstance(at, Text) and isinstance(at.value, str)
        return dates.period(scope.reader, at, what) if text else scope.reader.number(at, what, -1e6, 1e9)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{PERIOD}$"}]}


IS: Key[Period | float] = Key("is", _Value(), "The number, or the length of time like “6 months”.", required=True)
UNIT = Key("unit", Prose(), "The UCUM unit of the number.")
SOURCE = Key("source", SourceName(), "Where this value comes from: a name under sources.", required=True)


class DatedValues:
    """The values of a parameter, each under the day from which it holds."""

    def read(self, scope: Scope, at: Located, what: str) -> tuple[ParameterValue, ...] | None:
        mapping = scope.reader.mapping(at, None, what)
        found = [
            value for key, inner in (mapping.pairs if mapping else ()) if (value := self._value(scope, key, inner))
        ]
        if mapping is not None and not mapping.pairs:
            scope.say(at, f"{what} has no value", "empty-section", "Write {2018-01-01: {is: 6 months, source: …}}.")
        if len({isinstance(value.value, Period) for value in found}) > 1 or len({value.unit for value in found}) > 1:
            scope.say(
                at, f"{what} is not the same kind of value at every date", "wrong-parameter", "Use two parameters."
            )
        return tuple(sorted(found, key=lambda value: value.since)) or None

    def _value(self, scope: Scope, key: Text, at: Located) -> ParameterValue | None:
        since = dates.day(scope.reader, key, "the day from which it holds")
        read = Built((IS, UNIT, SOURCE), lambda entry: _dated(entry, since), "a value").read
        return read(scope, at, "a value")

    def schema(self) -> Schema:
        dated: Schema = {f"^{DAY}$": keys_schema((IS, UNIT, SOURCE))}
        return {"type": "object", "patternProperties": dated, "additionalProperties": False, "minProperties": 1}


def _dated(at: Entries, since: date | None) -> ParameterValue | None:
    value, unit, source = at.get(IS), at.get(UNIT) or "", at.get(SOURCE) or ""
    if unit and isinstance(value, Period):
        at.say(at.where(UNIT), "a length of time has no unit", "wrong-unit", "Take unit away.")
    return ParameterValue(since, value, unit, source) if since and value is not None else None


PARAMETERS = NamedValues(DatedValues())
