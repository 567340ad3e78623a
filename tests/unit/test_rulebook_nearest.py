"""What an author meant by a word that is not known: spelt alike, or found in a name or in what people call it."""

from __future__ import annotations

import pytest

from conftest import ROOT
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.nearest import MOST, SHOWN, nearest, suggestion

SHIPPED = CodeFolder(ROOT / "rules" / "codes")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("hospice", "did you mean “end-of-life-care” (In hospice, or terminally ill)? "),
        ("diabetes", "did you mean “diabetes-in-pregnancy”, “type-1-diabetes” or “type-2-diabetes”? "),
        ("smokers", "did you mean “current-smoker”, “ever-smoked” (Smokes or has smoked) or “former-smoker”? "),
        ("Kidney", "did you mean “dialysis” (Kidney dialysis)? "),
        ("colonoscpy", "did you mean “colonoscopy”? "),
        ("zzz", "No name and no title here is like it. "),
    ],
)
def test_value_sets_are_found_by_ordinary_words(word, told):
    """Of those that ship, by their titles too; the list of all of them would only bury what was found."""
    count = len(SHIPPED.names())
    assert count > SHOWN
    assert suggestion(word, SHIPPED.names(), SHIPPED.titles()) == f"{told}Known here: {count} value sets."


def test_every_shipped_title_is_found():
    """One word of each title, whole; quotation marks are no part of a title."""
    titles = SHIPPED.titles()
    assert sorted(titles) == SHIPPED.names()
    assert [name for name, title in titles.items() if title[0] in "\"'"] == []
    assert [name for name, title in titles.items() if name not in nearest(title, titles, titles)] == []


def test_a_slip_of_the_pen_has_one_answer():
    """A name that is all but the same leaves out those that merely hold something like it."""
    assert nearest("cirhosis", ["cirrhosis", "cirrhosis-from-hepatitis-b"]) == ["cirrhosis"]


def test_at_most_three_are_told_the_likeliest_first():
    known = [f"scan-{letter}" for letter in "abcdef"]
    assert nearest("scan-c", known)[0] == "scan-c"
    assert len(nearest("scan", known)) == MOST
    assert nearest("scan", []) == []


def test_a_short_list_is_told_whole():
    assert suggestion("zzz", ["b", "a"], {"a": "An A"}) == "Known here: a, b."
