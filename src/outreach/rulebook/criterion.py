"""Criteria: what a rule may ask of a person, in the standard's terms.

Four answers: true, false, unknown, and *not applicable* (a score outside its population). Not applicable
is not unknown, and unknown is not false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from outreach.domain.calendar import Period
from outreach.rulebook.terms import Stretch, Window

Kind = Literal[
    "diagnosis",
    "procedure",
    "report",
    "finding",
    "visit",
    "medicine",
    "order",
    "open-order",
    "device",
    "coverage",
    "close-relative",
]


@dataclass(frozen=True)
class Record:
    """There are ``count`` records of one kind, on different days, in any of the value sets, inside the window.

    ``which`` latest: only the latest by its last day is judged. ``value``: a finding's coded value lies in
    this value set. ``site``: a body site does. ``absent``: the answer when no record fits.
    """

    kind: Kind
    codes: tuple[str, ...]
    window: Window | None = None
    count: int = 1
    which: Literal["any", "latest"] = "any"
    value: str = ""
    has_value: bool = False  #: a finding must have some value
    site: str = ""
    settings: tuple[str, ...] = ()  #: a visit's v3-ActCode classes
    discharged_to: str = ""
    active: bool = False  #: a diagnosis whose clinical status is active, recurrence or relapse
    absent: Literal["no", "unknown"] = "no"


@dataclass(frozen=True)
class Sex:
    """Administrative sex (Patient.gender)."""

    value: Literal["female", "male"]


@dataclass(frozen=True)
class SexAtBirth:
    """Sex recorded at birth (US Core); with ``or_sex`` administrative sex stands in where it is not recorded."""

    value: Literal["female", "male"]
    or_sex: bool = False


@dataclass(frozen=True)
class Age:
    """Whole years on the day (or at the start of a stretch), both ends included; None where open."""

    low: int | None
    high: int | None
    at_start_of: Stretch | None = None


@dataclass(frozen=True)
class Origin:
    """Country of birth on a list of countries; unknown where it is not recorded."""

    codes: str


@dataclass(frozen=True)
class Race:
    """A recorded race code (US Core, category or detailed) is in the value set; unknown where none is."""

    codes: str


@dataclass(frozen=True)
class Ethnicity:
    """The recorded ethnicity code (US Core) is in the value set; unknown where none is."""

    codes: str


@dataclass(frozen=True)
class Language:
    """The preferred language is one of these (BCP 47, compared by primary subtag)."""

    languages: tuple[str, ...]


@dataclass(frozen=True)
class ScoreIs:
    """A published score from ``low`` and below ``below``; its bounds decide as soon as they can.

    Outside the population it was derived in a score is *not applicable*: neither a number nor unknown.
    ``limit``: a laboratory's upper limit of normal, for the scores that need it.
    """

    score: str
    low: float | None
    below: float | None
    within: Period
    limit: float | None = None


@dataclass(frozen=True)
class ScanResult:
    """The latest test that counts has one of these results; ``uncoded`` is a result nobody has coded.

    ``tests`` empty: of any kind; else the latest of these kinds.
    """

    results: tuple[str, ...]
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lab:
    """A measured value lies from ``low`` and below ``below``, in the value set's unit: the latest one, or any."""

    codes: str
    low: float | None
    below: float | None
    within: Period | None
    which: Literal["latest", "any"] = "latest"
    absent: Literal["no", "unknown"] = "unknown"


@dataclass(frozen=True)
class Rising:
    """The last ``values`` results within a period each stand higher than the one before."""

    codes: str
    values: int
    within: Period


@dataclass(frozen=True)
class DateOf:
    """The day that the latest record of a finding states (such as the day of quitting) lies within a period,
    or at least ``period`` ago; unknown where none is recorded."""

    codes: str
    relation: Literal["within", "for"]
    period: Period
    absent: Literal["no", "unknown"] = "unknown"


@dataclass(frozen=True)
class Booked:
    """A booked Appointment, on the day or later, whose service is in the value set."""

    codes: str


@dataclass(frozen=True)
class Defined:
    """A named definition of the rule."""

    name: str
    of: Criterion


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
    Record
    | Sex
    | SexAtBirth
    | Age
    | Origin
    | Race
    | Ethnicity
    | Language
    | ScoreIs
    | ScanResult
    | Lab
    | Rising
    | DateOf
    | Booked
)
Criterion = Leaf | Defined | All | AnyOf | Not | AtLeast


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """The leaves of a criterion, in order."""
    if isinstance(criterion, All | AnyOf | AtLeast):
        for part in criterion.of:
            yield from leaves(part)
    elif isinstance(criterion, Not | Defined):
        yield from leaves(criterion.of)
    else:
        yield criterion
