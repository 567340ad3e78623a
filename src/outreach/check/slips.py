"""Slips in a case that would let it pass without showing anything: days that have not come, units nobody can read.

Both may be what the case is about. Then its name says so: a day to come with “tomorrow” or “future”, a unit
with “unit”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.flatten.units import UNITS
from outreach.rulebook.given_records import KINDS
from outreach.rulebook.located import Located, Mapping, Sequence, Source, Text, read
from outreach.rulebook.model import Rule

_AHEAD = re.compile(r"\b(tomorrow|future|to come|ahead|not yet)\b", re.IGNORECASE)
_UNIT = re.compile(r"\bunits?\b", re.IGNORECASE)
_NOT_AHEAD = ("appointments",)  #: what is booked lies ahead
_SECTIONS = tuple(kind.section for kind in KINDS if kind.section not in _NOT_AHEAD)


def refuse_slips(rules: Iterable[Rule], only: str = "") -> None:
    """Refuse cases with a slip in them.

    Args:
        only: as of ``answer_cases``: only cases whose name holds this text.

    Raises:
        Refused: every slip, with its place.
    """
    problems = [problem for rule in rules for problem in _of_rule(rule, only)]
    if problems:
        raise Refused(problems)


def _of_rule(rule: Rule, only: str) -> Iterator[Problem]:
    if not Path(rule.path).is_file():
        return
    source, top = read(Path(rule.path), rule.path)
    at = top.get("cases")
    for item in at.items if isinstance(at, Sequence) else ():
        if isinstance(item, Mapping) and only in _word(item.get("it")):
            yield from _of_case(rule, source, item)


def _of_case(rule: Rule, source: Source, case: Mapping) -> Iterator[Problem]:
    name, given, today = _word(case.get("it")), case.get("given"), _word(case.get("today"))
    if not isinstance(given, Mapping):
        return
    yield from _late(source, given.get("born"), today, "the person is born")
    if not _AHEAD.search(name):
        yield from _late(source, given.get("died"), today, "the person dies")
    for section, value_set, record in _records(given):
        if not _AHEAD.search(name) and section in _SECTIONS:
            yield from _late(source, _day(record), today, "this record is dated")
        if section == "labs" and isinstance(record, Mapping) and not _UNIT.search(name):
            yield from _unit(rule, source, value_set, record.get("unit"))


def _records(given: Mapping) -> Iterator[tuple[str, str, Located]]:
    """Each record with its section and its value set."""
    for section, at in given.pairs:
        for value_set, records in at.pairs if isinstance(at, Mapping) else ():
            for record in records.items if isinstance(records, Sequence) else (records,):
                yield str(section.value), str(value_set.value), record


def _day(record: Located) -> Located | None:
    return record.get("on") if isinstance(record, Mapping) else record


def _late(source: Source, at: Located | None, today: str, what: str) -> Iterator[Problem]:
    day = _word(at)
    if at is not None and re.fullmatch(r"\d{4}(-\d\d){0,2}", day) and day > today[: len(day)]:
        hint = "Look at both days. If that is what the case is about, let its name say “tomorrow” or “future”."
        hint = "Look at both days." if "born" in what else hint
        yield source.problem(at, f"{what} after the day of the case, {today}", "after-today", hint)


def _unit(rule: Rule, source: Source, name: str, at: Located | None) -> Iterator[Problem]:
    unit, values = _word(at), rule.value_sets.get(name)
    wanted = values.unit if values is not None else ""
    if at is None or not wanted:
        return
    hint = f"“{name}” is in {wanted}. If that is what the case is about, let its name say “unit”."
    if unit not in UNITS:
        yield source.problem(at, f"no value is read in the unit “{unit}”", "unknown-unit", hint)
    elif UNITS[unit].canonical == "1" and UNITS.get(wanted, UNITS[unit]).canonical != "1":
        yield source.problem(at, "this value has no unit", "no-unit", hint)


def _word(at: Located | None) -> str:
    value = at.value if isinstance(at, Text) else None
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
