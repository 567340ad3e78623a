"""Secrets that somebody left in a file meant to be shared. Each is told by its place, never by its letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.rulebook.tree import Located

_VALUE = r"(?P<secret>[^\s\"',{}\[\]]{4,})"
#: What it is → how it looks; ``secret`` is the part that must never be shown, all of it where there is none.
_LOOKS: dict[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
    "a login in an address": re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]*://(?P<secret>[^\s/:@]*:[^\s/@]+)@"),
    "a token": re.compile(
        r"(?i:\b(bearer|basic)\s+)(?P<secret>[A-Za-z0-9._~+/-]{12,}=*)"
        r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?"
        r"|\b(ghp|gho|ghs|github_pat|glpat)[_-][A-Za-z0-9_-]{20,}|\bAKIA[0-9A-Z]{16}\b"
    ),
    "a password": re.compile(
        r"(?i:\b(pass(word|wd|phrase)?|pwd|(client|shared)[_ -]?secret|secret|(api|access|secret)[_ -]?key"
        r"|(auth|access|refresh)?[_ -]?token))[\"']?\s*[:=]\s*[\"']?" + _VALUE
    ),
}

#: A letter to strike out; a comment's beginning on a later line stays, for the file must remain one.
_LETTER = re.compile(r"((?<=[\r\n])[ \t]*#?[ \t]*)|[^\r\n]")
MOST_TOLD = 20


def leaks(text: str) -> Iterator[tuple[str, int, int]]:
    """Each secret of a text: what it is, where it starts and where it ends, in characters."""
    for what, looks in _LOOKS.items():
        for match in looks.finditer(text):
            part = "secret" if match.groupdict().get("secret") else 0
            yield what, match.start(part), match.end(part)


def without(text: str, found: list[tuple[str, int, int]]) -> str:
    """The text with every letter of a secret struck out; lines and columns stay."""
    for _, start, end in found:
        text = text[:start] + _LETTER.sub(lambda one: one[1] or "•" * len(one[0]), text[start:end]) + text[end:]
    return text


def place(text: str, start: int, end: int) -> Located:
    """Where a stretch of characters stands in the file."""
    before = re.split("\r\n|\r|\n", text[:start])
    return Located(len(before), len(before[-1]) + 1, max(1, len(text[start:end].splitlines()[0])))
