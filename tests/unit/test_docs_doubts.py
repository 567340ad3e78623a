"""An author's doubts are found in comments, and only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outreach.prose.cards import read_card
from outreach.prose.markdown import as_markdown
from outreach.prose.rule_page import rule_page
from outreach.rulebook.doubts import doubts
from outreach.rulebook.load import load, rule_files
from unit.docs_rule import DAY, rule


@pytest.mark.parametrize(
    ("line", "says", "open_"),
    [
        ("a: 1   # unconfirmed reading", "unconfirmed reading", True),
        ("# the number is Unconfirmed", "the number is Unconfirmed", True),
        ("a: 1   # the approver confirms this reading", "the approver confirms this reading", False),
        ("a: 1   # read its Table 1 before you sign", "read its Table 1 before you sign", True),
        ("a: 1   # The guideline was not read whole", "The guideline was not read whole", True),
        ("a: 1   # superseded by another", "superseded by another", False),
        ("# a draft of December\n# 2024 says more", "a draft of December 2024 says more", False),
        ('a: "#1"  # not sure', "not sure", False),
    ],
)
def test_a_doubt_is_a_comment(line, says, open_):
    (found,) = doubts(f"x: 0\n{line}\n")
    assert (found.line, found.says, found.open) == (2, says, open_)


@pytest.mark.parametrize(
    "line",
    [
        "why: this is unconfirmed",
        'it: "a # unconfirmed case"',
        "a: 1  # as we like it",
        "a#unconfirmed: 1",
        "a: 1  # All confirmed.",
    ],
)
def test_what_is_no_comment_or_no_doubt(line):
    assert list(doubts(line)) == []


#: What is open in the file of a value set: in its words, in a remark, beside a code.
SET = """\
codes: us-lirads
title: A result
meaning: >-
  What it means. Whether C counts is unconfirmed.
source: A paper. All confirmed.
includes:
  - system: urn:example
    codes:
      - {code: a, display: One, note: unconfirmed}
      - {code: b, display: Two, note: as printed}   # not seen beside its name
"""


def test_what_is_open_in_a_value_set_is_listed(tmp_path):
    (tmp_path / "us-lirads.yaml").write_text(SET)
    card = read_card(tmp_path, "us-lirads")
    assert card is not None
    wanted = ("Whether C counts is unconfirmed.", "not seen beside its name", "unconfirmed: a (One)")
    assert card.open == wanted
    text = as_markdown(rule_page(rule(), DAY, {"us-lirads": card}))
    section = text[text.index("## What is not settled") : text.index("## When something is not known")]
    assert [words for words in wanted if words not in section] == []


def test_the_strongest_caveats_of_every_shipped_rule_are_listed(rules):
    """“Read it before you sign”, “not read whole”: whoever signs meets them where everything open stands."""
    for path in rule_files(rules):
        found = load([path], rules / "codes", need_cases=False)[0]
        cards = {name: card for name in found.value_sets if (card := read_card(rules / "codes", name))}
        said = path.read_text(encoding="utf-8")
        text = as_markdown(rule_page(found, DAY, cards, doubts(said))).replace("\\", "")
        section = text[text.index("## What is not settled") : text.index("## When something is not known")]
        for line in said.splitlines():
            remark = line.partition("# ")[2]
            if any(word in remark for word in ("before you sign", "unconfirmed", "not read", "read whole")):
                assert remark.strip() in section, f"{path.name}: {remark}"
        assert ("The rule itself is a draft." in section) == (found.status == "draft")


def test_an_open_reason_is_listed():
    line = replace(rule().at_risk[0], why="this reading is unconfirmed")
    text = as_markdown(rule_page(rule(at_risk=(line,)), DAY, {}))
    assert text.index("Cirrhosis: this reading is unconfirmed") > text.index("## What is not settled")
