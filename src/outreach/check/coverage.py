"""How much of a rule the cases beside it show.

**Branches**: a case, answered on the night's own path, shows each of these.

- Each line true and not true. Each criterion of a line with several decides it: true, and not true, where the line
  would say otherwise if that criterion alone were otherwise. A score not applicable.
- Of each list in a criterion (value sets, results, kinds of test, places of a visit, languages) each member decides
  without the others; a record whose code two value sets share shows both. The same criterion in several lines is
  asked once.
- Each value set under each kind of record in ``counts_as_done`` gives a test that the answer comes from (where one is
  all there is, its row shows it); each member of a list under ``with`` makes one count.
- Each group as the risk group, each other line as the reason; each worklist late and not late.
- In each section that can be unknown, an unknown that goes the way of its ``if_unknown``.
- Each row of ``next_due`` decides, and through each kind, result and risk group that it lists; each result of each
  kind of test is the latest of its kind.
- Each name under ``until`` closes something that would hold without it.
- Somebody of the rule's age and not; up to date, due and overdue (where only grades C and I are at risk, left to
  a clinician instead); deceased; opted out.

**Boundaries**: for each bound a case exactly at it and a case exactly one step beyond, which the bound tells
apart: the criterion is true on one side and not on the other, or the status differs.

- Ages: the birthday that very day, and the day after.
- Windows: a record on the last day that counts, and on the next that does not; nothing else decides. Of a score:
  its measurements on the last day that counts, when it is known, and one a day older, when it is not.
- Counts: as many records (values that rise, criteria of ``at_least``) as asked, and one fewer.
- Values and scores: exactly the bound, and below it by at most a twentieth; by one point for a score of points.
- Tests that count only at an age, or with another test so near: the day, and the day beyond, on which they do not.
- Each row: due that day, and the day after; overdue that day, and the day after. Each worklist: not late, late.
- A parameter: the same person asked the day before a new value holds, and on that day, with two answers.

A bound whose sides no case can show, because something before it always decides, stays a gap: the rule says
what it never does. Only whole dates, values in the rule's own unit, and records of the usual status are looked at.

Not measured: ``never_counts`` (a record of a case has one code, and one that is kept out would seldom have counted
anyway), and the codes of a value set (a case takes the first).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.check.answered import Answered
from outreach.check.answers import answer_cases
from outreach.check.boundaries import boundaries
from outreach.check.branches import branches
from outreach.check.branches_of_lists import branches_of_lists
from outreach.check.branches_of_tests import branches_of_tests
from outreach.check.demand import Demand, Measure, Subject
from outreach.check.facts import Sets
from outreach.check.places import places
from outreach.check.seen import see
from outreach.check.watched import spots, watched
from outreach.rulebook.library import Library
from outreach.rulebook.model import Rule

#: What may be wrong at 100 %, as it is told.
NOT_MEASURED = "never_counts, and whether each code of a value set belongs there"
MEASURES: tuple[Measure, ...] = ("branches", "boundaries")


@dataclass(frozen=True)
class Coverage:
    """What the cases of a rule must show; ``file`` as the rule's path."""

    rule: str
    file: str
    demands: tuple[Demand, ...]

    def of(self, measure: Measure) -> tuple[int, int]:
        """How many are shown, and of how many."""
        asked = [demand for demand in self.demands if demand.measure == measure]
        return sum(demand.met for demand in asked), len(asked)

    @property
    def percent(self) -> float:
        """The lower of the two measures, from 0 to 100; 100 only when nothing is missing."""
        return min(share(*self.of(measure)) for measure in MEASURES)

    def gaps(self) -> Iterator[Demand]:
        """What no case shows, in the order of the file."""
        return iter(sorted((d for d in self.demands if not d.met), key=lambda d: (d.line, d.column, d.what)))


def share(shown: int, asked: int) -> float:
    """Percent to one decimal, rounded down: 100 is everything. Nothing asked is all shown."""
    return 1000 * shown // asked / 10 if asked else 100.0


def answers_watched(rules: Sequence[Rule], codes: Path | None, only: str = "") -> list[Answered]:
    """As ``answer_cases``, with the criteria that coverage needs."""
    return answer_cases(rules, codes, only, {rule.name: watched(rule) for rule in rules})


def coverage(rules: Sequence[Rule], answers: Sequence[Answered], codes: Path | None) -> list[Coverage]:
    """Of each rule that has answered cases; a rule proven by public test cases has none beside it."""
    library = Library(codes)
    by_rule = [(rule, [answer for answer in answers if answer.rule.name == rule.name]) for rule in rules]
    return [_of(rule, mine, library.finder(Path(rule.path))) for rule, mine in by_rule if mine]


def _of(rule: Rule, answers: Sequence[Answered], sets: Sets) -> Coverage:
    where = tuple(spots(watched(rule)))
    subject = Subject(rule, tuple(see(answer, sets, where) for answer in answers), places(rule))
    shown = (*branches(subject), *branches_of_lists(subject), *branches_of_tests(subject), *boundaries(subject))
    return Coverage(rule.name, rule.path, shown)
