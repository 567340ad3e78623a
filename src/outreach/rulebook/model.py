"""A rule as the engine holds it: frozen, complete, free of YAML.

The author's words stand in the grammar; here stand the standard's. Criteria are in ``criterion``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from outreach.domain.calendar import Period
from outreach.errors import Problem
from outreach.rulebook.case import Case
from outreach.rulebook.criterion import Age, Criterion
from outreach.rulebook.terms import Stretch, ValueSet

#: What a rule may read of a person only with a reason (45 CFR 92.210 asks to identify such inputs).
PROTECTED = ("age", "sex", "sex-at-birth", "race", "ethnicity", "language", "birthplace")
SECTIONS = ("at_risk", "cannot_help", "own_choice", "not_now")
Step = Literal["reviewed", "live", "retired"]  #: what can be signed
Grade = Literal["", "A", "B", "C", "I"]
NOBODY = ("", "nobody-yet")  #: where a signature has its place, and there is none
SAME_DAY = Period(0, "days")


@dataclass(frozen=True)
class Worklist:
    """Who owns a pause, and after how long it is late."""

    name: str
    owner: str
    late_after: Period


@dataclass(frozen=True)
class Named:
    """A line of a section: its name is the reason given. Grade C and I never invite by themselves."""

    name: str
    criterion: Criterion
    source: str = ""
    why: str = ""
    until: tuple[str, ...] = ()  #: results or kinds of test that close a pause when dated on or after its start
    worklist: Worklist | None = None
    grade: Grade = ""


@dataclass(frozen=True)
class Counts:
    """One kind of record that counts as the test, and where its result is coded ("" where done is enough).

    ``beside``: counts only with a record of this value set at most ``beside_within`` away (tests that go
    together). ``at_age``: counts only if done at this age.
    """

    name: str
    report: tuple[str, ...] = ()
    procedure: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()
    results: str = ""
    has_value: bool = False
    beside: tuple[str, ...] = ()
    beside_within: Period = SAME_DAY
    at_age: Age | None = None
    dated_by: Literal["start", "end"] = "start"  #: the day of a test that took several


@dataclass(frozen=True)
class DueRow:
    """From the day of the test, by its kind and result: when the next is due, and when overdue.

    ``never_tested``: no test on record, due from the day first at risk. Empty ``tests`` or ``results``: any.
    ``due`` None: never again (a once-only test). Empty ``groups``: whatever the person's risk group.
    """

    tests: tuple[str, ...]
    results: tuple[str, ...]
    due: Period | None
    overdue: Period | None
    source: str
    never_tested: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reads:
    """Why a rule may read a protected attribute, who answers for it, and until when."""

    attribute: str
    why: str
    source: str
    owner: str
    review_by: date


@dataclass(frozen=True)
class Parameter:
    """A number or length of time that guidelines change: its values by the day from which each holds."""

    name: str
    values: tuple[ParameterValue, ...]


@dataclass(frozen=True)
class ParameterValue:
    since: date
    value: Period | float
    unit: str
    source: str


@dataclass(frozen=True)
class Expected:
    """How many people are at risk where the rule is at home: a night or a new version far from it stops."""

    low: int
    high: int


@dataclass(frozen=True)
class Signed:
    """Who signed a step of a rule's life; ``on`` None where an older file does not say."""

    step: Step
    by: str
    on: date | None = None


@dataclass(frozen=True)
class Rule:
    name: str
    title: str
    status: Literal["draft", "reviewed", "live", "retired"]
    owner: str
    approved_by: str
    review_by: date
    sources: tuple[tuple[str, str], ...]
    scan: str  #: value set of the test that is offered
    accompanied_by: str
    age: Age
    at_risk: tuple[Named, ...]
    cannot_help: tuple[Named, ...]
    own_choice: tuple[Named, ...]
    not_now: tuple[Named, ...]
    counts: tuple[Counts, ...]
    never_counts: tuple[str, ...]
    due_from: Literal["latest-test", "longest-lasting-test"]
    due: tuple[DueRow, ...]
    reads: tuple[Reads, ...]
    cases: tuple[Case, ...]
    value_sets: dict[str, ValueSet] = field(hash=False)
    definitions: tuple[Named, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    expected: Expected | None = None
    approved_hash: str = ""  #: the content hash that was reviewed, and then approved
    signed: tuple[Signed, ...] = ()  #: every signature in the file, in the order of the steps
    hash: str = ""
    path: str = ""
    remarks: tuple[Problem, ...] = ()  #: what its author may want to know
    later: tuple[tuple[date, Rule], ...] = ()  #: the rule as it reads from a day on; see ``on``

    def on(self, day: date) -> Rule:
        """The rule with the parameters that hold on a day."""
        return next((rule for since, rule in reversed(self.later) if since <= day), self)

    def signature(self, step: Step) -> Signed | None:
        """Who signed a step, or None."""
        return next((one for one in self.signed if one.step == step), None)

    def unsigned(self, day: date) -> str:
        """Why the rule may not invite anyone on a day; "" when it may: live, approved, no review overdue."""
        if self.status != "live":
            return f"it is {self.status}"
        if self.approved_by in NOBODY:
            return "nobody has approved it"
        if self.approved_hash != self.hash:
            return "it is not what was signed: write status: draft, and have it signed as it is now"
        lapsed = [self.review_by, *(entry.review_by for entry in self.reads)]
        return f"its review was due on {min(lapsed)}" if min(lapsed) < day else ""

    def sections(self) -> Iterator[tuple[str, Named]]:
        """Every named line with its section, in the order in which they are asked."""
        for section in SECTIONS:
            for named in getattr(self, section):
                yield section, named
