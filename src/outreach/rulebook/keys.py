"""Mappings with known keys, each key declared once: its form, what it means to a reader, whether it must stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from outreach.rulebook.forms import Form, Schema
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located
from outreach.rulebook.tree import Mapping as Keys

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
#: Keys that authors look for in the wrong place, and where they belong.
Elsewhere = tuple[tuple[str, str], ...]
#: What to write for a key that a mapping lacks, where more can be said than what the key means.
Lacking = Callable[[Scope, Keys, str], str]


@dataclass(frozen=True)
class Key(Generic[T_co]):
    """One key of a mapping. ``says``: one sentence for an editor's hover and the reference page."""

    name: str
    form: Form[T_co]
    says: str
    required: bool = False

    def schema(self) -> Schema:
        return {"description": self.says, **self.form.schema()}


@dataclass(frozen=True)
class Word(Key[T_co]):
    """A key that many mappings share: the schema says it once and refers to it."""

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        return super().schema()


@dataclass(frozen=True)
class Entries:
    """A mapping being read: ``get`` reads the value of a declared key, None where it is absent or wrong."""

    scope: Scope
    at: Keys
    what: str

    def get(self, key: Key[T]) -> T | None:
        at = self.at.get(key.name)
        return None if at is None else key.form.read(self.scope, at, key.name)

    def has(self, key: Key[object]) -> bool:
        return self.at.get(key.name) is not None

    def where(self, key: Key[object]) -> Located:
        """The place of a key's value; of the mapping where it is absent."""
        return self.at.get(key.name) or self.at

    def say(self, at: Located, what: str, name: str, hint: str = "") -> None:
        self.scope.say(at, what, name, hint)


def entries(
    scope: Scope,
    at: Located,
    what: str,
    keys: tuple[Key[object], ...],
    elsewhere: Elsewhere = (),
    lacking: Lacking | None = None,
) -> Entries | None:
    """``at`` as a mapping that holds only these keys and all required ones, each problem told.

    Args:
        elsewhere: where keys belong that authors look for here.
        lacking: what to write for a required key that is absent, "" for the usual words.
    """
    known = {key.name for key in keys}
    if not isinstance(at, Keys):
        names = ", ".join(key.name for key in keys[:6])
        scope.say(at, f"{what} must be written as keys and values", "not-a-mapping", f"Its keys: {names}.")
        return None
    for key, _ in at.pairs:
        if key.value not in known:
            hint = dict(elsewhere).get(str(key.value)) or suggestion(str(key.value), known)
            scope.say(key, f"{what} has no key “{key.value}”", "unknown-key", hint)
    require(scope, at, what, keys, lacking)
    return Entries(scope, at, what)


def require(scope: Scope, mapping: Keys, what: str, keys: tuple[Key[object], ...], told: Lacking | None = None) -> None:
    """Tell of every required key that is absent, by ``told`` where it has something to say."""
    for key in keys:
        if key.required and mapping.get(key.name) is None:
            hint = (told(scope, mapping, key.name) if told else "") or f"Add “{key.name}”. {key.says}"
            scope.say(mapping, f"{what} lacks the key “{key.name}”", "missing-key", hint)


def keys_schema(keys: tuple[Key[object], ...]) -> Schema:
    required = [key.name for key in keys if key.required]
    properties: Schema = {key.name: key.schema() for key in keys}
    closed: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return closed | ({"required": required} if required else {})


@dataclass(frozen=True)
class Built(Generic[T]):
    """A mapping of declared keys, and what is made of it."""

    keys: tuple[Key[object], ...]
    build: Callable[[Entries], T | None]
    what: str = ""  #: what messages call it; the key's name where ""
    elsewhere: Elsewhere = ()
    lacking: Lacking | None = None

    def read(self, scope: Scope, at: Located, what: str) -> T | None:
        found = entries(scope, at, self.what or what, self.keys, self.elsewhere, self.lacking)
        return None if found is None else self.build(found)

    def schema(self) -> Schema:
        return keys_schema(self.keys)
