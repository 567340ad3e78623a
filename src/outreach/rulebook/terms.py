"""What criteria are made of: codes and value sets, stretches of days and windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from outreach.domain.calendar import Period, add


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
    partly: tuple[Code, ...] = ()  #: of a list of countries: those of which it holds only in part


def uncapital(title: str) -> str:
    """A title inside a sentence: its first letter small, unless an abbreviation begins it."""
    return title[0].lower() + title[1:] if title[1:2].islower() or title.startswith("A ") else title


@dataclass(frozen=True)
class Stretch:
    """A stretch of days that moves with the day a rule is asked about, both ends included.

    ``ends``: the last ``length`` up to the day. ``with-before``: ``base`` and ``length`` before it.
    ``before``: the ``length`` right before ``base``.
    """

    name: str
    form: Literal["ends", "with-before", "before"]
    length: Period
    base: Stretch | None = None

    def bounds(self, as_of: date) -> tuple[date, date]:
        """First and last day."""
        if self.base is None:
            return add(as_of + timedelta(days=1), self.length, -1), as_of
        first, last = self.base.bounds(as_of)
        return add(first, self.length, -1), last if self.form == "with-before" else first - timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """When a record must lie: within a period up to the day, for at least a period, or against a stretch.

    ``within``: it began on or after the day minus ``period``. ``for``: it began on or before that day.
    The others compare the record's first and last day with a ``stretch``.
    """

    relation: Literal["within", "for", "starts_in", "ends_in", "during", "overlaps"]
    period: Period | None = None
    stretch: Stretch | None = None
