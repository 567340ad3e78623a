"""Codes as an author lists them: each with its system, its code and its display, and none twice."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.rulebook.code_forms import odd_code
from outreach.rulebook.code_systems import misread_system
from outreach.rulebook.forms import Schema
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named import SourceName
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import shape
from outreach.rulebook.terms import Code
from outreach.rulebook.tree import Located, Mapping, Sequence, Text
from outreach.rulebook.values import Prose


class _System:
    """The address of a code system in FHIR."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        system = scope.reader.word(at, what)
        if system and (hint := misread_system(system)):
            scope.say(at, f"“{system}” is not the address of a code system", "unknown-system", hint)
        return system or None

    def schema(self) -> Schema:
        return shape("text")


class _CodeText:
    """A code: text, also where it is digits alone, for a number loses its zeros."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        if isinstance(at, Text) and isinstance(at.value, str) and at.value:
            return at.value
        scope.say(at, "a code must be text", "not-text", "Put it in quotes.")
        return None

    def schema(self) -> Schema:
        return {"type": ["string", "integer"]}


SYSTEM = Key("system", _System(), "The code system, by its address in FHIR.", required=True)
CODE = Key("code", _CodeText(), "The code; digits alone in quotes.", required=True)
DISPLAY = Key("display", Prose(), "What the code means, in the system's words.", required=True)
NOTE = Key("note", Prose(), "What a reader should know of it.")
READ_IN = Key("source", SourceName(), "Where the code was read: a name under sources.")
#: Of a code that stands in a rule, and of one under its system in the file of a value set.
IN_A_RULE, IN_A_FILE = (SYSTEM, CODE, DISPLAY, NOTE, READ_IN), (CODE, DISPLAY, NOTE)


def _code(at: Entries, system: str) -> Code | None:
    code, display = at.get(CODE), at.get(DISPLAY)
    _, _ = at.get(NOTE), at.get(READ_IN)
    if code and (why := odd_code(system, code)):
        hint = "Copy it again from where it is published."
        at.say(at.where(CODE), f"“{code}” cannot be a code: {why}", "odd-code", hint)
    return Code(system, code, display or "") if code else None


@dataclass(frozen=True)
class Codes:
    """A list of codes of one system; with ``system`` None each names its own."""

    system: str | None = None

    def _form(self) -> Built[Code]:
        if self.system is None:
            return Built(IN_A_RULE, lambda at: _code(at, at.get(SYSTEM) or ""), "a code")
        return Built(IN_A_FILE, lambda at: _code(at, self.system or ""), "a code")

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Code, ...] | None:
        if not isinstance(at, Sequence) or not at.items:
            scope.say(
                at, f"{what} must be a list of codes", "not-a-list", "Write [{code, display}, …], each with its system."
            )
            return None
        found: dict[tuple[str, str], Code] = {}
        for item in at.items:
            code = self._form().read(scope, item, what)
            if code and (code.system, code.code) in found:
                scope.say(item, f"the code {code.code} stands here twice", "duplicate-code", "Keep one of them.")
            elif code:
                found[code.system, code.code] = code
        self._tell_unread(scope, at, what)
        return tuple(found.values())

    def _tell_unread(self, scope: Scope, at: Sequence, what: str) -> None:
        """In a value set's file its source says where every code was read; in a rule each code says it."""
        unread = [item for item in at.items if isinstance(item, Mapping) and item.get(READ_IN.name) is None]
        if self.system is None and unread:
            said = f"{what} does not say where {'its codes were' if len(unread) > 1 else 'a code was'} read"
            hint = "Add source: with a name under sources; or make it a value set, which somebody confirms."
            scope.reader.remark(unread[0], said, "codes-without-source", hint)

    def schema(self) -> Schema:
        return {"type": "array", "items": self._form().schema(), "minItems": 1}


CODES = Key("codes", Codes(""), "Its codes, each with its display.", required=True)


class Blocks:
    """Codes by their system: a list with one entry for each."""

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Code, ...] | None:
        form = Built((SYSTEM, CODES), _block, f"an entry of {what}")
        return tuple(code for block in scope.reader.items(at, what) for code in form.read(scope, block, what) or ())

    def schema(self) -> Schema:
        return {"type": "array", "items": Built((SYSTEM, CODES), _block).schema(), "minItems": 1}


def _block(at: Entries) -> tuple[Code, ...] | None:
    system, listed = at.get(SYSTEM) or "", at.at.get(CODES.name)
    return Codes(system).read(at.scope, listed, CODES.name) if listed is not None else None
