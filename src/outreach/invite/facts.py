"""Facts put into words: days, times and lengths, in the letter's language and on the site's clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from unicodedata import category
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates
from babel.core import get_global

from outreach.invite.letter import LetterFacts, MissingFact, UnsafeFact

Words = Mapping[str, str | bool]

#: What a template may use, each with the fact it is made of.
MADE_OF: Mapping[str, str] = {
    "site_name": "site_name",
    "phone": "phone",
    "visit_place": "visit_place",
    "visit_day": "visit_start",  #: Thursday, March 5
    "visit_time": "visit_start",  #: 10:00 AM
    "slot_time": "slot_start",
    "slot_first": "slot_start",  #: true when the slot is before the visit
    "fast": "fasting_hours",  #: 6 hours
    "fast_time": "fasting_hours",  #: the last time to eat
    "fast_day": "fasting_hours",
    "length": "slot_end",  #: 30 minutes
    "reply_day": "reply_by",
    "reply_time": "reply_by",
}


def words(facts: LetterFacts, language: str, wanted: frozenset[str]) -> Words:
    """The wanted variables, each a finished piece of text (``slot_first`` is a truth).

    Raises:
        MissingFact: the first, by name, that cannot be made.
        UnsafeFact: a text that came from outside holds a control character.
    """
    return {name: _one(name, facts, language) for name in sorted(wanted)}


def _one(name: str, facts: LetterFacts, language: str) -> str | bool:
    locale = locale_of(language, facts.zone)
    match name:
        case "visit_day" | "reply_day":
            return _day(_instant(facts, MADE_OF[name]), locale, facts.zone)
        case "visit_time" | "slot_time" | "reply_time":
            return _time(_instant(facts, MADE_OF[name]), locale, facts.zone)
        case "slot_first":
            return _instant(facts, "slot_start") < _instant(facts, "visit_start")
        case "fast_day":
            return _day(_last_meal(facts), locale, facts.zone)
        case "fast_time":
            return _time(_last_meal(facts), locale, facts.zone)
        case "fast":
            return _length(timedelta(hours=_hours(facts)), "hour", locale)
        case "length":
            return _length(_instant(facts, "slot_end") - _instant(facts, "slot_start"), "minute", locale)
        case _:
            return _text(facts, name)


def locale_of(language: str, zone: ZoneInfo) -> Locale:
    """The language as written where the site is: Spanish in New York has a 12-hour clock, in Madrid a 24-hour one.

    Raises:
        UnknownLocaleError: babel cannot write dates in this language.
    """
    try:
        return Locale(language, get_global("zone_territories").get(zone.key))
    except UnknownLocaleError:
        return Locale(language)


def _day(instant: datetime, locale: Locale, zone: ZoneInfo) -> str:
    """Weekday, day and month written out; CLDR has this order only for the short names, in most languages."""
    shorter = locale.datetime_skeletons.get("MMMMEd") or locale.datetime_skeletons["MMMEd"]
    pattern = re.sub(r"'[^']*'|[Ec]+|M{3,}", lambda part: _WRITTEN_OUT.get(part[0][0], part[0]), shorter.pattern)
    return _plain(dates.format_date(instant.astimezone(zone).date(), pattern, locale=locale))


_WRITTEN_OUT = {"E": "EEEE", "c": "EEEE", "M": "MMMM"}


def _time(instant: datetime, locale: Locale, zone: ZoneInfo) -> str:
    return _plain(dates.format_time(instant, "short", tzinfo=zone, locale=locale))


def _length(length: timedelta, unit: Literal["hour", "minute"], locale: Locale) -> str:
    never_a_larger_unit = 1_000_000
    return _plain(dates.format_timedelta(length, granularity=unit, threshold=never_a_larger_unit, locale=locale))


def _plain(text: str) -> str:
    """Ordinary spaces: some portals show the narrow no-break space of "10:00 AM" as a box."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _last_meal(facts: LetterFacts) -> datetime:
    return _instant(facts, "slot_start") - timedelta(hours=_hours(facts))


def _instant(facts: LetterFacts, name: str) -> datetime:
    value: datetime | None = getattr(facts, name)
    if value is None:
        raise MissingFact(name)
    return value.astimezone(UTC)  # two instants of one local zone would be subtracted by the hands of the clock


def _hours(facts: LetterFacts) -> int:
    if facts.fasting_hours is None:
        raise MissingFact("fasting_hours")
    return facts.fasting_hours


def _text(facts: LetterFacts, name: str) -> str:
    value: str | None = getattr(facts, name)
    if value is None or not value.strip():
        raise MissingFact(name)
    if is_unsafe(value):
        raise UnsafeFact(name)
    return value.strip()


def is_unsafe(text: str) -> bool:
    """Holds a control character, an unassigned one, a line separator, or one that turns the direction of text."""
    return any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" or category(c) in _UNSAFE for c in text)


_UNSAFE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
