"""The schema an editor uses: made from the grammar, up to date, closed, and of one mind with the reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.rulebook.load import load, rule_files
from outreach.rulebook.located import read
from outreach.rulebook.schema import schema, text
from outreach.rulebook.tree import Located, Mapping, Sequence, Text

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
EXAMPLES = ROOT / "tests" / "messages" / "rules"
MODELINE = "# yaml-language-server: $schema="
#: What an editor marks while the author types; the other broken rules need the reader.
SEEN_BY_AN_EDITOR = (
    *("unknown-key", "unknown-word", "missing-key", "unknown-status", "not-a-period", "not-a-date"),
    *("out-of-range", "odd-name", "text-for-a-mapping", "not-a-list", "empty-section", "empty-criterion"),
    *("missing-source", "no-direction", "wrong-direction", "grade-d", "list-outside-not-now", "duplicate-item"),
    *("uncoded-is-never-clear", "reason-without-owner", "no-cases", "cases-left-empty", "then-without-status"),
    *("given-words", "then-words", "list-names", "parameter-without-a-date"),
)


def plain(at: Located) -> object:
    """A located value as JSON has it."""
    if isinstance(at, Mapping):
        return {str(key.value): plain(value) for key, value in at.pairs}
    if isinstance(at, Sequence):
        return [plain(item) for item in at.items]
    return at.value if isinstance(at, Text) else None


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def test_the_committed_schema_is_the_one_the_grammar_makes():
    """Write it anew with ``python -m outreach.rulebook.schema > rules/rule.schema.json``."""
    assert (RULES / "rule.schema.json").read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("path", rule_files(RULES), ids=lambda path: path.stem)
def test_a_shipped_rule_fits_and_names_the_schema(path, validator):
    """Its first line tells an editor where the schema is, from the folder the rule is in."""
    assert [error.message for error in validator.iter_errors(plain(read(path)[1]))] == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(MODELINE)
    assert (path.parent / first.removeprefix(MODELINE)).resolve() == (RULES / "rule.schema.json").resolve()


@pytest.mark.parametrize(
    "path",
    [EXAMPLES / "base.yaml", EXAMPLES / "everything.yaml", *rule_files(ROOT / "tests" / "measures")],
    ids=lambda path: path.stem,
)
def test_an_example_fits(path, validator):
    assert [error.message for error in validator.iter_errors(plain(read(path)[1]))] == []


def test_the_example_uses_every_word_of_the_language():
    """Whoever adds a word adds it to the example, which is read, drawn and checked in many tests."""
    used = set(_keys(read(EXAMPLES / "everything.yaml")[1]))
    assert set(_declared(schema())) - used - _SCORES - {"proven_by", "note"} == set()


#: Scores not in the example: they are read as page-b is.
_SCORES = {"fib-4", "albi", "mpage-b", "amap", "thri", "reach-b", "cu-hcc", "meld", "meld-na", "meld-3", "galad"}


def _keys(at: Located) -> Iterator[str]:
    if isinstance(at, Mapping):
        for key, value in at.pairs:
            yield str(key.value)
            yield from _keys(value)
    if isinstance(at, Sequence):
        for item in at.items:
            yield from _keys(item)


def _declared(part: object) -> Iterator[str]:
    for level in _levels(part):
        yield from level.get("properties", {})


def _levels(part: object) -> Iterator[dict[str, object]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list | tuple) else ():
        yield from _levels(inner)


def test_every_level_is_closed_and_every_key_explained():
    """A misspelt key is marked at once, and hovering over a key says in a sentence what it means."""
    levels = [level for level in _levels(schema()) if "properties" in level]
    assert len(levels) > 50
    assert all(level["additionalProperties"] is False for level in levels)
    words = schema()["$defs"]
    for level in levels:
        for name, key in level["properties"].items():
            says = key["description"] if "description" in key else words[key["$ref"].rpartition("/")[2]]["description"]
            assert says[0].isupper(), name
            assert says.endswith("."), name


@pytest.mark.parametrize("path", sorted((EXAMPLES / "broken").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_broken_is_marked_by_the_editor_or_told_by_the_reader(path, validator):
    """The reader refuses all; the schema marks those that it can know of, and these stay so."""
    with pytest.raises(Refused):
        load([path], EXAMPLES / "codes")
    try:
        errors = list(validator.iter_errors(plain(read(path)[1])))
    except Refused:  # not even YAML as we allow it
        errors = []
    assert bool(errors) or path.stem not in SEEN_BY_AN_EDITOR


def test_the_schema_is_json_that_any_editor_reads():
    assert json.loads(text())["$schema"] == "https://json-schema.org/draft/2020-12/schema"
