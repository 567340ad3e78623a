"""Value sets: rules/codes/<name>.yaml, one meaning each, every code with its display."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.rulebook.located import read_shared
from outreach.rulebook.patterns import NAME
from outreach.rulebook.reader import Reader
from outreach.rulebook.terms import Code, ValueSet
from outreach.rulebook.tree import Located, Mapping, Text

_KEYS = ("codes", "title", "meaning", "source", "status", "unit", "molar", "includes", "partly")


class CodeFolder:
    """The value sets of a folder, each read once and only when a rule names it."""

    states_units = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._read: dict[str, ValueSet | None] = {}

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.yaml"))

    def has(self, name: str) -> bool:
        return bool(re.fullmatch(NAME, name)) and (self.folder / f"{name}.yaml").is_file()

    def get(self, name: str) -> ValueSet | None:
        """The value set, or None when its file is wrong (its problems are kept)."""
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def _load(self, name: str) -> ValueSet | None:
        path = self.folder / f"{name}.yaml"
        try:
            return _value_set(path, name)
        except Refused as refusal:
            self.problems += refusal.problems
            return None


def _value_set(path: Path, name: str) -> ValueSet:
    source, top = read_shared(path, f"{path.parent.name}/{path.name}")
    reader = Reader(source)
    reader.mapping(top, _KEYS, "a value set", required=("codes", "title", "meaning", "source", "includes"))
    if reader.word(top.get("codes"), "codes") not in ("", name):
        reader.say(top, f"the file is named “{name}” and its codes otherwise", "name-mismatch", f"Write codes: {name}")
    codes = [code for block in reader.items(top.get("includes"), "includes") for code in _block(reader, block)]
    if not codes:
        reader.say(top, "the value set is empty", "empty-value-set", "An empty set makes every criterion on it false.")
    partly = [code for block in reader.items(top.get("partly"), "partly") for code in _block(reader, block)]
    _apart(reader, top, codes, partly)
    molar = reader.mapping(top.get("molar"), ("factor", "from", "source"), "molar", ("factor", "from", "source"))
    reader.problems.sort(key=lambda problem: (problem.line, problem.column))
    reader.done()
    return ValueSet(
        name,
        reader.word(top.get("title"), "title"),
        tuple(codes),
        reader.word(top.get("unit"), "unit"),
        (reader.number(molar.get("factor"), "factor") or 0.0) if molar else 0.0,
        reader.word(molar.get("from"), "from") if molar else "",
        tuple(partly),
    )


def _apart(reader: Reader, top: Mapping, codes: list[Code], partly: list[Code]) -> None:
    """A country is on the list or partly on it, not both."""
    whole = {(code.system, code.code) for code in codes}
    for code in partly:
        if (code.system, code.code) in whole:
            what = f"the code {code.code} stands under includes and under partly"
            reader.say(top.get("partly") or top, what, "duplicate-code", "Keep one of them.")


def _block(reader: Reader, block: Located) -> list[Code]:
    mapping = reader.mapping(block, ("system", "codes"), "an entry of includes", ("system", "codes"))
    if mapping is None:
        return []
    system = reader.word(mapping.get("system"), "system")
    codes = [(item, read_code(reader, item, system)) for item in reader.items(mapping.get("codes"), "codes")]
    seen: set[str] = set()
    for item, code in codes:
        if code.code in seen:
            reader.say(item, f"the code {code.code} stands here twice", "duplicate-code", "Keep one of them.")
        seen |= {code.code} - {""}
    return [code for _, code in codes if code.code]


def read_code(reader: Reader, item: Located, system: str | None = None) -> Code:
    """One code; with ``system`` None it must name its own."""
    keys = ("system", "code", "display") if system is None else ("code", "display")
    mapping = reader.mapping(item, (*keys, "note"), "a code", keys)
    if mapping is None:
        return Code("", "", "")
    at = mapping.get("code")
    value = at.value if isinstance(at, Text) else None
    code = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not code and at is not None:
        reader.say(at, "a code must be text", "not-text", "Put it in quotes.")
    system = reader.word(mapping.get("system"), "system") if system is None else system
    return Code(system, code, reader.word(mapping.get("display"), "display"))
