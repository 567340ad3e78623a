"""A rule as the engine holds it: frozen, complete, free of YAML.

The author's words stand in the grammar; here stand the standard's. Three-valued throughout: a
criterion is true, false or unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from outreach.domain.calendar import Period

#: What a rule may read of a person only with a reason (45 CFR 92.210 asks to identify such inputs).
PROTECTED = ("age", "sex", "birthplace")


@dataclass(frozen=True)
class Code:
    system: str
    code: str
    display: str


@dataclass(frozen=True)
class ValueSet:
    """Codes of one meaning. ``unit`` is the UCUM unit a rule's numbers are in, "" where it has none.

    ``molar`` is how many ``molar_unit`` make one ``unit``; 0 where no conversion is declared.
    """

    name: str
    title: str
    codes: tuple[Code, ...]
    unit: str = ""
    molar: float = 0.0
    molar_unit: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """A Condition in the value set, not refuted or entered in error, whatever its clinical status."""

    codes: str


@dataclass(frozen=True)
class ProcedureDone:
    """A completed Procedure in the value set."""

    codes: str


@dataclass(frozen=True)
class CloseRelative:
    """A first-degree relative with a condition in the value set (FamilyMemberHistory)."""

    codes: str


@dataclass(frozen=True)
class Sex:
    """Administrative sex (Patient.gender)."""

    value: Literal["female", "male"]


@dataclass(frozen=True)
class Age:
    """Whole years on the day, both ends included; None where open."""

    low: int | None
    high: int | None


@dataclass(frozen=True)
class Origin:
    """Country of birth on a list of countries; unknown where it is not recorded."""

    codes: str


@dataclass(frozen=True)
class ScoreAtLeast:
    """A published score at or above a bound; true or false as soon as its bounds decide."""

    score: str
    low: float
    within: Period


@dataclass(frozen=True)
class ScanResult:
    """The latest test that counts has one of these results; ``uncoded`` is a result nobody has coded."""

    results: tuple[str, ...]


@dataclass(frozen=True)
class Lab:
    """The latest value of a lab test lies within bounds, in the value set's unit."""

    codes: str
    low: float | None
    below: float | None
    within: Period | None


@dataclass(frozen=True)
class Rising:
    """The last ``values`` results within a period each stand higher than the one before."""

    codes: str
    values: int
    within: Period


@dataclass(frozen=True)
class OpenOrder:
    """An active ServiceRequest in the value set."""

    codes: str


@dataclass(frozen=True)
class Booked:
    """A booked Appointment, on the day or later, whose service is in the value set."""

    codes: str


@dataclass(frozen=True)
class All:
    of: tuple[Criterion, ...]


@dataclass(frozen=True)
class AnyOf:
    of: tuple[Criterion, ...]


@dataclass(frozen=True)
class Not:
    of: Criterion


@dataclass(frozen=True)
class AtLeast:
    count: int
    of: tuple[Criterion, ...]


Leaf = (
    Diagnosis
    | ProcedureDone
    | CloseRelative
    | Sex
    | Age
    | Origin
    | ScoreAtLeast
    | ScanResult
    | Lab
    | Rising
    | OpenOrder
    | Booked
)
Criterion = Leaf | All | AnyOf | Not | AtLeast


@dataclass(frozen=True)
class Worklist:
    """Who owns a pause, and after how long it is late."""

    name: str
    owner: str
    late_after: Period


@dataclass(frozen=True)
class Named:
    """A line of a section: its name is the reason given."""

    name: str
    criterion: Criterion
    source: str = ""
    why: str = ""
    until: tuple[str, ...] = ()  #: results that close a pause when dated on or after its start
    worklist: Worklist | None = None


@dataclass(frozen=True)
class Counts:
    """One kind of record that counts as the test: a report, a procedure, and where its result is coded."""

    name: str
    report: str
    procedure: str
    results: str


@dataclass(frozen=True)
class DueRow:
    """From the day of the test, by its result: when the next is due, and when overdue.

    ``results`` empty: no test on record, due from the day first at risk plus ``due``.
    """

    results: tuple[str, ...]
    due: Period
    overdue: Period
    source: str


@dataclass(frozen=True)
class Reads:
    """Why a rule may read a protected attribute, who answers for it, and until when."""

    attribute: str
    why: str
    source: str
    owner: str
    review_by: date


@dataclass(frozen=True)
class Case:
    """An exemplar person with a day of its own. ``given`` and ``then`` keep the author's words."""

    it: str
    today: date
    given: Given
    then: tuple[tuple[str, str], ...]
    line: int
    column: int


@dataclass(frozen=True)
class GivenFact:
    """One record of an exemplar: its kind, the value set it is drawn from, its day and its value."""

    kind: str
    codes: str
    on: str
    value: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Given:
    born: str = ""
    sex: str = ""
    birthplace: str = ""
    died: str = ""
    opted_out: bool = False
    facts: tuple[GivenFact, ...] = ()


@dataclass(frozen=True)
class Rule:
    name: str
    title: str
    status: Literal["draft", "reviewed", "live", "retired"]
    owner: str
    approved_by: str
    review_by: date
    sources: tuple[tuple[str, str], ...]
    scan: str
    accompanied_by: str
    age: Age
    at_risk: tuple[Named, ...]
    cannot_help: tuple[Named, ...]
    not_now: tuple[Named, ...]
    counts: tuple[Counts, ...]
    never_counts: tuple[str, ...]
    due: tuple[DueRow, ...]
    reads: tuple[Reads, ...]
    cases: tuple[Case, ...]
    value_sets: dict[str, ValueSet] = field(hash=False)
    hash: str = ""
    path: str = ""

    def unsigned(self, day: date) -> str:
        """Why the rule may not invite anyone on a day; "" when it may: live, approved, no review overdue."""
        if self.status != "live":
            return f"it is {self.status}"
        if self.approved_by in ("", "nobody-yet"):
            return "nobody has approved it"
        lapsed = [self.review_by, *(entry.review_by for entry in self.reads)]
        return f"its review was due on {min(lapsed)}" if min(lapsed) < day else ""

    def sections(self) -> Iterator[tuple[str, Named]]:
        """Every named line with its section, in the order in which they are asked."""
        for section in ("at_risk", "cannot_help", "not_now"):
            for named in getattr(self, section):
                yield section, named

    def ranked_results(self) -> tuple[tuple[str, str], ...]:
        """(kind, result), the weightier later: among several results of one day the last wins."""
        return tuple((kind.name, code.code) for kind in self.counts for code in self.value_sets[kind.results].codes)


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """The leaves of a criterion, in order."""
    if isinstance(criterion, All | AnyOf | AtLeast):
        for part in criterion.of:
            yield from leaves(part)
    elif isinstance(criterion, Not):
        yield from leaves(criterion.of)
    else:
        yield criterion
