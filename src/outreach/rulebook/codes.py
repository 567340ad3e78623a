"""Value sets: rules/codes/<name>.yaml, one meaning each, every code with its display."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.rulebook.located import Located, Mapping, Text, read
from outreach.rulebook.model import Code, ValueSet
from outreach.rulebook.reader import Reader, suggestion

_KEYS = ("codes", "title", "meaning", "source", "status", "unit", "molar", "includes")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CodeFolder:
    """The value sets of a folder, each read once and only when a rule names it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._read: dict[str, ValueSet | None] = {}

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.yaml"))

    def get(self, name: str) -> ValueSet | None:
        """The value set, or None when its file is wrong (its problems are kept)."""
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def ask(self, reader: Reader, at: Located | None, what: str) -> str:
        """The name under ``at`` if it is a value set; a problem with a suggestion if not."""
        name = reader.word(at, what)
        if not name or at is None:
            return ""
        if not _NAME.fullmatch(name) or name not in self.names():
            reader.say(at, f"there is no value set “{name}”", "unknown-value-set", suggestion(name, self.names()))
            return ""
        self.get(name)
        return name

    def _load(self, name: str) -> ValueSet | None:
        path = self.folder / f"{name}.yaml"
        try:
            return _value_set(path, name)
        except Refused as refusal:
            self.problems += refusal.problems
            return None


def _value_set(path: Path, name: str) -> ValueSet:
    source, top = read(path, f"{path.parent.name}/{path.name}")
    reader = Reader(source)
    reader.mapping(top, _KEYS, "a value set", required=("codes", "title", "meaning", "source", "includes"))
    if reader.word(top.get("codes"), "codes") not in ("", name):
        reader.say(top, f"the file is named “{name}” and its codes otherwise", "name-mismatch", f"Write codes: {name}")
    codes = [code for block in reader.items(top.get("includes"), "includes") for code in _block(reader, block)]
    if not codes:
        reader.say(top, "the value set is empty", "empty-value-set", "An empty set makes every criterion on it false.")
    molar = reader.mapping(top.get("molar"), ("factor", "from", "source"), "molar", ("factor", "from", "source"))
    reader.done()
    return ValueSet(
        name,
        reader.word(top.get("title"), "title"),
        tuple(codes),
        reader.word(top.get("unit"), "unit"),
        (reader.number(molar.get("factor"), "factor") or 0.0) if molar else 0.0,
        reader.word(molar.get("from"), "from") if molar else "",
    )


def _block(reader: Reader, block: Located) -> list[Code]:
    mapping = reader.mapping(block, ("system", "codes"), "an entry of includes", ("system", "codes"))
    if mapping is None:
        return []
    system = reader.word(mapping.get("system"), "system")
    codes = [_code(reader, system, item) for item in reader.items(mapping.get("codes"), "codes")]
    seen: set[str] = set()
    for code in codes:
        if code.code in seen:
            reader.say(mapping, f"the code {code.code} stands here twice", "duplicate-code")
        seen.add(code.code)
    return [code for code in codes if code.code]


def _code(reader: Reader, system: str, item: Located) -> Code:
    mapping = reader.mapping(item, ("code", "display", "note"), "a code", ("code", "display"))
    if mapping is None:
        return Code(system, "", "")
    at = mapping.get("code")
    value = at.value if isinstance(at, Text) else None
    code = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not code and at is not None:
        reader.say(at, "a code must be text", "not-text", "Put it in quotes.")
    return Code(system, code, reader.word(mapping.get("display"), "display"))


def as_mapping(at: Located | None) -> Mapping | None:
    return at if isinstance(at, Mapping) else None
