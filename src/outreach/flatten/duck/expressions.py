"""Each kind of column as DuckDB expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from outreach.flatten import kinds
from outreach.flatten.duck.places import every, first, if_several, literal, quoted, within
from outreach.flatten.places import Step, at


@dataclass(frozen=True)
class Expressions:
    """What a column adds to each layer of its table's SELECT, by name.

    ``losses``: column → (its raw text, its cast) in the inner layers, for counting what a cast nulled.
    ``losses_by_row``: the same where one resource gives several rows, in the layer of the rows.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    casts: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    losses: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    losses_by_row: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def plain(name: str, sql: str) -> Expressions:
    """A column that is its text, or cannot fail."""
    return Expressions({name: sql}, {}, {name: quoted(name)})


def cast(name: str, text: str, macro: str, *more: str) -> Expressions:
    """A column that is a text cast by a macro, and counted where that gives NULL."""
    raw, done = f"{name}_text", f"{name}_cast"
    call = f"{macro}({', '.join([raw, *more])})"
    return Expressions({raw: text}, {done: call}, {name: done}, {name: (raw, done)})


def listed(column: kinds.Listed) -> Expressions:
    """A word as sent, and counted when it is not on the list. Among several, one that is on it speaks before others."""
    name, raw, known = column.name, f"{column.name}_text", f"{column.name}_known"
    word = first(column.place)
    if any(step.many for step in column.place):
        words = f"[{', '.join(map(literal, column.words))}]"
        listed = f"list_filter({every(column.place)}, lambda v: list_contains({words}, v))[1]"
        word = if_several(column.place, f"coalesce({listed}, {word})", word)
    return Expressions({raw: word}, {known: one_of(raw, column.words)}, {name: raw}, {name: (raw, known)})


def one_of(raw: str, words: Iterable[str]) -> str:
    """A text if it is one of these. A map, since IN may become a join, and that gives up the order of the lines."""
    return f"(MAP {{{', '.join(f'{literal(word)}: {literal(word)}' for word in words)}}})[{raw}]"


def single(column: kinds.Text | kinds.Texts | kinds.Stamp | kinds.Instant) -> Expressions:
    """The kinds that need no more than a place."""
    name, place = column.name, column.place
    match column:
        case kinds.Text():
            return plain(name, first(place))
        case kinds.Texts():
            return plain(name, f"list_filter({every(place)}, lambda v: v IS NOT NULL)")
        case kinds.Stamp():
            return cast(name, first(place), "utc")
        case kinds.Instant():
            return cast(name, first(place), "zoned_instant")
    assert_never(column)


def codes(column: kinds.Codes) -> Expressions:
    """The list is walked only where there is one: most facts have none, and lambdas cost more than all other work."""
    there = f"{within('r', column.place, all_of_last=True)} IS NOT NULL"
    coded = f"list_filter({every((*column.place, Step('coding', True)))}, lambda c: c.code IS NOT NULL)"
    written = f"list_transform({coded}, lambda c: concat(c.system, '|', c.code))"
    return plain(column.name, f"CASE WHEN {there} THEN {written} END")


def present(column: kinds.Present) -> Expressions:
    """Whether anything is there."""
    return plain(column.name, f"coalesce({', '.join(map(first, column.places))}) IS NOT NULL")


def days(column: kinds.Days) -> Expressions:
    """A number of days; its raw text is the number and its unit."""
    value, code, unit = (first(place) for place in column.places)
    return cast(
        column.name, f"CASE WHEN {value} IS NOT NULL THEN concat({value}, ' ', coalesce({code}, {unit})) END", "days"
    )


def yes_no(column: kinds.YesNo) -> Expressions:
    """Two codes as true and false."""
    yes, no = literal(column.yes), literal(column.no)
    return plain(column.name, f"CASE {first(column.place)} WHEN {yes} THEN true WHEN {no} THEN false END")


def flag(column: kinds.Flag) -> Expressions:
    """A boolean, or a presence that says the same."""
    said = first(column.place)
    if column.otherwise:
        said = f"coalesce({said}, {first(column.otherwise)})"
    base = cast(column.name, said, "truth")
    if not column.or_present:
        return base
    also = f"{column.name}_also"
    texts = {**base.texts, also: first(column.or_present)}
    shown = f"CASE WHEN {also} IS NOT NULL THEN true ELSE {base.shown[column.name]} END"
    return Expressions(texts, base.casts, {column.name: shown}, base.losses)


def reference(column: kinds.Reference) -> Expressions:
    """The id behind a reference; among several, of the first that fits. A marked element without one is counted."""
    target = literal(column.target)
    if not any(step.many for step in column.place):
        said = first(column.place)
        return cast(column.name, f"coalesce({said}, '')" if column.required else said, "bare_id", target)
    found = plain(column.name, f"{_ids(column)}[1]")
    if not any(step.key for step in column.place):  # others may stand there rightly: a visit has its practitioner
        return found
    raw, marked = f"{column.name}_text", within("r", column.place[:1], all_of_last=True)
    said = f"CASE WHEN len({marked}) > 0 THEN coalesce({first(column.place)}, '') END"
    return replace(found, texts={**found.texts, raw: said}, losses={column.name: (raw, column.name)})


def each_reference(column: kinds.EachReference) -> Expressions:
    """The list of all; whoever takes the rows apart puts one of them in the column."""
    return Expressions({all_of(column.name): _ids(column)}, {}, {column.name: quoted(column.name)})


def all_of(name: str) -> str:
    """The list that an ``EachReference`` has in the layer of texts."""
    return f"{name}_all"


def _ids(column: kinds.Reference | kinds.EachReference) -> str:
    """The list of what a place refers to, as far as it is a target."""
    ids = f"list_transform({every(column.place)}, lambda v: bare_id(v, {literal(column.target)}))"
    return f"list_filter({ids}, lambda v: v IS NOT NULL)"


def preferred(column: kinds.Preferred) -> Expressions:
    """The marked element, or the only one."""
    elements = f"r.{quoted(column.many)}"
    marked = f"list_filter({elements}, lambda e: e.{quoted(column.flag)} = 'true')[1]"
    only = f"CASE WHEN len({elements}) = 1 THEN {elements}[1] END"
    said = every(at(column.place), f"coalesce({marked}, {only})")
    return plain(column.name, f"list_filter({said}, lambda v: v IS NOT NULL)[1]")
