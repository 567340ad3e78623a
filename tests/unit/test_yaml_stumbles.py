"""Which slip is named where several things look odd: the one that made the parser stumble, and no innocent line."""

from __future__ import annotations

import pytest

from outreach.errors import Refused
from outreach.rulebook.located import read_bytes

COLON = "broken: a: b\n"


@pytest.mark.parametrize(
    "innocent",
    [
        'title: "a text that runs\n  over two lines"\n',
        "title: 'It''s closed, and \"so\" is this'\n",
        'title: the "best" scan, and Ana\'s too\n',
        "title: >-\n  'Tis text: \"in a block\n  of: it\n",
        "ids: [urn:oid:1.2, http://loinc.org, 'a', \"b\"]  # isn't it\n",
        "title: x  # it's a remark: \"so\n",
        'at: {"a": "b", c: \'d\'}\n',
    ],
)
def test_what_is_well_written_is_not_blamed(innocent):
    """The colon below is; the line above it can be read."""
    lines = innocent.count("\n") + 1
    with pytest.raises(Refused) as refusal:
        read_bytes((innocent + COLON).encode(), "any")
    (problem,) = refusal.value.problems
    assert (problem.line, problem.what) == (lines, "a colon stands where it cannot")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('a: "one\nb: two\nc: "three"\n', 1, 4),
        ("a: 'one\nb: 'two'\n", 1, 4),
        ("a: {b: 'it's', c: d}\n", 1, 11),
        ("a: one\nb:{c: d}\n", 2, 2),
        ('a: one\nb: {c:"d", e: f}\nc: d: e\n', 2, 6),
    ],
)
def test_the_first_slip_is_named(text, line, column):
    with pytest.raises(Refused) as refusal:
        read_bytes(text.encode(), "any")
    assert [(problem.line, problem.column) for problem in refusal.value.problems] == [(line, column)]


@pytest.mark.parametrize("space", "\u00a0\u2007\u202f\u3000")
def test_a_space_that_is_none_is_told_with_what_else_is_wrong(space):
    """Within text it is only typography."""
    with pytest.raises(Refused) as refusal:
        read_bytes(f"a: b\n{space} c: d\na: e{space}f\n".encode(), "any")
    assert next(iter(refusal.value.problems)).name == "odd-space"
    assert read_bytes(f"a: b{space}c\n".encode(), "any")
