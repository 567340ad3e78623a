"""Small words that everything readable is made of: days, numbers with units, lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from babel import Locale

_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"10[*^](\d+)")
_SQUARE = re.compile(r"(?<=[a-z])([23])(?=$|/)")
_MICRO = re.compile(r"(?<![a-zA-Z])u(?=[a-zA-Z])")
_SILENT = ("", "1", "{INR}", "{ratio}", "{score}", "{count}")  #: UCUM units that say nothing to a reader


def said(day: date) -> str:
    """``1 March 2026``."""
    return f"{day.day} {day:%B} {day.year}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def readable_unit(unit: str) -> str:
    """A UCUM unit as it is printed on a report: ``10*9/L`` is ``× 10⁹/L``, ``ug/L`` is ``µg/L``.

    Source: https://ucum.org/ucum (annotations in braces, arbitrary units in brackets).
    """
    if unit in _SILENT:
        return ""
    shown = _POWER.sub(lambda found: "× 10" + found[1].translate(_POWERS), unit)
    shown = _SQUARE.sub(lambda found: found[1].translate(_POWERS), shown)
    return re.sub(r"[\[\]{}]", "", _MICRO.sub("µ", shown))


def number(value: float) -> str:
    """At most six decimals, none when whole."""
    return f"{round(value, 6):.10g}"


def quantity(value: float, unit: str) -> str:
    """A number with its unit as a reader knows it."""
    shown = readable_unit(unit)
    return f"{number(value)}{'' if shown == '%' else ' '}{shown}".strip()


def language_said(code: str) -> str:
    """The English name of a BCP 47 tag's language; the tag itself where it names none."""
    return str(Locale("en").languages.get(code.split("-")[0], code))


def plural(count: int, one: str, many: str = "") -> str:
    """``1 case``, ``2 cases``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
