"""Writing a signature into a rule's text, and nothing else: comments and layout stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Map

from outreach.errors import Refused
from outreach.rulebook.located import Mapping, Text, read_bytes

_PLAIN = re.compile(r"[^\W\d_][\w .()’'/&-]*|\d{4}-\d\d-\d\d")
_WORDS = ("true", "false", "null", "yes", "no")


def amend(text: str, changes: Map[str, str], after: str = "approved_by", comments: tuple[str, ...] = ()) -> str:
    """The text with top-level keys set to new words.

    Args:
        text: a YAML mapping.
        changes: key to word. A key that is not there yet goes on a line of its own below ``after``.
        comments: lines of a comment, written below the last of these keys.

    Raises:
        Refused: a key to be changed holds no single word on one line.
    """
    lines = text.splitlines(keepends=True)
    _, top = read_bytes(text.encode(), "rule")
    for key, word in changes.items():
        if top.get(key) is not None:
            _replace(lines, top, key, word)
    new = [f"{key}: {_word(word)}" for key, word in changes.items() if top.get(key) is None]
    place = max(at.line for key, at in top.pairs if key.value in (*changes, after))
    ending = "\r\n" if lines[place - 1].endswith("\r\n") else "\n"
    if not lines[place - 1].endswith("\n"):
        lines[place - 1] += ending
    lines[place:place] = [line + ending for line in (*new, *(f"# {comment}" for comment in comments))]
    return "".join(lines)


def strike(text: str, key: str) -> str:
    """The text without the line of a top-level key, where it has one.

    Raises:
        Refused: the key holds no single word on one line.
    """
    _, top = read_bytes(text.encode(), "rule")
    lines = text.splitlines(keepends=True)
    for name, at in top.pairs:
        if name.value == key:
            if not isinstance(at, Text) or at.line != name.line:
                raise Refused(f"“{key}” must be one word on one line")
            del lines[name.line - 1]
    return "".join(lines)


def _replace(lines: list[str], top: Mapping, key: str, word: str) -> None:
    """Put ``word`` in the value's own place; a comment behind it keeps its column where there is room."""
    at = top.get(key)
    if not isinstance(at, Text) or at.value is None or at.line > len(lines):
        raise Refused(f"“{key}” must be one word on one line")
    line, start = lines[at.line - 1], at.column - 1
    before, behind, new = line[:start], line[start + at.width :], _word(word)
    room = len(behind) - len(behind.lstrip(" "))
    if behind.lstrip(" ").startswith("#"):
        behind = " " * max(room + at.width - len(new), 1) + behind.lstrip(" ")
    lines[at.line - 1] = before + new + behind


def _word(word: str) -> str:
    """A word as YAML writes it: plain where nothing in it could be taken for something else."""
    plain = _PLAIN.fullmatch(word) and word.lower() not in _WORDS and word == word.strip()
    return word if plain else json.dumps(word, ensure_ascii=False)
