"""Folders of value sets: codes/<name>.yaml, one meaning each, every code with its display."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.rulebook.located import shown
from outreach.rulebook.patterns import NAME
from outreach.rulebook.terms import ValueSet
from outreach.rulebook.value_set import value_set

_TITLE = re.compile(r"(?m)^title: +(.*\S)")


class CodeFolder:
    """The value sets of a folder, each read once and only when a rule names it."""

    states_units = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._read: dict[str, ValueSet | None] = {}

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.yaml"))

    def titles(self) -> dict[str, str]:
        """The title of each file that has one; looked for line by line, for a file may be wrong otherwise."""
        texts = ((name, _text(self.folder / f"{name}.yaml")) for name in self.names())
        return {name: found[1].strip("\"'") for name, text in texts if (found := _TITLE.search(text))}

    def has(self, name: str) -> bool:
        return bool(re.fullmatch(NAME, name)) and (self.folder / f"{name}.yaml").is_file()

    def file(self, name: str) -> Path | None:
        """Where the set of a name is written."""
        return self.folder / f"{name}.yaml" if self.has(name) else None

    def get(self, name: str) -> ValueSet | None:
        """The value set, or None when its file is wrong (its problems are kept)."""
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def _load(self, name: str) -> ValueSet | None:
        path = self.folder / f"{name}.yaml"
        try:
            return value_set(path, shown(path))
        except Refused as refusal:
            self.problems += refusal.problems
            return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
