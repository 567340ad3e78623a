"""A signature names the content: what changes the content undoes it, what does not leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import Refused
from outreach.rulebook.amend import amend, strike
from outreach.rulebook.grammar import SIGNATURES
from outreach.rulebook.lifecycle import STEPS, next_step, require_step
from outreach.rulebook.located import read_bytes
from outreach.rulebook.signature import content_hash
from outreach.rulebook.terms import Code, ValueSet
from unit.docs_rule import rule

SETS = {"a": ValueSet("a", "A title", (Code("s", "1", "one"), Code("s", "2", "two")), "g/L")}
TEXT = """\
# a rule
rule: x   # its name
status: draft          # only a live rule
approved_by: nobody-yet
at_risk:
  one: {diagnosis: a, source: s}
  two: {age: {from: 50}}
"""
#: Each key in which somebody's name or day stands.
SIGNED = [key.name for keys in SIGNATURES.values() for key in keys]
SAME = [
    TEXT.replace("# a rule", "# another comment"),
    TEXT.replace("status: draft          # only", "status: live # only"),
    TEXT.replace("approved_by: nobody-yet", "approved_by: Dr A\napproved_hash: abc"),
    TEXT.replace("approved_by: nobody-yet", "".join(f"{key}: x\n" for key in SIGNED).strip()),
    TEXT.replace("{diagnosis: a, source: s}", "\n    diagnosis: a\n    source: 's'"),
    TEXT.replace("\n", "\r\n"),
]
OTHER = [
    TEXT.replace("from: 50", "from: 51"),
    TEXT.replace("diagnosis: a", "diagnosis: b"),
    TEXT.replace("  one: {diagnosis: a, source: s}\n", "") + "  one: {diagnosis: a, source: s}\n",
    TEXT.replace("from: 50", "from: '50'"),
    TEXT + "never_counts: [a]\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_layout_comments_and_the_signature_itself_are_not_signed(text):
    assert content_hash(text, SETS) == content_hash(TEXT, SETS)


@pytest.mark.parametrize("text", OTHER)
def test_whatever_the_rule_says_is_signed(text):
    """A number, a name, the order of lines, a number that became a word."""
    assert content_hash(text, SETS) != content_hash(TEXT, SETS)


@pytest.mark.parametrize(
    "change",
    [
        {"codes": SETS["a"].codes[:1]},
        {"codes": (*SETS["a"].codes[:1], Code("s", "2", "three"))},
        {"codes": (*SETS["a"].codes[:1], Code("t", "2", "two"))},
        {"unit": "mg/L"},
        {"molar": 2.0},
        {"partly": (Code("s", "3", "in part"),)},
    ],
)
def test_the_codes_of_a_rule_are_signed(change):
    """A code added, taken out or renamed, and a unit, undo the signature; a title does not."""
    assert content_hash(TEXT, {"a": replace(SETS["a"], **change)}) != content_hash(TEXT, SETS)
    assert content_hash(TEXT, {"a": replace(SETS["a"], title="Another")}) == content_hash(TEXT, SETS)
    assert content_hash(TEXT, {**SETS, "b": SETS["a"]}) != content_hash(TEXT, SETS)


def test_a_changed_rule_invites_nobody():
    """Live, approved, no review overdue, and yet not what was signed."""
    day = date(2026, 3, 1)
    live = rule(status="live", approved_by="Dr A", approved_hash="ab12")
    assert live.unsigned(day) == ""
    assert "not what was signed" in replace(live, hash="cd34").unsigned(day)
    assert "not what was signed" in replace(live, approved_hash="").unsigned(day)


def test_the_life_of_a_rule_goes_one_way():
    """The table itself: forward, a review before the life, and no way out of retirement."""
    order = ["draft", "reviewed", "live", "retired"]
    assert list(STEPS) == order
    assert all(order.index(to) >= order.index(status) for status, steps in STEPS.items() for to in steps)
    assert "live" not in STEPS["draft"]
    assert STEPS["retired"] == ()


@pytest.mark.parametrize("status", STEPS)
@pytest.mark.parametrize("to", STEPS)
def test_a_step_that_the_table_lacks_is_refused(status, to):
    found = rule(status=status, approved_hash="ab12", approved_by="Dr A")
    if to in STEPS[status]:
        require_step(found, to)
    else:
        with pytest.raises(Refused, match="cannot become"):
            require_step(found, to)


def test_a_rule_goes_live_as_it_was_reviewed_and_not_otherwise():
    reviewed = rule(status="reviewed", approved_by="Dr A", approved_hash="ab12")
    assert next_step(reviewed) == "live"
    with pytest.raises(Refused, match="changed after Dr A reviewed it"):
        require_step(replace(reviewed, hash="cd34"), "live")
    require_step(replace(reviewed, hash="cd34"), "reviewed")
    for status in ("live", "retired"):
        with pytest.raises(Refused):
            next_step(rule(status=status))


def test_a_signature_is_written_and_nothing_else():
    """Comments keep their place; a new key goes below its neighbour; the rest is as it was, byte by byte."""
    text = amend(TEXT, {"status": "live", "approved_by": "Dr. A: B", "approved_hash": "ab12"}, comments=("despite: x",))
    assert text == TEXT.replace("status: draft          #", "status: live           #").replace(
        "approved_by: nobody-yet\n", 'approved_by: "Dr. A: B"\napproved_hash: ab12\n# despite: x\n'
    )
    again = amend(text, {"status": "retired", "approved_by": "C", "approved_hash": "cd34"})
    assert "approved_hash: cd34\n# despite: x\n" in again
    assert amend(TEXT.replace("\n", "\r\n"), {"approved_hash": "x1"}).count("\r\n") == TEXT.count("\n") + 1
    assert amend("rule: x\napproved_by: a", {"approved_hash": "b2"}) == "rule: x\napproved_by: a\napproved_hash: b2\n"
    for left_empty in ("at_risk", "approved_by"):
        with pytest.raises(Refused):
            amend(TEXT.replace(" nobody-yet", ""), {left_empty: "x"})


def test_a_line_is_struck_and_nothing_else():
    """Comments of other lines stay; a key that is not there is no mistake, one of several lines is."""
    assert strike(TEXT, "approved_by") == TEXT.replace("approved_by: nobody-yet\n", "")
    assert strike(TEXT, "approved_on") == TEXT
    with pytest.raises(Refused):
        strike(TEXT, "at_risk")


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30)
)
def test_any_name_can_sign(name):
    """Whatever a name holds, it is read back as it was, and the content is still the content."""
    text = amend(TEXT, {"status": "reviewed", "approved_by": name})
    assert content_hash(text, SETS) == content_hash(TEXT, SETS)
    _, top = read_bytes(text.encode(), "rule")
    assert top.get("approved_by").value == name
