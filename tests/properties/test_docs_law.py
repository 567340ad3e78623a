"""Two rules that differ in meaning never have the same page: whoever signs has seen what is signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT
from outreach.errors import Refused
from outreach.prose.markdown import as_markdown
from outreach.prose.rule_page import rule_page
from outreach.rulebook.criterion import Record
from outreach.rulebook.load import load, rule_files
from outreach.rulebook.model import Rule
from plain.made import vocabulary
from properties.both import made_rules
from properties.mutants import mutants
from unit.docs_rule import DAY
from unit.docs_rule import rule as made_by_hand

YOUNGEST = "  youngest: {2018-01-01: {is: 40, source: uspstf}, 2021-05-18: {is: 45, source: uspstf}}"
SHIPPED = rule_files(ROOT / "rules")


def page(rule: Rule) -> str:
    """What can be read on it, and not where its links lead."""
    return as_markdown(rule_page(rule, DAY, {})).replace("](#", "]")


def _same(rule: Rule) -> list[str]:
    """Where a change left the page as it was."""
    before = page(rule)
    return [where for where, changed in mutants(rule) if page(changed) == before]


def _short(rule: Rule) -> Rule:
    """The rule with the parameters of the day in it, and at most two cases and one code a set: they are many."""
    asked = {kind.results for kind in rule.counts}
    sets = {name: found if name in asked else replace(found, codes=found.codes[:1], partly=found.partly[:1])
            for name, found in rule.value_sets.items()}  # fmt: skip
    return replace(rule.on(DAY), later=(), cases=rule.cases[:2], value_sets=sets)


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_a_change_of_a_shipped_rule_changes_its_page(path):
    assert _same(_short(load([path], ROOT / "rules" / "codes", need_cases=False)[0])) == []


def test_a_change_of_a_rule_with_one_of_everything_changes_its_page():
    assert _same(made_by_hand()) == []


def test_two_value_sets_of_one_title_are_told_apart():
    """By their names, wherever one of them is asked for."""
    found = made_by_hand()
    sets = found.value_sets
    twin = replace(sets["frailty"], name="liver-cancer", codes=sets["liver-cancer"].codes)
    both = replace(found, value_sets={**sets, "liver-cancer": twin})
    other = replace(both, cannot_help=(replace(found.cannot_help[0], criterion=Record("diagnosis", ("frailty",))),))
    assert page(replace(both, cannot_help=found.cannot_help[:1])) != page(other)


def test_a_number_that_changes_stands_where_it_is_used(tmp_path):
    """Today both read 45; before 2021 one began at 40."""
    text = (ROOT / "rules" / "colorectal" / "colorectal-screening.yaml").read_text()
    text = text.replace("  stool-dna-interval:\n", f"{YOUNGEST}\n  stool-dna-interval:\n", 1)
    pages = []
    for one, other in (("youngest", "45"), ("45", "youngest")):
        named = text.replace("age: {from: 45, to: 75}", f"age: {{from: {one}, to: 75}}", 1)
        path = tmp_path / "rule.yaml"
        path.write_text(named.replace("age: {from: 45, to: 49}", f"age: {{from: {other}, to: 49}}", 1))
        found = load([path], ROOT / "rules" / "codes", need_cases=False)[0]
        pages.append(page(replace(found, hash="", path="")))
    assert "18 May 2021" in pages[0]
    assert pages[0] != pages[1]


def _made_up(folder: Path, count: int, seeded: int) -> Iterator[Rule]:
    vocabulary.write(folder / "codes")
    for place, text in enumerate(made_rules(count, seeded)):
        path = folder / f"{place}.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            yield _short(load([path], folder / "codes")[0])
        except Refused:  # not everything that can be made up makes sense
            continue


def test_a_change_of_a_made_up_rule_changes_its_page(tmp_path):
    same = {where for rule in _made_up(tmp_path, 12, 7) for where in _same(rule)}
    assert same == set()
