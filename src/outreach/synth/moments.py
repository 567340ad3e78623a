"""The many ways a date is written down, as JSON members.

Every member's own calendar day *as written* (its first ten characters) is the day that was asked for, even
where the instant falls on another day in UTC.
"""

from __future__ import annotations

import random
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from outreach.synth.days import plus_days

ZONE = ZoneInfo("America/New_York")


@lru_cache(4096)
def offset(day: date) -> str:
    """The site's offset from UTC at noon of a day, as FHIR writes it."""
    text = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).strftime("%z")
    return f"{text[:3]}:{text[3:]}"


def stamp(draw: random.Random, day: date) -> str:
    """An instant on ``day`` as written: office hours, late evening (the next day in UTC), or UTC itself."""
    clock = f"{draw.randint(0, 59):02d}:{draw.randint(0, 59):02d}"
    roll = draw.random()
    if roll < 0.70:
        return f"{day}T{draw.randint(8, 17):02d}:{clock}{offset(day)}"
    if roll < 0.85:
        return f"{day}T{draw.randint(20, 23)}:{clock}{offset(day)}"
    return f"{day}T{draw.randint(6, 23):02d}:{clock}Z"


def happened(draw: random.Random, day: date, element: str = "effective") -> str:
    """When something was done: ``effective[x]`` or ``performed[x]``, with the day in full."""
    roll = draw.random()
    if roll < 0.60:
        return f'"{element}DateTime":"{stamp(draw, day)}",'
    if roll < 0.92:
        return f'"{element}DateTime":"{day}",'
    return f'"{element}Period":{{"start":"{stamp(draw, day)}","end":"{plus_days(day, draw.randint(0, 1))}"}},'


def reported(draw: random.Random, day: date) -> str:
    """When a report's examination was done, and when it was issued (some days later, which must not matter)."""
    if draw.random() < 0.06:
        return issued_only(draw, day)
    issued = f'"issued":"{stamp(draw, plus_days(day, draw.randint(0, 3)))}",'
    return happened(draw, day) + issued


def issued_only(draw: random.Random, day: date) -> str:
    """A report that says only when it was issued."""
    return f'"issued":"{stamp(draw, day)}",'


def began(draw: random.Random, day: date) -> str:
    """When a condition began, with the day in full: onset, a period, or only when it was recorded."""
    later = f'"recordedDate":"{plus_days(day, draw.randint(0, 40))}",'
    roll = draw.random()
    if roll < 0.45:
        return f'"onsetDateTime":"{day}",{later}'
    if roll < 0.65:
        return f'"onsetDateTime":"{stamp(draw, day)}",'
    if roll < 0.80:
        return f'"onsetPeriod":{{"start":"{day}"}},{later}'
    return f'"recordedDate":"{day}",'


def began_about(draw: random.Random, day: date) -> tuple[str, date]:
    """When a condition began, to the month or the year; and the first day that can mean."""
    text, low = (f"{day:%Y-%m}", day.replace(day=1)) if draw.random() < 0.5 else (f"{day:%Y}", date(day.year, 1, 1))
    roll = draw.random()
    if roll < 0.6:
        return f'"onsetDateTime":"{text}",', low
    if roll < 0.8:
        return f'"onsetPeriod":{{"start":"{text}"}},', low
    return f'"recordedDate":"{text}",', low


def began_sometime(draw: random.Random) -> str:
    """A condition nobody dated: words, or nothing."""
    return '"onsetString":"many years ago",' if draw.random() < 0.5 else ""
