"""DuckDB's expressions as Spark's: macros written out, then each function by the name and rules it has there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sqlglot
from sqlglot import exp

from outreach.flatten.duck import MACROS

# Functions that only DuckDB has; what ``certain`` lets through gives the same here.
_OTHERWISE = (
    "utc(raw) AS CAST(instant(raw) AS TIMESTAMP)",  # the session's zone is UTC
    "number(raw) AS try_cast(raw AS DOUBLE)",  # certain numbers are finite, and have no underscore
)


def spark_sql(duck: str) -> str:
    """An expression of ``duck`` in Spark's SQL, for a session without ANSI mode: what does not cast is NULL."""
    return _each(_written_out(duck), _as_spark).sql("spark")


def _written_out(duck: str) -> exp.Expr:
    """The expression without a call of a macro."""
    return _each(sqlglot.parse_one(duck, read="duckdb"), _inlined)


def _each(tree: exp.Expr, change: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """Every node changed, its parts before itself."""
    whole = exp.paren(tree, copy=False)
    for node in reversed(list(tree.bfs())):
        changed = change(node)
        if changed is not node:
            node.replace(changed)
    changed_tree: exp.Expr = whole.this
    return changed_tree


@cache
def _macros() -> Mapping[str, tuple[tuple[str, ...], str]]:
    """Each macro's parameters and body."""
    found = {}
    for macro in (*MACROS, *_OTHERWISE):
        head, body = macro.split(" AS ", 1)
        name, parameters = head.rstrip(")").split("(")
        found[name] = tuple(parameters.split(", ")), body
    return found


def _inlined(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Anonymous) or node.name not in _macros():
        return node
    parameters, body = _macros()[node.name]
    given = dict(zip(parameters, node.expressions, strict=True))

    def filled(part: exp.Expr) -> exp.Expr:
        if isinstance(part, exp.Column) and not part.table and part.name in given:
            return exp.paren(given[part.name])
        return part

    return exp.paren(_each(_written_out(body), filled), copy=False)


def _as_spark(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.Length():  # in our SQL the length of a list; that of a text is strlen
            return exp.func("size", node.this)
        case exp.Anonymous() if node.name == "strlen":
            return exp.func("octet_length", *node.expressions)
        case exp.Flatten():  # Spark's gives NULL when one of the lists is
            return exp.Flatten(this=_without_nulls(node.this))
        case exp.ToMap():
            pairs = [part for pair in node.this.expressions for part in (pair.this, pair.expression)]
            return exp.Anonymous(this="map", expressions=pairs)
        case exp.Bracket() if not isinstance(node.expressions[0], exp.Literal):
            return exp.func("element_at", node.this, node.expressions[0])
    return node


def _without_nulls(lists: exp.Expr) -> exp.Expr:
    there = exp.Not(this=exp.Is(this=exp.column("each"), expression=exp.Null()))
    return exp.ArrayFilter(this=lists, expression=exp.Lambda(this=there, expressions=[exp.to_identifier("each")]))
