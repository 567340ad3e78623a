"""A table's declaration as one SELECT over ``read_json``.

Three layers, so that each text is taken once and cast once: ``texts`` (raw text out of the JSON, one row per
coding), ``casts``, and ``shown`` (the columns as written).
"""

# ruff: noqa: S608 - names come from ``columns``, files and labels are parameters.
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from outreach.flatten import kinds
from outreach.flatten.duck import components, expressions, facts
from outreach.flatten.duck.expressions import Expressions
from outreach.flatten.duck.places import literal, quoted
from outreach.flatten.duck.source import careful_source, strict_source
from outreach.flatten.table import Table


@dataclass(frozen=True)
class Layers:
    """A table's declaration as expressions, each layer over the one before it.

    ``fit``: whether a line, parsed as ``r``, is a resource of the table's type that can be asked for. ``lost`` stands
    beside ``casts``; ``lost_by_row`` beside ``shown``. With ``by_coding``, ``casts`` has a list ``codings``, and each
    of them, as ``coding``, is a row. ``each`` is the column, or empty, of which ``texts`` has a list under
    ``expressions.all_of``: each of them is a resource's rows once more.
    """

    fit: str
    texts: dict[str, str]
    casts: dict[str, str]
    lost: str
    by_coding: bool
    each: str
    shown: dict[str, str]
    lost_by_row: str


def layers(table: Table) -> Layers:
    """What every engine makes of a table. The functions it calls are ``MACROS``."""
    parts = [express(column) for column in table.columns]
    texts, casts, shown = (_merged(parts, layer) for layer in ("texts", "casts", "shown"))
    each = next((column.name for column in table.columns if isinstance(column, kinds.EachReference)), "")
    return Layers(_fit(table), texts, casts, _lost(parts), "codings" in casts, each, shown, _lost_by_row(parts))


def select(table: Table, *, careful: bool = False) -> str:
    """The table's rows from the files ``$files``; ``$label`` names the landing file if it is not their own name.

    ``id`` is NULL on a line that is no certain resource of the table's type. Strict: the query fails at a line that
    is not JSON as declared. ``careful``: such a line is one row, with ``id`` NULL too.
    """
    of = layers(table)
    file = "coalesce($label, parse_filename(r.filename))"
    texts = of.texts | {"id": f"CASE WHEN {of.fit} AND r.in_shape THEN r.id END", "file": file}
    source = careful_source(table.schema) if careful else strict_source(table.schema)
    before = "0"  # how many rows of the resource stand before those of these codings
    if table.components:
        source = components.each_part(source, table.components)
        texts["codings_before"] = "r.codings_before"
        before = "codings_before"
    facts = f"SELECT *, {_listed(of.casts)} FROM (SELECT {_listed(texts)} FROM ({source}) AS r)"
    facts = f"SELECT *, {of.lost} AS lost FROM ({facts})"
    if of.each:
        facts, before = components.each_of(facts, of.each), "others_before * len(codings)"
    rows = "SELECT *, 1::INTEGER AS nth"
    if of.by_coding:
        numbers = f"range({before} + 1, {before} + len(codings) + 1)"
        rows = f"SELECT *, unnest(codings) AS coding, unnest({numbers})::INTEGER AS nth"
    whole = f"{rows} FROM ({facts})"
    return f"SELECT {_listed(of.shown)}, file, nth, {of.lost_by_row} AS lost FROM ({whole})"


def losing(table: Table) -> tuple[str, ...]:
    """The columns of a table whose cast may give NULL."""
    return tuple(column for part in map(express, table.columns) for column in (*part.losses, *part.losses_by_row))


def express(column: kinds.Column) -> Expressions:
    """One column's share of each layer."""
    match column:
        case kinds.Text() | kinds.Texts() | kinds.Stamp() | kinds.Instant():
            return expressions.single(column)
        case kinds.Listed():
            return expressions.listed(column)
        case kinds.Codes():
            return expressions.codes(column)
        case kinds.Present():
            return expressions.present(column)
        case kinds.Days():
            return expressions.days(column)
        case kinds.YesNo():
            return expressions.yes_no(column)
        case kinds.Flag():
            return expressions.flag(column)
        case kinds.Reference():
            return expressions.reference(column)
        case kinds.EachReference():
            return expressions.each_reference(column)
        case kinds.Preferred():
            return expressions.preferred(column)
        case kinds.Coding():
            return facts.coding(column)
        case kinds.Dates():
            return facts.dates(column)
        case kinds.Quantity():
            return facts.quantity(column)
    assert_never(column)


def _merged(parts: Iterable[Expressions], layer: str) -> dict[str, str]:
    return {name: sql for part in parts for name, sql in getattr(part, layer).items()}


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())


def _fit(table: Table) -> str:
    # A list or object sent as a scalar arrives as its JSON text: no id begins like one.
    # One that holds a slash or begins with a space cannot be asked for: mend.py knows the same rule.
    fit = f"r.\"resourceType\" = {literal(table.resource)} AND r.id <> '' AND NOT contains(r.id, '/')"
    return fit + " AND substr(r.id, 1, 1) NOT IN ('[', '{') AND NOT starts_with(r.id, ' ')"


def _lost(parts: Iterable[Expressions]) -> str:
    """``[{column, raw}, …]`` of what was there and did not cast; NULL, as good as free, when nothing was lost."""
    pairs = [(column, *pair) for part in parts for column, pair in part.losses.items()]
    gone = {column: _gone(raw, cast) for column, raw, cast in pairs}
    entries = [f"CASE WHEN {gone[c]} THEN {_entry(c, raw)} END" for c, raw, _ in pairs]
    found = f"list_filter([{', '.join(entries)}], lambda e: e IS NOT NULL)"
    return f"CASE WHEN {' OR '.join(gone.values())} THEN {found} END"


def _lost_by_row(parts: Iterable[Expressions]) -> str:
    """The same, and what this row alone has lost."""
    lost = "lost"
    for column, (raw, cast) in ((c, pair) for part in parts for c, pair in part.losses_by_row.items()):
        more = f"list_append(coalesce({lost}, []), {_entry(column, raw)})"
        lost = f"CASE WHEN {_gone(raw, cast)} THEN {more} ELSE {lost} END"
    return lost


def _gone(raw: str, cast: str) -> str:
    return f"({raw} IS NOT NULL AND {cast} IS NULL)"


def _entry(column: str, raw: str) -> str:
    return f"{{'column': {literal(column)}, 'raw': {raw}}}"
