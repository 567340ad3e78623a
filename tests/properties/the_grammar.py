"""Every node of the rule language, taken from where the rulebook declares its keys: what a generator must reach.

A new word, option or choice appears here by itself, and fails the test until rules are made up with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from outreach.rulebook import counts, criteria, due, grammar, lines, stretches
from outreach.rulebook.forms import Schema, SchemaValue
from outreach.rulebook.scores import SCORES
from properties.reached import JOINING, Name

#: Keys of a rule that have no say in an answer about a person.
_ABOUT_THE_RULE = (
    *("reviewed_by", "reviewed_on", "approved_on", "approved_hash", "retired_by", "retired_on"),
    *("expect", "cases"),
)
LEAVES = tuple(word.name for word in criteria.WORDS if word.name not in JOINING)
SCORE_NAMES = tuple(SCORES)


def wanted_nodes() -> set[Name]:
    """The names that ``reached.nodes`` gives, all of them."""
    found: set[Name] = {("rule", key.name) for key in grammar.RULE_KEYS if key.name not in _ABOUT_THE_RULE}
    found |= {("counts_as_done", key.name) for key in counts.PARTS} | {("periods", key.name) for key in stretches.PARTS}
    found |= {("next_due", key.name) for key in due.PARTS}
    found |= {("next_due", "scan", "none"), ("next_due", "test", "none")}
    found |= {("next_due", "due", word) for word in (due.FIRST, due.NEVER)}
    found |= {("parameter", option) for option in ("within", "for", "from", "at_least")}
    found |= {("word", word.name) for word in criteria.WORDS}
    for section, line in (
        ("at_risk", lines.AT_RISK_LINE),
        ("not_now", lines.PAUSE_LINE),
        ("own_choice", lines.PLAIN_LINE),
    ):
        found |= {(section, key.name) for key in line.keys if key not in criteria.WORDS}
    for key in (grammar.DUE_FROM_KEY, counts.DATED_BY, lines.GRADE):
        found |= set(_choices(key.name, key.form.schema()))
    return found | {
        node for word in criteria.WORDS if word.name in LEAVES for node in _of(word.name, word.form.schema())
    }


def _of(word: str, schema: Schema) -> Iterator[Name]:
    """The forms of a word, its options and the choices they offer."""
    for form in _alternatives(schema):
        properties = form.get("properties")
        if isinstance(properties, dict):
            yield ("form", word, "mapping")
            for option, said in properties.items():
                yield ("option", word, option)
                yield from _choices(option, said if isinstance(said, dict) else {})
        else:
            yield ("form", word, "list" if form.get("type") == "array" else "word")
            yield from _choices(word, form)


def _choices(key: str, schema: Schema) -> Iterator[Name]:
    for form in _alternatives(schema):
        offered = form.get("enum", ())
        yield from (("choice", key, str(each)) for each in (offered if isinstance(offered, list) else ()))


def _alternatives(schema: Schema) -> Iterator[Schema]:
    inner: SchemaValue = schema.get("anyOf")
    if not isinstance(inner, list):
        yield schema
        return
    for each in inner:
        assert isinstance(each, dict)
        yield from _alternatives(each)


__all__ = ["LEAVES", "SCORE_NAMES", "wanted_nodes"]
