"""What the YAML parser stumbled over, in words for somebody who does not know YAML."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError, StringMark

from outreach.errors import Problem
from outreach.rulebook.stumbles import first_stumble
from outreach.rulebook.tree import Located, Source

_QUOTE = "Close it, or put text that holds any of , : { [ in quotes."
#: A piece of the parser's words → what to say, what to do, and whether to point at where it was opened.
_WORDS: tuple[tuple[str, str, str, bool], ...] = (
    ("'\\t'", "a tab stands where spaces must", "Replace it with spaces; YAML does not indent with tabs.", False),
    ("expected ',' or '}'", "this { is not closed, or a comma is missing", _QUOTE, True),
    ("expected ',' or ']'", "this [ is not closed, or a comma is missing", _QUOTE, True),
    (
        "mapping values are not allowed",
        "a colon stands where it cannot",
        "Put text that holds a colon in quotes; or the line is indented too far.",
        False,
    ),
    ("could not find expected ':'", "this has no colon, or no space after it", "Write key: value.", True),
    ("while scanning a quoted scalar", "this quote is never closed", "Close it.", True),
    ("escape", "a backslash is special in double quotes", "Use single quotes.", False),
    ("expected <block end>", "this does not line up with the lines above", "Indent it as its neighbours are.", False),
    ("cannot start any token", "text cannot begin with this character", "Put the text in quotes.", False),
)


def explained(source: Source, error: MarkedYAMLError) -> Problem:
    """The slip that made the parser stumble, where one is seen; else the parser's error as a problem with a hint."""
    marks = [mark.line + 1 for mark in (error.problem_mark, error.context_mark) if mark]
    if found := first_stumble(source, max(marks, default=0)):
        at, what, hint = found
        return source.problem(at, what, "yaml-syntax", hint)
    said = f"{error.context or ''} {error.problem or ''}"
    for piece, what, hint, opened in _WORDS:
        if piece in said:
            mark = error.context_mark if opened else error.problem_mark
            noticed = error.problem_mark.line + 1 if opened and error.problem_mark else 0
            hint = f"{hint} It was noticed in line {noticed}." if noticed and hint == _QUOTE else hint
            return source.problem(_at(mark or error.problem_mark), what, "yaml-syntax", hint)
    words = error.problem or error.context or "it cannot be understood"
    at = _at(error.problem_mark or error.context_mark)
    return source.problem(at, f"this is not YAML: {words}", "yaml-syntax", "Compare it with a file that is read.")


def _at(mark: StringMark | None) -> Located:
    return Located(mark.line + 1, mark.column + 1, 1) if mark else Located(0, 0, 1)
