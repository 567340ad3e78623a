"""An author's doubts are found in comments, and only there."""

from __future__ import annotations

import pytest

from outreach.rulebook.doubts import doubts


@pytest.mark.parametrize(
    ("line", "says", "open_"),
    [
        ("a: 1   # unconfirmed reading", "unconfirmed reading", True),
        ("# the number is Unconfirmed", "the number is Unconfirmed", True),
        ("a: 1   # the approver confirms this reading", "the approver confirms this reading", False),
        ('a: "#1"  # not sure', "not sure", False),
    ],
)
def test_a_doubt_is_a_comment(line, says, open_):
    (found,) = doubts(f"x: 0\n{line}\n")
    assert (found.line, found.says, found.open) == (2, says, open_)


@pytest.mark.parametrize(
    "line", ["why: this is unconfirmed", 'it: "a # unconfirmed case"', "a: 1  # as we like it", "a#unconfirmed: 1"]
)
def test_what_is_no_comment_or_no_doubt(line):
    assert list(doubts(line)) == []
