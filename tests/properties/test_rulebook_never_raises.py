"""Laws of the rule reader: whatever the text, it answers with a rule or with problems that have a place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import Problem, Refused
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.grammar import read_rule
from outreach.rulebook.located import read_bytes

RULES = Path(__file__).resolve().parents[2] / "rules"
LINES = (RULES / "liver" / "hcc-surveillance.yaml").read_text(encoding="utf-8").splitlines()
CODES = CodeFolder(RULES / "codes")


def _problems(reading: Callable[[], object]) -> list[Problem] | None:
    """What was refused, or None when all was well. Anything else that is raised fails the test."""
    try:
        reading()
    except Refused as refusal:
        return refusal.problems
    return None


@given(
    st.binary(max_size=400) | st.text(alphabet="ab:-{}[]&*!%|>'\"#\n\t ,?~0123456789.", max_size=200).map(str.encode)
)
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(raw):
    """No text makes the reader raise anything but a refusal, and a refusal says at least one thing."""
    assert _problems(lambda: read_bytes(raw, "any.yaml")) != []


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """The shipped rule with a few lines lost, doubled, cut or with a word changed."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["lose", "double", "cut", "word", "number"]))
        if what == "lose":
            del lines[at]
        elif what == "double":
            lines.insert(at, lines[at])
        elif what == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            new = draw(st.sampled_from(["x", "[]", "{}", "-1", "~", "true", "1e9", "2026-02-30", "{a: {b: [c]}}"]))
            lines[at] = re.sub(r"\w+", new, lines[at], count=1)
    return "\n".join(lines)


@given(mangled())
@settings(max_examples=25)
def test_a_mangled_rule_is_read_or_refused_with_places(tmp_path_factory, text):
    """Mistakes in a rule never end in a traceback, and every one has a line in the file."""
    path = tmp_path_factory.mktemp("rule") / "mangled.yaml"
    path.write_text(text, encoding="utf-8")
    problems = _problems(lambda: read_rule(path, CODES, "", "mangled.yaml"))
    assert problems != []
    assert all(0 <= problem.line <= text.count("\n") + 1 for problem in problems or ())
