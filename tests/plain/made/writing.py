"""A made-up rule as YAML, the way a nurse would write it: sections and rows in lines, criteria in flow style."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z][\w /%-]*|\d+ [a-z]+|\d{4}-\d\d-\d\d|\d+\*\d+/L")
_RESERVED = ("true", "false", "null")
#: The row of whoever has had no test yet.
NEVER_SCANNED = {"scan": "none", "due": "when-first-at-risk", "overdue": "1 month", "source": "nobody"}


def opening(name: str) -> dict[str, object]:
    """What stands at the head of a rule, whatever it asks; its one test is an image-a."""
    return {
        "rule": name,
        "title": name,
        "status": "draft",
        "owner": "x",
        "approved_by": "nobody-yet",
        "review_by": "2027-01-01",
        "sources": {"nobody": "made up"},
        "tests": {"scan": "image-a"},
    }


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
