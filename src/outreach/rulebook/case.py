"""An exemplar beside a rule, in the author's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
    """One record of an exemplar: its kind, the value set it is drawn from, its days and its value."""

    kind: str  #: a key of ``cases.RECORDS``
    codes: str
    on: str  #: "" where undated
    value: str = ""  #: a number, a result, a value set of coded values, or a day (kind ``date``)
    unit: str = ""
    until: str = ""  #: the last day of a visit, an abatement, a supply
    status: str = ""  #: FHIR status (for a diagnosis: clinical status) other than the usual one
    site: str = ""  #: value set of body sites
    setting: str = ""  #: a word of ``SETTINGS``
    discharged_to: str = ""  #: value set


@dataclass(frozen=True)
class Given:
    born: str = ""
    sex: str = ""
    sex_at_birth: str = ""
    birthplace: str = ""
    race: str = ""  #: value set
    ethnicity: str = ""  #: value set
    language: str = ""
    died: str = ""
    opted_out: bool = False
    facts: tuple[GivenFact, ...] = ()
