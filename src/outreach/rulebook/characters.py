"""Bytes to text: UTF-8 and nothing that an eye cannot see."""

from __future__ import annotations

import re

from outreach.errors import Problem, Refused

#: Control characters, half characters, and those that hide or reorder text.
#: Source: https://www.unicode.org/reports/tr36/
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SAVE = "Save it as UTF-8."
MOST_TOLD = 10


def as_text(raw: bytes, name: str) -> str:
    """The text of a file. A byte order mark of UTF-8, as some editors write it, is no part of it.

    Raises:
        Refused: the bytes are not UTF-8, or hold a character that cannot be seen.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.count(0) > len(raw) // 4:
        raise Refused([Problem(name, 1, 1, "the file is UTF-16 text", "encoding", _SAVE)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8-sig", errors="replace"))
        raise Refused([Problem(name, line, column, "the file is not UTF-8 text", "encoding", _SAVE)]) from error
    hidden = [_hidden(name, text, match) for match, _ in zip(HIDDEN.finditer(text), range(MOST_TOLD), strict=False)]
    if hidden:
        raise Refused(hidden)
    return text


def _hidden(name: str, text: str, match: re.Match[str]) -> Problem:
    line, column = _place(text[: match.start()])
    what = f"an invisible character stands here (U+{ord(match[0]):04X})"
    return Problem(name, line, column, what, "invisible-character", "Delete it and type the words around it again.")


def _place(before: str) -> tuple[int, int]:
    """Line and column of what comes after a text."""
    lines = re.split("\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1
