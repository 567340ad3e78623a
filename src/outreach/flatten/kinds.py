"""The kinds of column a table may have, as data. ``columns`` lists the tables; ``duck`` turns a kind into SQL.

Each kind says which ``places`` of the JSON it reads. Everything is read as raw text and cast by the kind, so that
a text that does not cast is counted and not just gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from outreach.flatten.places import Path, Step, at

Part = Literal["lo", "hi", "precision", "raw", "source"]


@dataclass(frozen=True)
class _Single:
    """One column from one place."""

    name: str
    place: Path

    @property
    def places(self) -> tuple[Path, ...]:
        return (self.place,)


@dataclass(frozen=True)
class Text(_Single):
    """VARCHAR: the first value at a place."""


@dataclass(frozen=True)
class Listed(_Single):
    """VARCHAR: a word as sent; one that is none of ``words`` is counted as lost, for nothing that reads it knows it.

    Of several codings (a site's own beside FHIR's) the first that is one of ``words``; the first of all if none is.
    """

    words: tuple[str, ...]


@dataclass(frozen=True)
class Texts(_Single):
    """VARCHAR[]: every value at a place, as sent and in that order; NULL when the element is absent."""


@dataclass(frozen=True)
class Codes(_Single):
    """VARCHAR[]: every coding of the concept(s) at a place as ``system|code``, in that order; NULL when there is none.

    A coding without a code is left out; one without a system begins with ``|``.
    """

    @property
    def places(self) -> tuple[Path, ...]:
        coding = (*self.place, Step("coding", True))
        return ((*coding, Step("system")), (*coding, Step("code")))


@dataclass(frozen=True)
class Present:
    """BOOLEAN, never NULL: something stands at one of the places at least."""

    name: str
    places: tuple[Path, ...]


@dataclass(frozen=True)
class Stamp(_Single):
    """TIMESTAMP in UTC; an instant that names no zone is taken as UTC."""


@dataclass(frozen=True)
class Instant(_Single):
    """TIMESTAMPTZ; an instant that names no zone is NULL: it could be off by hours, and a visit hangs on it."""


@dataclass(frozen=True)
class YesNo(_Single):
    """BOOLEAN from a code; NULL for any other code."""

    yes: str
    no: str


@dataclass(frozen=True)
class Reference(_Single):
    """VARCHAR: the bare id behind the first reference to a ``target``; NULL for urn:, contained and logical ones.

    ``required``: one that is not there at all is counted too; so is one in an element that is asked for by its key.
    """

    target: str
    required: bool = False


@dataclass(frozen=True)
class EachReference(_Single):
    """VARCHAR, and a row of its own for each ``target`` that is referred to, in that order and once; NULL for none."""

    target: str


@dataclass(frozen=True)
class Flag(_Single):
    """BOOLEAN: a JSON true or false; true also when anything stands at ``or_present``.

    ``otherwise``: where the same is said when nothing stands at ``place``.
    """

    or_present: Path = ()
    otherwise: Path = ()

    @property
    def places(self) -> tuple[Path, ...]:
        return (self.place, self.or_present, self.otherwise)


@dataclass(frozen=True)
class Preferred:
    """VARCHAR: what the element of ``many`` with ``flag`` true says at ``place``; else the only element; else NULL."""

    name: str
    many: str
    flag: str
    place: str

    @property
    def places(self) -> tuple[Path, ...]:
        return (at(f"{self.many}[].{self.flag}"), at(f"{self.many}[].{self.place}"))


@dataclass(frozen=True)
class Coding:
    """``system, code, display``, and one row per coding of the concept(s) at ``place``.

    No coding: one row with code NULL. ``display`` falls back to the concept's text. A code that is empty, has a space
    at an end, or is a list or object, is counted as lost.
    """

    place: Path

    @property
    def places(self) -> tuple[Path, ...]:
        coding = (*self.place, Step("coding", True))
        return (*((*coding, Step(leaf)) for leaf in ("system", "code", "display")), (*self.place, Step("text")))


@dataclass(frozen=True)
class Dates:
    """``<name>_lo, <name>_hi`` DATE and their ``precision``, ``raw`` text and ``source``.

    ``precision`` is day, month or year: of a period with two ends the coarser one, so that ``day`` means that every
    date given is a whole day; NULL when a date is there that cannot be read.

    The first that is there: ``moments``, then ``period`` (lo from start, hi from end; without an end, from start;
    without a start, lo stays NULL), then ``otherwise``. A dateTime is its own calendar day, as written.
    A period's raw text is ``start/end``; one that ends before it starts stays as sent, and its end is counted as lost.
    ``sources`` names the first two and the last.
    """

    name: str
    moments: tuple[str, ...] = ()
    period: str = ""
    otherwise: str = ""
    parts: tuple[Part, ...] = ("lo", "hi", "precision", "raw")
    sources: tuple[str, str] = ("", "")

    @property
    def places(self) -> tuple[Path, ...]:
        ends = (at(f"{self.period}.start"), at(f"{self.period}.end")) if self.period else ()
        return (*map(at, self.moments), *ends, at(self.otherwise))


@dataclass(frozen=True)
class Quantity:
    """``value_raw`` DOUBLE, ``comparator``, ``unit_raw``, and the canonical ``value`` DOUBLE with its ``unit``.

    ``unit_raw`` is the code when the system is UCUM, else the unit as printed. See ``units``. A comparator that is none
    of ``comparators`` stays as sent and is counted.
    """

    place: str
    comparators: tuple[str, ...]

    @property
    def places(self) -> tuple[Path, ...]:
        return tuple(at(f"{self.place}.{leaf}") for leaf in ("value", "comparator", "unit", "system", "code"))


@dataclass(frozen=True)
class Days(_Single):
    """INTEGER: a Duration in whole days; NULL, and counted, when its unit is another or its number is not whole.

    Its unit is the UCUM code ``d``, or the word in print.
    """

    @property
    def places(self) -> tuple[Path, ...]:
        return tuple((*self.place, Step(leaf)) for leaf in ("value", "code", "unit"))


_Singles = Text | Listed | Texts | Codes | Stamp | Instant | YesNo | Reference | EachReference | Flag
Column = _Singles | Present | Preferred | Coding | Dates | Quantity | Days
