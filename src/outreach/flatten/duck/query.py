"""A table's declaration as one SELECT over ``read_json``.

Three layers, so that each text is taken once and cast once: ``texts`` (raw text out of the JSON, one row per
coding), ``casts``, and ``shown`` (the columns as written).
"""

# ruff: noqa: S608 - names come from ``columns``, files and labels are parameters.
from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from outreach.flatten import kinds
from outreach.flatten.duck import expressions, facts
from outreach.flatten.duck.expressions import Expressions
from outreach.flatten.duck.places import literal, quoted
from outreach.flatten.duck.source import careful_source, strict_source
from outreach.flatten.table import Table


def select(table: Table, *, careful: bool = False) -> str:
    """The table's rows from the files ``$files``; ``$label`` names the landing file if it is not their own name.

    ``id`` is NULL on a line that is no certain resource of the table's type. Strict: the query fails at a line that
    is not JSON as declared. ``careful``: such a line is one row, with ``id`` NULL too.
    """
    parts = [express(column) for column in table.columns]
    texts, casts, shown = (_merged(parts, layer) for layer in ("texts", "casts", "shown"))
    texts |= {"id": _id(table), "file": "coalesce($label, parse_filename(r.filename))"}
    source = careful_source(table.schema) if careful else strict_source(table.schema)
    facts = f"SELECT *, {_listed(casts)} FROM (SELECT {_listed(texts)} FROM ({source}) AS r)"
    rows = "SELECT *, unnest(codings) AS coding, unnest(range(1, len(codings) + 1))::INTEGER AS nth"
    if "codings" not in casts:
        rows = "SELECT *, 1::INTEGER AS nth"
    whole = f"{rows} FROM (SELECT *, {_lost(parts)} AS lost FROM ({facts}))"
    return f"SELECT {_listed(shown)}, file, nth, lost FROM ({whole})"


def losing(table: Table) -> tuple[str, ...]:
    """The columns of a table whose cast may give NULL."""
    return tuple(column for part in map(express, table.columns) for column in part.losses)


def express(column: kinds.Column) -> Expressions:
    """One column's share of each layer."""
    match column:
        case kinds.Text() | kinds.Texts() | kinds.Stamp() | kinds.Instant():
            return expressions.single(column)
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


def _id(table: Table) -> str:
    # A list or object sent as a scalar arrives as its JSON text: no id begins like one.
    fit = f"r.\"resourceType\" = {literal(table.resource)} AND r.id <> '' AND substr(r.id, 1, 1) NOT IN ('[', '{{')"
    return f"CASE WHEN {fit} AND r.in_shape THEN r.id END"


def _lost(parts: Iterable[Expressions]) -> str:
    """``[{column, raw}, …]`` of what was there and did not cast; NULL, as good as free, when nothing was lost."""
    pairs = [(column, *pair) for part in parts for column, pair in part.losses.items()]
    gone = {column: f"({raw} IS NOT NULL AND {cast} IS NULL)" for column, raw, cast in pairs}
    entries = [f"CASE WHEN {gone[c]} THEN {{'column': {literal(c)}, 'raw': {raw}}} END" for c, raw, _ in pairs]
    found = f"list_filter([{', '.join(entries)}], lambda e: e IS NOT NULL)"
    return f"CASE WHEN {' OR '.join(gone.values())} THEN {found} END"
