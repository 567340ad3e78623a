"""Shapes that many keys share; the schema says each once and refers to it."""

from __future__ import annotations

from outreach.rulebook.forms import Schema
from outreach.rulebook.patterns import DAY, NAME, PARTIAL_DAY, PERIOD

#: Wherever a number or a period may stand, the name of a parameter may.
PARAMETER: Schema = {"$ref": "#/$defs/name"}
#: A year alone is a number in YAML.
YEAR: Schema = {"type": "integer", "minimum": 1000, "maximum": 9999}
SHAPES: Schema = {
    "text": {"type": "string", "pattern": "\\S"},
    "name": {"type": "string", "pattern": f"^{NAME}$"},
    "period": {"type": "string", "anyOf": [{"pattern": f"^{PERIOD}$"}, PARAMETER]},
    "day": {"type": "string", "format": "date", "pattern": f"^{DAY}$"},
    "partial-day": {"anyOf": [{"type": "string", "pattern": f"^{PARTIAL_DAY}$"}, YEAR]},
    "value-set": {"type": "string", "pattern": f"^({NAME}|[0-9]+([.][0-9]+)+)$"},
}


def shape(name: str) -> Schema:
    """A reference to one of SHAPES."""
    return {"$ref": f"#/$defs/{name}"}
