"""The words of the rule language in tables, one row a word: made from the grammar that also reads them.

``python -m outreach.rulebook.reference`` prints them; they end rules/README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from outreach.rulebook.asked_scores import ASKED
from outreach.rulebook.criteria import WORDS
from outreach.rulebook.forms import Schema, SchemaValue
from outreach.rulebook.given_records import RECORD_SHAPES
from outreach.rulebook.grammar import RULE_KEYS
from outreach.rulebook.keys import keys_schema
from outreach.rulebook.records import RECORDS
from outreach.rulebook.value_set import KEYS as VALUE_SET_KEYS

#: What a reader calls a shape that many words share.
_SHAPES = {"partial-day": "a day, month or year", "value-set": "a value set", "period": "a length of time"}
_SHAPES |= {"day": "a day", "name": "a name", "text": "text", "criterion": "words of a line"}
_TYPES = {"boolean": "`true` or `false`", "number": "a number", "integer": "a number", "array": "a list"}
#: Words that hold the same words, under one name.
_ALIKE = {key.name: "a record" for key in RECORDS} | {key.name: "a score" for key in ASKED}
_RULE, _LINE, _SET = "a rule", "a line", "a value set"
_HEAD = "| word | stands in | means | written as |\n| --- | --- | --- | --- |"
_ASKED = {f"#/$defs/{word.name}" for word in WORDS}


@dataclass(frozen=True)
class Row:
    """A word as it stands in one place; ``must``: it is required there."""

    word: str
    place: str
    must: bool
    says: str
    written: str


def text() -> str:
    """Tables in Markdown: the sections of a rule, what a line can ask, the words inside those, and a value set's."""
    asked: Schema = {"properties": {word.name: word.definition() for word in WORDS}}
    rows = [*_rows(_RULE, keys_schema(RULE_KEYS)), *_rows(_LINE, asked)]
    parts = {
        "The sections of a rule": [row for row in rows if row.place == _RULE],
        "What a line can ask": [row for row in rows if row.place == _LINE],
        "The words inside them": [row for row in rows if row.place not in (_RULE, _LINE)],
        "The file of a value set": list(_rows(_SET, keys_schema(VALUE_SET_KEYS))),
    }
    return "\n".join(f"### {title}\n\n{_table(found)}" for title, found in parts.items())


def _rows(place: str, at: SchemaValue) -> Iterator[Row]:
    """Every word below a shape. What a line can ask has a table of its own and is not followed."""
    if isinstance(at, list):
        for item in at:
            yield from _rows(place, item)
    if not isinstance(at, dict):
        return
    required = at.get("required")
    for word, shape in _mapping(at.get("properties")).items():
        if _mapping(shape).get("$ref") not in _ASKED:
            must = isinstance(required, list) and word in required
            yield Row(word, place, must, str(_mapping(shape).get("description")), _written(_mapping(shape)))
            yield from _rows(_place(word, place), shape)
    inner = (*_mapping(at.get("patternProperties")).values(), *map(at.get, ("anyOf", "items", "additionalProperties")))
    for shape in (*inner, RECORD_SHAPES.get(_referred(at))):
        yield from _rows(place, shape)


def _place(word: str, outer: str) -> str:
    """What the words inside a word are said to stand in."""
    if outer == "reads":
        return "a reason in reads"
    return _ALIKE.get(word, word) if outer == _LINE else word


def _written(at: Schema) -> str:
    """How a value of this shape looks."""
    listed, words, kind = at.get("anyOf"), at.get("enum"), at.get("type")
    if isinstance(listed, list):
        return " or ".join(dict.fromkeys(_written(_mapping(one)) for one in listed))
    if isinstance(words, list):
        return ", ".join(f"`{word}`" for word in words)
    if kind == "object":
        return "names of your own" if "patternProperties" in at else "keys and values"
    if "allOf" in at or isinstance(kind, list):
        return "text"
    return _SHAPES.get(_referred(at)) or _TYPES.get(str(kind), "nothing" if kind == "null" else "text")


def _referred(at: Schema) -> str:
    return str(at.get("$ref", "")).rpartition("/")[2]


def _mapping(at: SchemaValue) -> Schema:
    return at if isinstance(at, dict) else {}


def _table(rows: Iterable[Row]) -> str:
    """One line a word; where it means the same in several places, these stand together, starred where it must be."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in rows:
        place = row.place + "\\*" * row.must
        found.setdefault((row.word, row.says, row.written), {})[place] = None
    lines = [f"| `{word}` | {', '.join(places)} | {says} | {looks} |" for (word, says, looks), places in found.items()]
    return "\n".join([_HEAD, *lines]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
