"""Days and lengths of time as an author writes them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from outreach.domain.calendar import Period, Unit
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.patterns import DAY, PARTIAL_DAY, PERIOD
from outreach.rulebook.reader import Reader
from outreach.rulebook.tree import Located, Text

_UNITS: dict[str, Unit] = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
_AT_MOST = {"day": 54_750, "week": 7_800, "month": 1_800, "year": 150}


def period(reader: Reader, at: Located, what: str, named: Collection[str] = ()) -> Period | None:
    """``6 months``, ``14 days``, ``2 years``, at most 150 years. ``named``: words that would have done."""
    text = at.value if isinstance(at, Text) and isinstance(at.value, str) else ""
    if not re.fullmatch(PERIOD, text):
        hint = "Write it like “6 months” or “14 days”."
        near = f" Or name a parameter: {suggestion(text, named)}" if named else ""
        reader.say(at, f"{what} must be a length of time", "not-a-period", hint + near)
        return None
    count, unit = text.rstrip("s").split(" ")
    if int(count) > _AT_MOST[unit]:
        reader.say(at, f"{what} is longer than anybody lives", "impossible-window", "Is a digit too many?")
        return None
    return Period(int(count), _UNITS[unit])


def day(reader: Reader, at: Located, what: str) -> date | None:
    """A date that exists, written 2026-03-01."""
    text = at.value if isinstance(at, Text) else None
    if not isinstance(text, str) or not re.fullmatch(DAY, text):
        reader.say(at, f"{what} must be a date", "not-a-date", "Write it like 2026-03-01.")
        return None
    return date.fromisoformat(text) if _exists(reader, at, what, text, text) else None


def partial_day(reader: Reader, at: Located, what: str) -> str:
    """A date that may lack its day or month: ``1980``, ``1980-05``, ``1980-05-02``; "" after a problem."""
    text = str(at.value) if isinstance(at, Text) else ""
    if not re.fullmatch(PARTIAL_DAY, text):
        reader.say(at, f"{what} must be a date", "not-a-date", "Write it like 2026-03-01, 2026-03 or 2026.")
        return ""
    return text if _exists(reader, at, what, text, text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text) else ""


def _exists(reader: Reader, at: Located, what: str, text: str, full: str) -> bool:
    try:
        date.fromisoformat(full)
    except ValueError:
        reader.say(at, f"{what} “{text}” does not exist", "impossible-date", "Look at the month and the day.")
        return False
    return True
