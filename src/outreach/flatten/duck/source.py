"""A table's JSON schema as a DuckDB read: strict and fast, or careful."""

# ruff: noqa: S608 - names come from ``columns``, files are parameters.
from __future__ import annotations

from outreach.flatten.duck.places import literal, quoted
from outreach.flatten.places import Node

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one resource. DuckDB ends a whole read at a longer line; we then quarantine that line."""


def duck_type(node: Node) -> str:
    """A schema as a DuckDB type; every scalar is VARCHAR."""
    inner = ", ".join(f"{quoted(name)} {duck_type(child)}" for name, child in node.fields)
    return (f"STRUCT({inner})" if inner else "VARCHAR") + ("[]" if node.many else "")


def strict_source(shape: Node) -> str:
    """Fails at the first line that is not JSON, and wherever a list or object stands in another's place."""
    types = {name: duck_type(node) for name, node in shape.fields}
    return f"SELECT *, true AS in_shape FROM {_read_json(types, ignore_errors=False)}"


def careful_source(shape: Node) -> str:
    """The same columns, all NULL on a line that is not JSON; ``in_shape`` is false where the strict read fails.

    Half as fast: each part is kept as JSON first, since a lenient read alone drops a misshapen part in silence.
    """
    parts = [(name, node) for name, node in shape.fields if _is_part(node)]
    types = {name: "JSON" if _is_part(node) else "VARCHAR" for name, node in shape.fields}
    scalars = [quoted(name) for name, node in shape.fields if not _is_part(node)]
    taken = [f"from_json({quoted(name)}, {literal(_structure(node))}) AS {quoted(name)}" for name, node in parts]
    amiss = " OR ".join(check for name, node in parts for check in _checks(quoted(name), "$", node)) or "false"
    wanted = ", ".join([*scalars, *taken, "filename", f"NOT ({amiss}) AS in_shape"])
    return f"SELECT {wanted} FROM {_read_json(types, ignore_errors=True)}"


def _is_part(node: Node) -> bool:
    return bool(node.fields) or node.many


def _read_json(types: dict[str, str], *, ignore_errors: bool) -> str:
    columns = ", ".join(f"{quoted(name)}: {literal(type_)}" for name, type_ in types.items())
    return (
        f"read_json($files, columns = {{{columns}}}, format = 'newline_delimited', filename = true, "
        f"ignore_errors = {ignore_errors}, maximum_object_size = {LONGEST_LINE})"
    )


def _structure(node: Node) -> str:
    fields = ", ".join(f'"{name}": {_structure(child)}' for name, child in node.fields)
    whole = f"{{{fields}}}" if fields else '"VARCHAR"'
    return f"[{whole}]" if node.many else whole


def _checks(column: str, path: str, node: Node) -> list[str]:
    """For each list and object of the schema: is something else there?"""
    checks = []
    if node.many:
        checks.append(_other_than("ARRAY", column, path))
        path += "[*]"
    if node.fields:
        checks.append(_other_than("OBJECT", column, path))
    return checks + [check for name, child in node.fields for check in _checks(column, f'{path}."{name}"', child)]


def _other_than(type_: str, column: str, path: str) -> str:
    types = f"json_type({column}, {literal(path)})"
    if "[*]" not in path:  # a wildcard gives a list of types already
        types = f"[{types}]"
    return f"coalesce(len(list_filter({types}, lambda t: t NOT IN ({literal(type_)}, 'NULL'))) > 0, false)"
