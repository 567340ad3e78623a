"""What a night needs to be allowed, and whether it is.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ORDER = "cruds"  #: create, read, update, delete, search: the order in which a v2 scope has its letters
_V1 = {"read": "rs", "write": "cud", "*": ORDER}


@dataclass(frozen=True)
class Need:
    """A resource type and what is done with it, as letters of ``ORDER``."""

    type: str
    letters: str


def asked(needs: Iterable[Need], form: str) -> list[str]:
    """The scopes to ask for, no wider than the needs; ``form`` is v1 or v2."""
    return sorted(scope for need in needs for scope in _written(need.type, need.letters, form))


def missing(granted: Iterable[str], needs: Iterable[Need], form: str) -> list[str]:
    """The scopes, in the form they are asked for in, of what was needed and is not granted in either form.

    A scope narrowed by a query (``system/Observation.rs?category=…``) allows a part only, and does not count.
    """
    given = [_parsed(scope) for scope in granted]
    lacking = []
    for need in needs:
        had = {letter for type_, letters in given if type_ in ("*", need.type) for letter in letters}
        lacking += _written(need.type, "".join(c for c in need.letters if c not in had), form)
    return sorted(lacking)


def wider(granted: Iterable[str], needs: Sequence[Need]) -> list[str]:
    """The granted scopes that allow something no night does; the older form allows no finer ones than its own."""
    letters, older = {need.type: set(need.letters) for need in needs}, asked(needs, "v1")
    return sorted(
        scope
        for scope in granted
        for type_, given in [_parsed(scope)]
        if scope not in older and not set(given) <= letters.get(type_, set())
    )


def _written(type_: str, letters: str, form: str) -> list[str]:
    """Reads and writes apart, in the newer form too: servers are known that grant a scope whole or not at all."""
    parts = {word: "".join(c for c in ORDER if c in letters and c in _V1[word]) for word in ("read", "write")}
    return [f"system/{type_}.{part if form == 'v2' else word}" for word, part in parts.items() if part]


def _parsed(scope: str) -> tuple[str, str]:
    """(type or ``*``, letters); nothing for a scope that is not of a system, is narrowed, or is none."""
    context, _, rest = scope.partition("/")
    type_, _, action = rest.partition(".")
    if context != "system":
        return "", ""
    letters = _V1.get(action, action)
    return (type_, letters) if letters and set(letters) <= set(ORDER) else ("", "")
