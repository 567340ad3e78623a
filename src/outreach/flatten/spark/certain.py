"""Which lines both engines read alike. Every other one is left to DuckDB, whatever Spark would make of it.

Spark's reader takes what DuckDB's refuses (two resources on a line, half a character, a key given twice) and casts
what DuckDB does not (1e3f, 2024-1-5). So of a line each part is asked for the usual form; that it has another is no
fault of the line, and costs only its reading on the driver.
"""

from __future__ import annotations

from typing import assert_never

from outreach.flatten import kinds
from outreach.flatten.duck import LONGEST_LINE
from outreach.flatten.places import Node
from outreach.flatten.table import Table

_DAY = r"(?!0000)[0-9]{4}(-[01][0-9](-[0-3][0-9](T[ -~]*)?)?)?"
_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"
_INSTANT = (
    rf"(?!0000)[0-9]{{4}}-[01][0-9]-[0-3][0-9]T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{{1,6}})?{_ZONE}?"
)
_NUMBER = r"-?[0-9]{1,15}([.][0-9]{1,15})?"
_DAYS = r"[0-9]{1,9} [ -~]*"
# Half a character, or one that no text may hold, written as an escape.
_ODD_ESCAPE = r"\\u([dD][89abcdefABCDEF]|00[01])"

# A line longer than DuckDB is sure of, of which only that is known: no other line is a line feed.
LINE = f"CASE WHEN octet_length(value) <= {LONGEST_LINE} THEN value ELSE '\\n' END AS value"
BLANK = r"value RLIKE r'\A[ \t\r\x0B\f]*\z'"  # as DuckDB has it
OPTIONS = {  # of from_json: JSON and nothing else
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": "misshapen",
    "allowSingleQuotes": "false",
    "allowNonNumericNumbers": "false",
}

# What follows a resource on its line is not looked at by either function, so each gets the line in other brackets.
PARSED = "'{\"r\":' || value || '}'"
SOUND = (
    f"is_valid_utf8(value) AND NOT value RLIKE r'{_ODD_ESCAPE}' "
    "AND try_parse_json('[' || value || ']') IS NOT NULL"  # NULL also where a key is given twice
)


def spark_type(node: Node) -> str:
    """A schema as a Spark type; every scalar is STRING, a number as it was written."""
    inner = ", ".join(f"`{name}`: {spark_type(child)}" for name, child in node.fields)
    whole = f"STRUCT<{inner}>" if inner else "STRING"
    return f"ARRAY<{whole}>" if node.many else whole


def nested(node: Node, at: str = "r", depth: int = 0) -> str:
    """Whether a list or an object stands where a scalar belongs: its text is not the same in both engines."""
    if node.many:
        each = f"e{depth}"
        return f"coalesce(exists({at}, {each} -> {nested(Node(fields=node.fields), each, depth + 1)}), false)"
    if node.fields:
        return "(" + " OR ".join(nested(child, f"{at}.`{name}`", depth) for name, child in node.fields) + ")"
    return f"(coalesce(substr({at}, 1, 1) IN ('[', '{{'), false) AND try_parse_json({at}) IS NOT NULL)"


def unusual(table: Table) -> str:
    """Whether a text that is cast has another than the usual form; over the layer of ``texts``."""
    forms = [pair for column in table.columns for pair in _forms(column)]
    return " OR ".join(f"NOT coalesce({text} RLIKE r'\\A{form}\\z', true)" for text, form in forms) or "false"


def _forms(column: kinds.Column) -> list[tuple[str, str]]:
    """Of each text that a column casts: its name and the usual form."""
    match column:
        case kinds.Dates():
            return [(f"{column.name}_begin", _DAY), (f"{column.name}_finish", _DAY)]
        case kinds.Stamp() | kinds.Instant():
            return [(f"{column.name}_text", _INSTANT)]
        case kinds.Quantity():
            return [("value_sent", _NUMBER)]
        case kinds.Days():
            return [(f"{column.name}_text", _DAYS)]
        case kinds.Text() | kinds.Listed() | kinds.Texts() | kinds.Codes() | kinds.Present() | kinds.YesNo():
            return []
        case kinds.Flag() | kinds.Preferred() | kinds.Coding() | kinds.Reference() | kinds.EachReference():
            return []
    assert_never(column)
