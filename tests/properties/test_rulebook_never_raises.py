"""Laws of the rule reader: whatever the text, it answers with a rule or with problems that have a place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import Problem, Refused
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.criteria import WORDS
from outreach.rulebook.expansions import Expansions
from outreach.rulebook.grammar import RULE_KEYS
from outreach.rulebook.load import load
from outreach.rulebook.located import read_bytes
from outreach.rulebook.rule import read_rule

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "messages" / "rules"
SHIPPED = ROOT / "rules"
RULES = {
    "base": (EXAMPLES / "base.yaml", EXAMPLES / "codes"),
    "everything": (EXAMPLES / "everything.yaml", SHIPPED / "codes"),
    "shipped": (SHIPPED / "liver" / "hcc-surveillance.yaml", SHIPPED / "codes"),
}
#: Words that mean something somewhere, so that chance builds what an author might.
KEYS = sorted(
    {key.name for key in (*RULE_KEYS, *WORDS)} | {"name", "from", "to", "of", "count", "source", "if_unknown"}
)
VALUES = [
    "x",
    "",
    "~",
    -1,
    0,
    1e9,
    2026,
    1.5,
    True,
    None,
    "2026-02-30",
    "6 months",
    "0 days",
    "9999 years",
    "cirrhosis",
]


def _problems(reading: Callable[[], object]) -> list[Problem] | None:
    """What was refused, or None when all was well. Anything else that is raised fails the test."""
    try:
        reading()
    except Refused as refusal:
        return refusal.problems
    return None


def _refused_in_place(text: str, path: Path, reading: Callable[[], object]) -> None:
    """The text is a rule, or is refused with places that lie in it."""
    raw = text.encode("utf-8", errors="surrogatepass")
    path.write_bytes(raw)
    problems = _problems(reading)
    assert problems != []
    lines = len(re.split(b"\r\n|\r|\n", raw))
    assert all(0 <= problem.line <= lines for problem in problems or () if problem.file.endswith("rule.yaml"))


@given(
    st.binary(max_size=400)
    | st.text(alphabet="ab:-{}[]&*!%|>'\"#\n\r\t ,?~0123456789.", max_size=200).map(str.encode)
    | st.text(max_size=80).map(lambda text: text.encode("utf-8", errors="surrogatepass"))
)
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(raw):
    """No text makes the reader raise anything but a refusal, and a refusal says at least one thing."""
    assert _problems(lambda: read_bytes(raw, "any.yaml")) != []
    assert _problems(lambda: read_bytes(raw, "any.yaml", shared=True)) != []


@st.composite
def mangled(draw: st.DrawFn, lines: list[str]) -> str:
    """A rule with a few lines lost, doubled, cut or moved, or with a word changed."""
    lines = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["lose", "double", "cut", "indent", "word", "word", "word", "letter"]))
        if what == "lose" and len(lines) > 1:
            del lines[at]
        elif what == "double":
            lines.insert(at, lines[at])
        elif what == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        elif what == "indent":
            lines[at] = "  " + lines[at]
        elif what == "letter":
            place = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:place] + draw(st.sampled_from(list("{}[]:,'\"#&*!|>%@`\t"))) + lines[at][place:]
        else:
            words = list(re.finditer(r"[\w-]+", lines[at]))
            new = draw(st.sampled_from([*KEYS, *(str(value) for value in VALUES), "[]", "{}", "{a: {b: [c]}}"]))
            if words:
                word = draw(st.sampled_from(words))
                lines[at] = lines[at][: word.start()] + new + lines[at][word.end() :]
    return "\n".join(lines)


@pytest.mark.parametrize(("name", "examples"), [("base", 200), ("everything", 30), ("shipped", 8)])
def test_a_mangled_rule_is_read_or_refused_with_places(name, examples, tmp_path):
    """Mistakes in a rule never end in a traceback, and every one has a line in the file."""
    path, codes = RULES[name]
    shelves, written = (CodeFolder(codes),), tmp_path / "rule.yaml"

    @given(mangled(path.read_text(encoding="utf-8").splitlines()))
    @settings(max_examples=examples, deadline=None)
    def check(text: str) -> None:
        _refused_in_place(text, written, lambda: read_rule(written, shelves))

    check()


PARTS = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("key", [key.name for key in RULE_KEYS])
def test_any_shape_under_any_key_is_read_or_refused(key, tmp_path):
    """Whatever stands under a key of an otherwise good rule (JSON is YAML)."""
    base = (EXAMPLES / "base.yaml").read_text(encoding="utf-8")
    written = tmp_path / "rule.yaml"
    others = re.sub(rf"(?m)^{key}:.*\n(?:[ -].*\n)*", "", base)

    @given(PARTS)
    @settings(max_examples=12, deadline=None)
    def check(value: object) -> None:
        text = f"{others}{key}: {json.dumps(value)}\n"
        _refused_in_place(text, written, lambda: load([written], EXAMPLES / "codes"))

    check()


@given(st.dictionaries(st.sampled_from(["codes", "title", "meaning", "source", "includes", "partly", "unit"]), PARTS))
@settings(max_examples=60, deadline=None)
def test_any_value_set_is_read_or_refused(tmp_path_factory, top):
    """A broken value set is none, and its problems are kept."""
    folder = tmp_path_factory.mktemp("codes")
    (folder / "odd.yaml").write_text(json.dumps(top), encoding="utf-8")
    codes = CodeFolder(folder)
    assert (codes.get("odd") is None) == bool(codes.problems)


NAMED = st.dictionaries(
    st.sampled_from(["resourceType", "id", "title", "name", "identifier", "expansion", "contains", "code", "system"]),
    st.sampled_from(["ValueSet", "odd", 7, None, True]),
)
HOLDING = st.sampled_from(["expansion", "contains", "entry", "resource", "identifier"])
JSON = st.recursive(
    NAMED | st.sampled_from(["ValueSet", 1, None]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["expansion", "contains", "entry", "resource", "identifier"]), inner)
    ),
    max_leaves=8,
)


@given(JSON | st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_published_value_set_is_read_or_passed_over(tmp_path_factory, top):
    """A folder of somebody else's files never ends a run by itself."""
    folder = tmp_path_factory.mktemp("more")
    raw = top if isinstance(top, bytes) else json.dumps(top).encode()
    (folder / "odd.json").write_bytes(raw)
    found = Expansions(folder)
    assert all(found.has(name) for name in found.names())
    assert all(found.get(name) is None or found.get(name).codes for name in ["odd", *found.names()])
