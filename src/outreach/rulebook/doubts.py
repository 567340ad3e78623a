"""What a rule's author was not sure of: their own words, in comments and in the files of value sets.

An approver sees them on the page. What is called unconfirmed is not signed by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A comment of YAML: a # at the start of a line or after a space, and outside quotation marks.
_COMMENT = re.compile(r"""^(?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)#)*?(?:^|(?<=\s))#\s*(.*)$""")
_DOUBT = re.compile(r"unconfirmed|confirm|doubt|not sure", re.IGNORECASE)


@dataclass(frozen=True)
class Doubt:
    """A comment that holds a doubt. ``open``: it says unconfirmed, and not merely who is to confirm it."""

    line: int
    says: str

    @property
    def open(self) -> bool:
        return "unconfirmed" in self.says.lower()


def doubts(text: str) -> Iterator[Doubt]:
    """The doubts in a file's comments, with their lines from 1."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _COMMENT.match(line)
        if found and _DOUBT.search(found[1]):
            yield Doubt(number, found[1].strip())
