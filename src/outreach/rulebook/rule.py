"""Reading one rule file: the same pass for every day from which a parameter changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from outreach.errors import Refused
from outreach.rulebook import grammar as g
from outreach.rulebook.answers import answers
from outreach.rulebook.building import build, said
from outreach.rulebook.case import Case
from outreach.rulebook.lint import lint
from outreach.rulebook.located import in_order, read_shared
from outreach.rulebook.model import SECTIONS, Rule
from outreach.rulebook.opening import Opening, open_rule
from outreach.rulebook.reader import Reader
from outreach.rulebook.sets import Shelf
from outreach.rulebook.signature import hash_of
from outreach.rulebook.tree import Mapping

MOST_DATES = 50


def read_rule(path: Path, shelves: tuple[Shelf, ...], shown_as: str | None = None, need_cases: bool = True) -> Rule:
    """One rule file, as it reads before its first date and, under ``later``, from each date on; with its content hash.

    Args:
        shelves: where value sets are looked for, in order, once the rule's own have been.
        shown_as: the file's name in messages.
        need_cases: whether a rule without exemplars is a problem.

    Raises:
        Refused: with every problem in the file at once.
    """
    source, top = read_shared(path, shown_as)
    reader = Reader(source)
    opened = open_rule(reader, top, shelves, date.min)
    rule = _rule(opened, None)
    if need_cases and top.get("cases") is None and top.get("proven_by") is None:
        reader.say(top, "a rule without cases proves nothing", "no-cases", "Add one under cases:.")
    later = [(day, _later(reader, top, shelves, day, rule.cases)) for day in _days(opened)] if rule else []
    if reader.problems or rule is None:
        raise Refused(in_order(reader.problems))
    content = hash_of(top, rule.value_sets)
    versions = tuple((day, replace(version, path=str(path), hash=content)) for day, version in later if version)
    remarks = tuple(in_order(reader.remarks))
    return replace(rule, path=str(path), hash=content, later=versions, remarks=remarks)


def _rule(opened: Opening, cases: tuple[Case, ...] | None) -> Rule | None:
    """The rule on one day, or None after a problem. Exemplars are read once, in the first pass."""
    spoken = said(opened)
    names = {section: opened.names(section, but="if_unknown") for section in SECTIONS}
    opened.scope.answers = answers(names, opened.worklists())
    proof = cases if cases is not None else opened.at.get(g.CASES_KEY) or ()
    rule = build(opened, spoken, proof)
    lint(opened, spoken)
    return None if opened.scope.reader.problems else rule


def _later(reader: Reader, top: Mapping, shelves: tuple[Shelf, ...], day: date, cases: tuple[Case, ...]) -> Rule | None:
    """The rule from a day on; a problem that only this version has says so."""
    known = len(reader.problems)
    version = _rule(open_rule(reader, top, shelves, day), cases)
    new = [replace(problem, what=f"{problem.what} (from {day} on)") for problem in reader.problems[known:]]
    reader.problems[known:] = new
    return version


def _days(opened: Opening) -> list[date]:
    """The days on which a parameter changes, without the first: the rule itself holds its values."""
    days = sorted({value.since for found in opened.scope.parameters.values() for value in found.values})
    if len(days) > MOST_DATES:
        what = f"parameters change on more than {MOST_DATES} days"
        opened.at.say(opened.at.at, what, "too-many-dates", "Retire the rule and begin another.")
    return days[1:MOST_DATES]
