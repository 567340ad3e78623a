"""Slips that a parser notices lines later: a quote that does not end, a colon without its space, a space that is none.

Sought only in text that YAML cannot read, save for odd spaces that indent a line. What is found names the slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from outreach.rulebook.tree import Located, Source

#: What looks like a space and is none to YAML: no-break, figure, narrow no-break, ideographic.
_ODD = "[\u00a0\u2007\u202f\u3000]"
_BLOCK = re.compile(r"[:-] +[>|][-+0-9]*\s*(?:#.*)?$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
_AFTER = re.compile(r"\s*(?:$|[,}\]:]|(?<=\s)#)")
NO_SPACE = re.compile(r"([\w-]+:)(?=[{\[])")
_KEY = re.compile(r"\s*(?:- )?[\w-]+:(?:\s|$)")
#: A comment; a quote where a value begins; a colon without its space; an odd space where a plain one must stand.
_NEXT = re.compile(
    r"(?P<comment>(?:^|(?<=\s))#)|(?:^\s*(?:- +)*|: +|(?P<flow>[,{\[]) *)(?P<quote>[\"'])"
    rf"|[\w-](?P<colon>:)[{{\[\"']|(?:^\s*|[:,{{\[-] *)(?P<odd>{_ODD})"
)

#: Where, what is wrong, and what to do.
Stumble = tuple[Located, str, str]


def odd_indents(source: Source) -> Iterator[Stumble]:
    """Lines that begin with a space that is none."""
    for number, line in enumerate(source.lines, 1):
        if found := re.match(f" *(?={_ODD})", line):
            yield _space(number, found.end(), line)


def with_plain_indents(text: str) -> str:
    """The text as its author sees it, to find what else is wrong with it; each place stays what it was."""
    return re.sub(f"(?m)^(?: |{_ODD})+", lambda found: " " * len(found[0]), text)


def first_stumble(source: Source, noticed: int) -> Stumble | None:
    """The first slip at or above the line in which the parser noticed that something is wrong."""
    skip_to, indent = 0, -1
    for number, line in enumerate(source.lines[:noticed], 1):
        deep = len(line) - len(line.lstrip())
        if number < skip_to or (indent >= 0 and (not line.strip() or deep > indent)):
            continue
        indent = deep if _BLOCK.search(line) else -1
        skip_to = _closes(source.lines, number) or 0
        found = None if skip_to else _in_line(number, line)
        if found is not None:
            return found
    return None


def _in_line(number: int, line: str) -> Stumble | None:
    place = 0
    while (found := _NEXT.search(line, place)) and not found["comment"]:
        if found["odd"]:
            return _space(number, found.start("odd"), line)
        if found["colon"]:
            at = Located(number, found.start("colon") + 1, 1)
            word = re.split(r"[\s{\[,]", line[: found.end("colon")])[-1]
            what, _, hint = no_space(word, line[found.end("colon")])
            return at, what, hint
        opens = found.start("quote")
        quoted = _QUOTED.match(line, opens)
        if quoted is None:
            return _open(number, opens, line)
        if not _AFTER.match(line, quoted.end()) and not (
            found["flow"] == "," and not re.search(r"[{\[]", line[:opens])
        ):
            return _goes_on(number, quoted, line)
        place = quoted.end()
    return None


def no_space(word: str, then: str) -> tuple[str, str, str]:
    """What to say of a word with its colon that runs into what comes then."""
    return "no space stands after this colon", "yaml-syntax", f"Write “{word} {then}…”."


def _open(number: int, opens: int, line: str) -> Stumble:
    what = "the quote that begins here is not closed in its line"
    return Located(number, opens + 1, 1), what, f"Put {line[opens]} where the text ends, or take this one away."


def _goes_on(number: int, quoted: re.Match[str], line: str) -> Stumble:
    at, mark = Located(number, quoted.end(), 1), quoted[0][0]
    if mark == "'" and line[quoted.end()].isalnum():
        what = "this apostrophe ends the text that a single quote began"
        return at, what, 'Put the whole text in double quotes: "It\'s …".'
    what = "the text ends at this quote, and more stands after it"
    return at, what, "Put the whole text in quotes; for quotes within it use the other kind."


def _closes(lines: Sequence[str], number: int) -> int | None:
    """The line after a quoted text that runs over several lines, where one begins in this line and ends properly."""
    line = lines[number - 1]
    found = re.search(r"(?:: +|- +)([\"'])", line)
    if found is None or _QUOTED.match(line, found.start(1)):
        return None
    for further in range(number, len(lines)):
        if _KEY.match(lines[further]):
            return None
        if (ends := lines[further].find(found[1])) >= 0:
            return further + 2 if _AFTER.match(lines[further], ends + 1) else None
    return None


def _space(number: int, place: int, line: str) -> Stumble:
    what = f"a character that looks like a space and is none (U+{ord(line[place]):04X}) stands here"
    return Located(number, place + 1, 1), what, "Delete it and type a space. It often comes from text pasted in."
