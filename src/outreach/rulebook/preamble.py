"""What a rule declares before it asks anything: sources, codes of its own, and parameters."""

from __future__ import annotations

from datetime import date

from outreach.domain.calendar import Period
from outreach.rulebook import dates
from outreach.rulebook.code_list import Codes
from outreach.rulebook.forms import Schema
from outreach.rulebook.keys import Built, Entries, Key, keys_schema
from outreach.rulebook.model import ParameterValue
from outreach.rulebook.named import SourceName
from outreach.rulebook.named_values import NamedValues
from outreach.rulebook.patterns import DAY, PERIOD
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located, Text
from outreach.rulebook.values import Prose

SOURCES = NamedValues(Prose())


CODES = NamedValues(Codes())


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
