"""Mappings whose keys the author chose: lines, definitions, parameters, kinds of test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from outreach.rulebook.forms import Form, Schema
from outreach.rulebook.keys import Entries, Key, require
from outreach.rulebook.patterns import NAME
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located, Text
from outreach.rulebook.tree import Mapping as Keys

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A named value of a mapping whose keys the author chose."""

    name: str
    at: Located
    value: T


@dataclass(frozen=True)
class NamedValues(Generic[T]):
    """A mapping of names the author gives to values of one form; at least one."""

    form: Form[T]
    apart: tuple[Key[object], ...] = ()  #: keys that are not names, such as if_unknown

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Entry[T], ...] | None:
        mapping = scope.reader.mapping(at, None, what)
        if mapping is None:
            return None
        require(scope, mapping, what, self.apart)
        for key in self.apart:
            Entries(scope, mapping, what).get(key)
        pairs = list(self._pairs(mapping))
        if not pairs:
            scope.say(at, f"{what} lists nothing", "empty-section", "Write a line in it, or take it away.")
        found = [
            Entry(str(key.value), value_at, value)
            for key, value_at in pairs
            if scope.reader.new_name(key, f"a name under {what}")
            and (value := self.form.read(scope, value_at, f"“{key.value}”")) is not None
        ]
        return tuple(found)

    def _pairs(self, mapping: Keys) -> Iterator[tuple[Text, Located]]:
        apart = {key.name for key in self.apart}
        return ((key, value) for key, value in mapping.pairs if key.value not in apart)

    def schema(self) -> Schema:
        named: Schema = {
            "type": "object",
            "patternProperties": {f"^{NAME}$": self.form.schema()},
            "additionalProperties": False,
            "minProperties": 1 + len(self.apart),
        }
        if not self.apart:
            return named
        properties: Schema = {key.name: key.schema() for key in self.apart}
        return named | {"properties": properties, "required": [key.name for key in self.apart if key.required]}
