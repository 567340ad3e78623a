"""A preview as one JSON object; null is a number that may not be shown."""

from __future__ import annotations

import json

import pandas as pd

from outreach.preview.run import Preview


def as_json(found: Preview) -> str:
    """One line. ``movers`` stands there only when asked for, for the care team."""
    told = {
        "rule": found.now.name,
        "hash": found.now.hash,
        "against": found.was.hash,
        "against_rule": found.was.name,
        "as_of": found.ground.as_of.isoformat(),
        "within_expected": found.within_expected,
        "attrition": _rows(found.comparison.attrition),
        "changes": _rows(found.comparison.changes),
        "groups": _rows(found.comparison.groups),
    }
    if found.movers:
        keys = ("person", "was", "was_reason", "now", "now_reason")
        told["movers"] = [dict(zip(keys, mover, strict=True)) for mover in found.movers]
    return json.dumps(told, ensure_ascii=False)


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a table: whole numbers, shares to four places, null for what is not shown."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    return round(value, 4) if isinstance(value, float) else int(value)  # type: ignore[call-overload]
