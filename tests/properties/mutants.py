"""A rule with one thing about it changed, for every thing that it holds: what a page must not keep to itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from outreach.domain.calendar import Period
from outreach.rulebook.case import Case, GivenFact
from outreach.rulebook.criterion import Age, Defined, Language, Record, ScoreIs
from outreach.rulebook.model import Counts, DueRow, Expected, ParameterValue, Rule, Worklist
from outreach.rulebook.records import SETTINGS
from outreach.rulebook.terms import Stretch, ValueSet, Window

#: What says nothing of a person: where a rule stands, who signed it, how its file is laid out.
SILENT = {
    Rule: ("hash", "path", "later", "approved_hash", "approved_by", "signed", "status"),
    Case: ("line", "column"),
    #: what a name stands for is on the page where the name is explained, and changes there
    Defined: ("of",),
    Window: ("stretch",),
    Age: ("at_start_of",),
    Stretch: ("base",),
    #: a heading, and not what an approver signs: the codes are
    ValueSet: ("name", "title"),
}
_SAMPLES: dict[type, object] = {
    Period: Period(77, "days"),
    date: date(2031, 1, 1),
    str: "something-else",
    int: 77,
    float: 77.5,
    Worklist: Worklist("another-list", "somebody", Period(3, "days")),
    Expected: Expected(77, 7777),
    Age: Age(33, 44),
}

Mutant = tuple[str, Any]  #: where the change is, and the changed value


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Each way to change one number, word, flag, choice or place in a list, with where that is."""
    return _of_dataclass(rule)


def _of_dataclass(value: Any) -> Iterator[Mutant]:
    kind = type(value)
    if isinstance(value, Language):  # two or three letters: no other word can be written
        yield "Language.languages another", replace(value, languages=("yo", *value.languages[1:]))
        return
    for field in fields(kind):
        if field.name in SILENT.get(kind, ()):
            continue
        for where, changed in _of(getattr(value, field.name), _hints(kind)[field.name]):
            made = replace(value, **{field.name: changed})
            if _can_be_written(made):
                yield f"{kind.__name__}.{field.name} {where}".strip(), made


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _of(value: Any, hint: Any) -> Iterator[Mutant]:
    choices = _alternatives(hint)
    if value is None:
        yield from (("given", _SAMPLES[each]) for each in choices if each in _SAMPLES)
    elif get_origin(choices[0]) is Literal:
        yield from ((f"{value} → {word}", word) for word in get_args(choices[0]) if word != value)
    elif is_dataclass(value):
        yield from _of_dataclass(value)
    elif isinstance(value, tuple):
        yield from _of_list(value, hint)
    elif isinstance(value, dict):
        yield from ((f"{name} {where}", {**value, name: made})
                    for name, each in value.items() for where, made in _of_dataclass(each))  # fmt: skip
    else:
        yield from _of_word(value)
    if value is not None and type(None) in choices:
        yield "left out", None


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _of_word(value: Any) -> Iterator[Mutant]:
    if isinstance(value, bool):
        yield f"{value} → {not value}", not value
    elif isinstance(value, int | float):
        yield "more", value + 1
    elif isinstance(value, date):
        yield "later", value + timedelta(days=1)
    else:
        yield "another word", f"{value}-else" if value else "something-else"
        if value:
            yield "left out", ""


def _of_list(value: tuple[Any, ...], hint: Any) -> Iterator[Mutant]:
    """Each item changed or left out, and each two neighbours in the other order."""
    inner = get_args(hint)
    open_ended = inner[-1] is Ellipsis
    for place, item in enumerate(value):
        for where, changed in _of(item, inner[0 if open_ended else place]):
            yield f"[{place}] {where}", (*value[:place], changed, *value[place + 1 :])
        if not open_ended:
            continue
        yield f"[{place}] left out", (*value[:place], *value[place + 1 :])
        if place and value[place - 1] != item and is_dataclass(item):
            yield f"[{place}] first", (*value[: place - 1], item, value[place - 1], *value[place + 1 :])


def _can_be_written(made: Any) -> bool:
    """Whether the language has words for it: most of what cannot be is a field that another kind of thing has."""
    if isinstance(made, Record):
        bare = Record(made.kind, made.codes, absent=made.absent)
        own = {"settings": ("visit",), "discharged_to": ("visit",), "active": ("diagnosis",), "value": ("finding",),
               "has_value": ("finding",), "site": ("diagnosis", "procedure")}  # fmt: skip
        fits = all(made.kind in kinds for name, kinds in own.items() if getattr(made, name))
        words = all(set(each) <= set(made.settings) or not set(each) & set(made.settings) for each in SETTINGS.values())
        return (
            fits
            and words
            and (made.kind != "close-relative" or made == bare)
            and bool(made.codes or made.kind == "visit")
        )
    if isinstance(made, Stretch):
        return (made.base is None) == (made.form == "ends")
    if isinstance(made, DueRow):
        asked = made.never_tested or bool(made.tests or made.results)
        none = DueRow((), (), Period(0, "days"), made.overdue, made.source, never_tested=True)
        return asked and (made.due is None) == (made.overdue is None) and (not made.never_tested or made == none)
    if isinstance(made, GivenFact):
        return not made.unit or made.value[:1].isdigit()
    if isinstance(made, ParameterValue):
        return not (made.unit and isinstance(made.value, Period))
    if isinstance(made, ValueSet):
        return bool(made.molar) == bool(made.molar_unit)
    if isinstance(made, Period):
        return made.count != 0 or made.unit == "days"
    if isinstance(made, Counts):
        return bool(made.beside or made.beside_within == Period(0, "days"))
    if isinstance(made, Window):
        return (made.period is not None) == (made.relation in ("within", "for"))
    return not isinstance(made, ScoreIs) or made.low is not None or made.below is not None
