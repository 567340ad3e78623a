"""A made-up rule as YAML, the way a nurse would write it: sections and rows in lines, criteria in flow style."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z][\w /%-]*|\d+ [a-z]+|\d{4}-\d\d-\d\d|\d+\*\d+/L")
_RESERVED = ("true", "false", "null")


def written(rule: dict[str, object]) -> str:
    """The text of a rule."""
    return "".join(_entry(key, value) for key, value in rule.items())


def _entry(key: str, value: object) -> str:
    if isinstance(value, dict):
        return f"{key}:\n" + "".join(f"  {_flow(name)}: {_flow(inner)}\n" for name, inner in value.items())
    if isinstance(value, list) and key == "next_due":
        return f"{key}:\n" + "".join(f"  - {_flow(row)}\n" for row in value)
    return f"{key}: {_flow(value)}\n"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _RESERVED:
        return value
    return json.dumps(value)
