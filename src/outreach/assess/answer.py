"""A criterion's answer as columns, and its four-valued logic.

True, false, unknown (NULL) and *not applicable*: a score outside its population. SQL's own logic is
Kleene's: false AND unknown is false, true OR unknown is true. Not applicable stands as false with
``outside`` set, so that its negation does not turn into true:

    not:  N → N
    all:  F if any F; else N if any N; else U if any U; else T
    any:  T if any T; else U if any U; else N if any N; else F
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import Literal

NO_TEXT = ibis.null("string")
NO_DAY = ibis.null("date")
INSIDE = ibis.literal(False)


@dataclass(frozen=True)
class Answer:
    """Columns over people: the truth (NULL = unknown), the record that decided, and what would settle it.

    ``first`` is the day from which the criterion has held, where that can be told; ``since`` the day on
    which what it found happened; ``outside``: not applicable (``truth`` is then false).
    """

    truth: ir.BooleanValue
    resource: ir.StringValue = NO_TEXT
    on: ir.DateValue = NO_DAY
    value: ir.StringValue = NO_TEXT
    first: ir.DateValue = NO_DAY
    since: ir.DateValue = NO_DAY
    missing: dict[str, ir.BooleanValue] = field(default_factory=dict)
    outside: ir.BooleanValue = INSIDE


def is_null(value: ir.Value) -> bool:
    """A column that is NULL for everyone, as far as its expression shows."""
    node = value.op()
    return isinstance(node, Literal) and node.value is None


def all_of(parts: Sequence[Answer]) -> Answer:
    """True when every part is; holds from the day the last part began to hold."""
    if len(parts) == 1:
        return parts[0]
    truth = ibis.and_(*[_or_outside(part) for part in parts])
    outside = [part.outside for part in parts if part.outside is not INSIDE]
    plain_no = [~part.truth.fill_null(True) & ~part.outside for part in parts]
    out = ibis.or_(*outside) & ~ibis.or_(*plain_no) if outside else INSIDE
    truth = truth & ~out if outside else truth
    days = [part.first for part in parts if not is_null(part.first)]
    return Answer(truth, first=_edge(days, ibis.greatest), missing=_missing(parts, truth), outside=out,
                  since=_edge([p.since for p in parts if not is_null(p.since)], ibis.greatest))  # fmt: skip


def any_of(parts: Sequence[Answer]) -> Answer:
    """True when a part is; holds from the day the first true part began to hold."""
    if len(parts) == 1:
        return parts[0]
    truth = ibis.or_(*[part.truth for part in parts])
    outside = [part.outside for part in parts if part.outside is not INSIDE]
    out = ~truth.fill_null(True) & ibis.or_(*outside) if outside else INSIDE
    first = [_when(part, part.first) for part in parts if not is_null(part.first)]
    since = [(part.truth.fill_null(False), part.since) for part in parts]
    return Answer(truth, first=_edge(first, ibis.least), missing=_missing(parts, truth), outside=out,
                  since=ibis.cases(*since, else_=NO_DAY))  # fmt: skip


def at_least(count: int, parts: Sequence[Answer]) -> Answer:
    """True when ``count`` parts surely are, false when so many cannot be."""
    sure = _sum([part.truth.fill_null(False) for part in parts])
    possible = _sum([part.truth.fill_null(True) for part in parts])
    reach = _sum([part.truth.fill_null(True) | part.outside for part in parts])
    truth = ibis.cases((sure >= count, True), (possible < count, False), else_=ibis.null("boolean"))
    out = (possible < count) & (reach >= count) if any(p.outside is not INSIDE for p in parts) else INSIDE
    return Answer(truth, missing=_missing(parts, truth), outside=out)


def negate(part: Answer) -> Answer:
    """Not; what is not applicable stays so."""
    truth = ~part.truth if part.outside is INSIDE else ~part.truth & ~part.outside
    return Answer(truth, part.resource, part.on, part.value, missing=part.missing, outside=part.outside)


def _or_outside(part: Answer) -> ir.BooleanValue:
    """The truth, with what is not applicable out of the way of unknowns."""
    return part.truth if part.outside is INSIDE else part.truth | part.outside


def _when(part: Answer, day: ir.DateValue) -> ir.DateValue:
    return ibis.ifelse(part.truth, day, NO_DAY)


def _edge(days: Sequence[ir.DateValue], of: object) -> ir.DateValue:
    if not days:
        return NO_DAY
    return days[0] if len(days) == 1 else of(*days)  # type: ignore[operator]


def _sum(flags: Sequence[ir.BooleanValue]) -> ir.IntegerValue:
    total = flags[0].cast("int32")
    for flag in flags[1:]:
        total = total + flag.cast("int32")
    return total


def _missing(parts: Sequence[Answer], truth: ir.BooleanValue) -> dict[str, ir.BooleanValue]:
    """What is missing matters only while the whole is unknown."""
    names = sorted({name for part in parts for name in part.missing})
    return {
        name: truth.isnull() & ibis.or_(*[part.missing[name] for part in parts if name in part.missing])
        for name in names
    }
