"""A criterion's answer as columns, and three-valued logic over answers.

SQL's own logic is Kleene's: false AND unknown is false, true OR unknown is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import Literal

NO_TEXT = ibis.null("string")
NO_DAY = ibis.null("date")


@dataclass(frozen=True)
class Answer:
    """Columns over people: the truth (NULL = unknown), the record that decided, and what would settle it.

    ``first`` is the day from which the criterion has held, where that can be told; ``since`` the day on
    which what it found happened.
    """

    truth: ir.BooleanValue
    resource: ir.StringValue = NO_TEXT
    on: ir.DateValue = NO_DAY
    value: ir.StringValue = NO_TEXT
    first: ir.DateValue = NO_DAY
    since: ir.DateValue = NO_DAY
    missing: dict[str, ir.BooleanValue] = field(default_factory=dict)


FIELDS = ("truth", "resource", "on", "value", "first", "since")


def store(answer: Answer, index: int | str) -> tuple[dict[str, ir.Value], dict[str, str]]:
    """A leaf's answer as columns, so that it is computed once however often it is used.

    Returns:
        The columns, and which column holds which field; what is always NULL or the same as another
        field gets no column of its own.
    """
    columns: dict[str, ir.Value] = {}
    where: dict[str, str] = {}
    parts = {name: getattr(answer, name) for name in FIELDS} | {f"missing {n}": t for n, t in answer.missing.items()}
    for name, value in parts.items():
        if isinstance(value.op(), Literal) and value.op().value is None:
            continue
        same = next((column for column, known in columns.items() if known.equals(value)), None)
        where[name] = same or f"l{index}_{name.replace(' ', '_').replace('-', '_')}"
        columns.setdefault(where[name], value)
    return columns, where


def restore(people: ir.Table, where: dict[str, str]) -> Answer:
    """The answer that ``store`` kept in columns of ``people``."""
    found = {name: people[column] for name, column in where.items()}
    missing = {n.removeprefix("missing "): test for n, test in found.items() if n.startswith("missing ")}
    fields = {name: found[name] for name in FIELDS if name in found and name != "truth"}
    return Answer(found.get("truth", ibis.null("boolean")), missing=missing, **fields)


def all_of(parts: Sequence[Answer]) -> Answer:
    """True when every part is; holds from the day the last part began to hold."""
    truth = ibis.and_(*[part.truth for part in parts])
    first = parts[0].first if len(parts) == 1 else ibis.greatest(*[part.first for part in parts])
    return _joined(parts, truth, first, want=False)


def any_of(parts: Sequence[Answer]) -> Answer:
    """True when a part is; holds from the day the first true part began to hold."""
    truth = ibis.or_(*[part.truth for part in parts])
    days = [ibis.ifelse(part.truth, part.first, NO_DAY) for part in parts]
    return _joined(parts, truth, days[0] if len(days) == 1 else ibis.least(*days), want=True)


def at_least(count: int, parts: Sequence[Answer]) -> Answer:
    """True when ``count`` parts surely are, false when so many cannot be."""
    sure = _sum([part.truth.fill_null(False) for part in parts])
    possible = _sum([part.truth.fill_null(True) for part in parts])
    truth = ibis.cases((sure >= count, True), (possible < count, False), else_=ibis.null("boolean"))
    return _joined(parts, truth, NO_DAY, want=True)


def negate(part: Answer) -> Answer:
    return Answer(~part.truth, part.resource, part.on, part.value, missing=part.missing)


def _sum(flags: Sequence[ir.BooleanValue]) -> ir.IntegerValue:
    total = flags[0].cast("int32")
    for flag in flags[1:]:
        total = total + flag.cast("int32")
    return total


def _joined(parts: Sequence[Answer], truth: ir.BooleanValue, first: ir.DateValue, *, want: bool) -> Answer:
    """Evidence of the first part whose truth is ``want``; what is missing matters only while unknown."""
    deciding = [(part.truth if want else ~part.truth).fill_null(False) for part in parts]

    def pick(column: str, default: ir.Value) -> ir.Value:
        branches = [(test, getattr(part, column)) for test, part in zip(deciding, parts, strict=True)]
        return ibis.cases(*branches, else_=default)

    names = sorted({name for part in parts for name in part.missing})
    missing = {
        name: truth.isnull() & ibis.or_(*[part.missing[name] for part in parts if name in part.missing])
        for name in names
    }
    last = parts[0]
    return Answer(
        truth,
        pick("resource", last.resource),
        pick("on", last.on),
        pick("value", last.value),
        first,
        pick("since", NO_DAY),
        missing,
    )
