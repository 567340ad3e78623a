"""What a YAML file becomes: scalars, lists and mappings, each with its place, and the file as its author sees it."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.errors import Problem

LONGEST = 200  #: characters of a line that a message shows
Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Located:
    """A value and where it stands; line and column count from 1."""

    line: int
    column: int
    width: int


@dataclass(frozen=True)
class Text(Located):
    value: Scalar


@dataclass(frozen=True)
class Sequence(Located):
    items: tuple[Located, ...]


@dataclass(frozen=True)
class Mapping(Located):
    pairs: tuple[tuple[Text, Located], ...]

    def get(self, key: str) -> Located | None:
        """The value under a key, or None."""
        return next((value for name, value in self.pairs if name.value == key), None)


@dataclass(frozen=True)
class Source:
    """A file as its author sees it: a name for messages and its lines."""

    name: str
    lines: tuple[str, ...]

    def problem(self, at: Located, what: str, name: str, hint: str = "") -> Problem:
        """A problem at a place. A long line or word is cut: a message is read on one screen."""
        line = self.lines[at.line - 1][:LONGEST] if 0 < at.line <= len(self.lines) else ""
        width = max(1, min(at.width, len(line) - at.column + 1))
        shown = line if at.column <= LONGEST else ""
        return Problem(self.name, at.line, at.column, _cut(what), name, _cut(hint), width, shown)


def _cut(text: str) -> str:
    return text if len(text) <= 3 * LONGEST else text[: 3 * LONGEST] + "…"
