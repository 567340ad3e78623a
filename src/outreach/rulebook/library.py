"""Where a rule's value sets are, for every command and for the night: one order, whoever asks.

Beside the rule, in ``codes/``; then in the nearest ``codes/`` above it; then among those that ship. So a site writes
only what is its own. Where a command was given a folder of published sets, that takes the place of those that ship: one
that is missing there is told of, and not replaced by one of ours that has the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from outreach.content import shipped
from outreach.errors import Problem
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.expansions import Expansions
from outreach.rulebook.located import shown
from outreach.rulebook.sets import Shelf
from outreach.rulebook.terms import ValueSet

_A_RULE = re.compile(r"(?m)^rule:")


def places(rule: Path, codes: Path | None = None) -> list[Path]:
    """The folders in which the rule at a path looks, in order; with ``codes`` only that one and that beside it."""
    own = rule.resolve().parent
    above = next((folder / "codes" for folder in own.parents if (folder / "codes").is_dir()), None)
    further = [above, shipped("rules") / "codes"] if codes is None else [codes]
    found = [own / "codes", *(folder for folder in further if folder is not None)]
    return [folder for folder in dict.fromkeys(folder.resolve() for folder in found) if folder.is_dir()]


def astray(path: Path) -> list[Problem]:
    """A rule in a folder called codes, where nobody looks for one; or a value set named as if it were a rule."""
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    inside = [file for file in files if "codes" in (path.name, path.parent.name, *file.relative_to(path).parts)]
    rules = [file for file in inside if _A_RULE.search(_text(file))]
    what = "this rule stands in a folder called codes, which holds value sets"
    hint = "Move it to another folder: in this one no command and no night reads it."
    found = [Problem(shown(file), 1, 1, what, "rule-among-codes", hint) for file in rules]
    if found or (path not in inside and path.name != "codes"):
        return found
    hint = "It is checked with each rule that uses it: check the rule."
    return [Problem(shown(path), 0, 0, "this is a value set, not a rule", "no-rules", hint)]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


class Library:
    """Every place that holds value sets; each folder is read once, whoever asks.

    Args:
        codes: only this folder, and that beside each rule; see ``places``.
        more: a folder of FHIR ValueSets with expansions, in the place of those that ship.
    """

    def __init__(self, codes: Path | None = None, more: Path | None = None) -> None:
        self.codes = codes
        self.folders: dict[Path, CodeFolder] = {}
        self.more = None if more is None else Expansions(more)

    def shelves(self, rule: Path) -> tuple[Shelf, ...]:
        """Where the rule at a path looks, in order."""
        ours = shipped("rules") / "codes"
        found = [place for place in places(rule, self.codes) if self.more is None or place != ours.resolve()]
        folders = [self.folders.setdefault(place, CodeFolder(place)) for place in found]
        return (*folders, *([self.more] if self.more else ()))

    def finder(self, rule: Path) -> Callable[[str], ValueSet | None]:
        """The value sets of the rule at a path by name; None where there is none, or it cannot be read."""
        shelves = self.shelves(rule)
        return lambda name: next((shelf.get(name) for shelf in shelves if shelf.has(name)), None)

    def problems(self) -> list[Problem]:
        folders = [problem for folder in self.folders.values() for problem in folder.problems]
        return folders + (self.more.problems if self.more else [])
