"""Reading located YAML into words of the domain, gathering every problem instead of stopping at the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from datetime import date

from outreach.domain.calendar import Period, Unit
from outreach.errors import Problem, Refused
from outreach.rulebook.located import Located, Mapping, Sequence, Source, Text

_PERIOD = re.compile(r"(\d{1,4}) (day|week|month|year)s?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


SHOWN = 24  #: words of a list that a message names; a longer one buries the rest


def suggestion(word: str, known: Collection[str]) -> str:
    """What the author may have meant, or what there is."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    hint = f"did you mean “{near[0]}”? " if near else ""
    shown = sorted(known)
    more = f" … and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return f"{hint}Known here: {', '.join(shown[:SHOWN])}{more}."


class Reader:
    """One file being read. ``problems`` grows; ``done`` raises if it is not empty."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def say(self, at: Located, what: str, name: str, hint: str = "") -> None:
        self.problems.append(self.source.problem(at, what, name, hint))

    def done(self) -> None:
        if self.problems:
            raise Refused(self.problems)

    def mapping(
        self, at: Located | None, known: Collection[str], what: str, required: Collection[str] = ()
    ) -> Mapping | None:
        """``at`` as a mapping with only known keys and all required ones."""
        if not isinstance(at, Mapping):
            if at is not None:
                self.say(at, f"{what} must be written as keys and values", "not-a-mapping")
            return None
        for key, _ in at.pairs:
            if key.value not in known:
                self.say(key, f"{what} has no key “{key.value}”", "unknown-key", suggestion(str(key.value), known))
        for name in required:
            if at.get(name) is None:
                self.say(at, f"{what} lacks the key “{name}”", "missing-key")
        return at

    def items(self, at: Located | None, what: str) -> Iterator[Located]:
        """The items of a list; a single value counts as a list of one."""
        if isinstance(at, Sequence):
            yield from at.items
        elif isinstance(at, Text):
            yield at
        elif at is not None:
            self.say(at, f"{what} must be a list", "not-a-list")

    def word(
        self, at: Located | None, what: str, known: Collection[str] | None = None, name: str = "unknown-word"
    ) -> str:
        """A non-empty text, one of ``known`` if given; "" after a problem or when absent."""
        if at is None:
            return ""
        if not isinstance(at, Text) or not isinstance(at.value, str) or not at.value.strip():
            self.say(at, f"{what} must be text", "not-text", "Put it in quotes if it looks like a number.")
            return ""
        if known is not None and at.value not in known:
            self.say(at, f"{what} “{at.value}” is not known", name, suggestion(at.value, known))
            return ""
        return at.value

    def words(self, at: Located | None, what: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        return tuple(word for item in self.items(at, what) if (word := self.word(item, what, known)))

    def number(self, at: Located | None, what: str, low: float = 0.0, high: float = 1e9) -> float | None:
        """A number within bounds; None after a problem or when absent."""
        if at is None:
            return None
        value = at.value if isinstance(at, Text) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.say(at, f"{what} must be a number", "not-a-number")
            return None
        if not low <= value <= high:
            self.say(at, f"{what} must lie between {low:g} and {high:g}", "out-of-range")
            return None
        return float(value)

    def whole(self, at: Located | None, what: str, low: int = 0, high: int = 10**9) -> int | None:
        value = self.number(at, what, low, high)
        if value is not None and at is not None and not value.is_integer():
            self.say(at, f"{what} must be a whole number", "not-whole")
            return None
        return None if value is None else int(value)

    def flag(self, at: Located | None, what: str, default: bool) -> bool:
        if at is None:
            return default
        if isinstance(at, Text) and isinstance(at.value, bool):
            return at.value
        self.say(at, f"{what} must be true or false", "not-true-or-false")
        return default

    def period(self, at: Located | None, what: str) -> Period | None:
        """``6 months``, ``14 days``, ``2 years``."""
        if at is None:
            return None
        match = _PERIOD.fullmatch(at.value) if isinstance(at, Text) and isinstance(at.value, str) else None
        if match is None:
            self.say(at, f"{what} must be a length of time", "not-a-period", "Write it like “6 months” or “14 days”.")
            return None
        unit: Unit = {"day": "days", "week": "weeks", "month": "months", "year": "years"}[match[2]]  # type: ignore[assignment]
        return Period(int(match[1]), unit)

    def day(self, at: Located | None, what: str) -> date | None:
        """A date that exists, written 2026-03-01."""
        if at is None:
            return None
        text = at.value if isinstance(at, Text) else None
        if not isinstance(text, str) or not _DATE.fullmatch(text):
            self.say(at, f"{what} must be a date", "not-a-date", "Write it like 2026-03-01.")
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.say(at, f"{what} “{text}” does not exist", "impossible-date")
            return None

    def partial_day(self, at: Located | None, what: str) -> str:
        """A date that may lack its day or month: ``1980``, ``1980-05``, ``1980-05-02``."""
        if at is None:
            return ""
        text = str(at.value) if isinstance(at, Text) else ""
        if not _PARTIAL.fullmatch(text):
            self.say(at, f"{what} must be a date", "not-a-date", "Write it like 2026-03-01, 2026-03 or 2026.")
            return ""
        try:
            date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
        except ValueError:
            self.say(at, f"{what} “{text}” does not exist", "impossible-date")
            return ""
        return text
