"""What a rule's author was not sure of: their own words, in comments and in the files of value sets.

An approver sees them on the page. What is called unconfirmed is not signed by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A comment of YAML: a # at the start of a line or after a space, and outside quotation marks.
_COMMENT = re.compile(r"""^(?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)#)*?(?:^|(?<=\s))#\s*(.*)$""")
_DOUBT = re.compile(
    r"confirm|doubt|not sure\b|\bdrafts?\b|not (?:\w+ )?(?:read|seen|checked|final)\b|was not read"
    r"|read whole|before you sign|approver|superseded",
    re.IGNORECASE,
)
_OPEN = re.compile(r"unconfirmed|before you sign|not (?:\w+ )?read\b|n\w+ \w+ was read whole", re.IGNORECASE)
_SETTLED = re.compile(r"(?:all |all codes and names )?confirmed\.?", re.IGNORECASE)
_ALONE = re.compile(r"^\s*#")  #: a line that is nothing but a comment: several in a row are one remark


@dataclass(frozen=True)
class Doubt:
    """A comment that holds a doubt. ``open``: it says unconfirmed, or that a source was not read, and not merely
    who is to confirm it."""

    line: int
    says: str

    @property
    def open(self) -> bool:
        return bool(_OPEN.search(self.says))


def doubts(text: str) -> Iterator[Doubt]:
    """The doubts in a file's comments, with their lines from 1; of a remark of several lines, the first."""
    return (remark for remark in _remarks(text) if doubtful(remark.says))


def doubtful(words: str) -> bool:
    """Whether words say that something is not settled."""
    return bool(_DOUBT.search(words)) and not _SETTLED.fullmatch(words.strip())


def _remarks(text: str) -> Iterator[Doubt]:
    alone: list[str] = []  #: the lines of a remark that goes on
    for number, line in enumerate([*text.splitlines(), ""], 1):
        found = _COMMENT.match(line)
        if found and _ALONE.match(line):
            alone.append(found[1].strip())
            continue
        if alone:
            yield Doubt(number - len(alone), " ".join(alone))
            alone = []
        if found:
            yield Doubt(number, found[1].strip())
