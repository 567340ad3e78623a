"""Small rules for the tests of coverage: a fixed frame, the part a test is about, and its cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.check import Coverage, answers_watched, coverage, results
from outreach.check.answered import Answered
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule

CODES = Path(__file__).parents[2] / "rules" / "codes"
HEAD = """
rule: small
title: A small rule
status: draft
owner: a nurse
approved_by: nobody-yet
review_by: 2027-06-30
sources: {s: our own choice}
tests: {scan: colonoscopy}
"""
READS = """
reads:
  age: {why: a test, source: s, owner: a nurse, review_by: 2027-06-30}
"""
AT_RISK = """
at_risk:
  cirrhosis: {diagnosis: cirrhosis, source: s}
  if_unknown: ask-list
"""
DUE = """
counts_as_done: {colonoscopy: {procedure: colonoscopy}}
next_due:
  - {test: none, due: when-first-at-risk, overdue: 2 months, source: s}
  - {test: colonoscopy, due: never-again, source: s}
"""
_FRAME = """
cases:
  - {{it: leaves out the well, today: 2026-03-01, given: {{{person}}}, then: {{status: not-applicable}}}}
  - {{it: is done, today: 2026-03-01, given: {{{person}{ill}, {done}}}, then: {{status: up-to-date}}}}
  - {{it: is due, today: 2026-03-01, given: {{{person}{since}-02}}}}, then: {{status: due}}}}
  - {{it: is overdue, today: 2026-03-01, given: {{{person}{since}-01}}}}, then: {{status: overdue}}}}
  - {{it: leaves out the dead, today: 2026-03-01, given: {{{person}died: 2026-01, {ill}}}, then: {{status: excluded}}}}
  - {{it: hears a no, today: 2026-03-01, given: {{{person}opted_out: true, {ill}}}, then: {{status: exception}}}}
"""
ILL = "diagnoses: {cirrhosis: 2020-01-15}"


def frame(person: str = "", done: str = "procedures: {colonoscopy: 2020-01-20}") -> str:
    """The cases that every rule of this frame needs; ``person``: what is given of each, ``done``: who is up to date."""
    since = "diagnoses: {cirrhosis: 2026-01"
    return _FRAME.format(person=f"{person}, " if person else "", ill=ILL, done=done, since=since)


@dataclass(frozen=True)
class Small:
    """A small rule whose cases have been answered once; ``without`` looks at some of them only."""

    rule: Rule
    answers: tuple[Answered, ...]

    def coverage(self, without: str = "") -> Coverage:
        kept = [answer for answer in self.answers if answer.case.it != without]
        assert without == "" or len(kept) == len(self.answers) - 1
        return coverage([self.rule], kept, CODES)[0]

    def gaps(self, without: str = "") -> set[str]:
        """What is not shown."""
        return {gap.what for gap in self.coverage(without).gaps()}

    def bounds(self, without: str = "") -> set[str]:
        """What is not shown of the boundaries."""
        return {gap.what for gap in self.coverage(without).gaps() if gap.measure == "boundaries"}

    def places(self, without: str = "") -> dict[str, str]:
        """What is not shown → the words of the file at its place."""
        lines = Path(self.rule.path).read_text(encoding="utf-8").splitlines()
        return {gap.what: lines[gap.line - 1][gap.column - 1 :] for gap in self.coverage(without).gaps()}


def small(folder: Path, text: str) -> Small:
    """Read a rule and answer its cases, which must all pass."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    rule = load([path], CODES)[0]
    answers = answers_watched([rule], CODES)
    assert [str(result) for result in results(answers) if result.differences] == []
    return Small(rule, tuple(answers))


def cases(rows: dict[str, tuple[str, str]], *, today: str = "2026-03-01") -> str:
    """Cases from a table of their names: given, then."""
    return "".join(
        f"  - {{it: {it}, today: {today}, given: {{{given}}}, then: {{{then}}}}}\n"
        for it, (given, then) in rows.items()
    )
