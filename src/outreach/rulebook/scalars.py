"""Plain scalars by the YAML 1.2 core schema, without octal, hexadecimal and words in capitals.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re

from outreach.rulebook.tree import Scalar

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")
LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}


def plain(raw: str) -> Scalar:
    """The value of a scalar without quotes: ``NO``, ``on``, ``True`` and ``12:30`` stay words."""
    if raw in _WORDS:
        return _WORDS[raw]
    if _INT.fullmatch(raw):
        return int(raw)
    return float(raw) if _FLOAT.fullmatch(raw) else raw
