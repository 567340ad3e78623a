"""A rule as its author wrote it: YAML in which every scalar stays a text until something needs a number.

Parameters are looked up on the day the rule is asked about, wherever a number or a length of time may stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

from ruamel.yaml import YAML

from plain.days import Span, moved
from plain.fhir import Coding

Node = str | list["Node"] | dict[str, "Node"]
Mapping = dict[str, Node]
_SPAN = re.compile(r"(\d+) (day|week|month|year)s?")


@dataclass(frozen=True)
class ValueSet:
    """Codings in the order of the file. ``molar``: how many ``molar_unit`` make one ``unit``.

    ``partly``: countries of which a list holds only in part.
    """

    codes: tuple[Coding, ...]
    unit: str = ""
    molar: str = ""
    molar_unit: str = ""
    partly: tuple[Coding, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule's text, the folder of value sets, and the day it is asked about."""

    written: str
    codes: Path
    today: date
    _sets: dict[str, ValueSet] = field(default_factory=dict)

    @cached_property
    def top(self) -> Mapping:
        return mapping(yaml(self.written))

    def section(self, name: str) -> list[tuple[str, Mapping]]:
        """The named lines of a section."""
        return [(key, mapping(line)) for key, line in self.part(name).items() if key != "if_unknown"]

    def part(self, name: str) -> Mapping:
        return mapping(self.top.get(name, {}))

    def span(self, word: Node) -> Span:
        found = _SPAN.fullmatch(self._resolved(word))
        assert found is not None, word
        return Span(int(found[1]), found[2])

    def number(self, word: Node) -> float:
        return float(self._resolved(word))

    def whole(self, word: Node) -> int:
        return int(self._resolved(word))

    def _resolved(self, word: Node) -> str:
        """A word, or on the day asked the value of the parameter it names; before its first date the first."""
        history = self.part("parameters").get(str(word))
        if history is None:
            return str(word)
        values = sorted((date.fromisoformat(since), mapping(value)["is"]) for since, value in mapping(history).items())
        past = [value for since, value in values if since <= self.today]
        return str(past[-1] if past else values[0][1])

    def stretch(self, name: Node) -> tuple[date, date]:
        """First and last day of one of the rule's periods."""
        said = mapping(self.part("periods")[str(name)])
        if "of" in said:
            first, last = self.stretch(said["of"])
            return moved(first, self.span(said["and_before"]), -1), last
        if "before" in said:
            first, _ = self.stretch(said["before"])
            return moved(first, self.span(said["length"]), -1), first - timedelta(days=1)
        return moved(self.today + timedelta(days=1), self.span(said["length"]), -1), self.today

    def value_set(self, name: str) -> ValueSet:
        if name not in self._sets:
            self._sets[name] = self._own(name) if name in self.part("codes") else _filed(self.codes / f"{name}.yaml")
        return self._sets[name]

    def _own(self, name: str) -> ValueSet:
        entries = [mapping(entry) for entry in listed(self.part("codes")[name])]
        return ValueSet(tuple((str(entry["system"]), str(entry["code"])) for entry in entries))

    def among(self, names: Node) -> frozenset[Coding]:
        """The codings of one value set, or of several together."""
        return frozenset(coding for name in listed(names) for coding in self.value_set(str(name)).codes)


@cache
def _filed(path: Path) -> ValueSet:
    said = mapping(yaml(path.read_text(encoding="utf-8")))
    molar, unit = mapping(said.get("molar", {})), str(said.get("unit", ""))
    factor, amount = str(molar.get("factor", "")), str(molar.get("from", ""))
    return ValueSet(_codings(said["includes"]), unit, factor, amount, _codings(said.get("partly", [])))


def _codings(blocks: Node) -> tuple[Coding, ...]:
    each = [mapping(block) for block in listed(blocks)]
    return tuple((str(b["system"]), str(mapping(code)["code"])) for b in each for code in listed(b["codes"]))


def yaml(written: str) -> Node:
    """YAML with every scalar as its text."""
    found: Node = YAML(typ="base", pure=True).load(written)
    return found


def mapping(node: Node) -> Mapping:
    assert isinstance(node, dict), node
    return node


def listed(node: Node) -> list[Node]:
    """A list; a single word is a list of one."""
    return node if isinstance(node, list) else [node]
