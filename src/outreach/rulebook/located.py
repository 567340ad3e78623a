"""YAML 1.2 in which every key and value keeps its place.

Anchors, aliases, tags, merge keys, directives and several documents are refused, so what a nurse
reads is all there is. Plain scalars are read by the YAML 1.2 core schema without its octal and
hexadecimal forms: ``NO``, ``on`` and ``12:30`` stay words, ``012`` is refused, dates stay text until
a rule asks for a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from outreach.errors import Problem, Refused

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000

Scalar = str | int | float | bool | None
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Located:
    """A value and where it stands. ``value`` is a scalar, a tuple of Located, or a tuple of pairs."""

    line: int
    column: int
    width: int


@dataclass(frozen=True)
class Text(Located):
    value: Scalar


@dataclass(frozen=True)
class Sequence(Located):
    items: tuple[Located, ...]


@dataclass(frozen=True)
class Mapping(Located):
    pairs: tuple[tuple[Text, Located], ...]

    def get(self, key: str) -> Located | None:
        """The value under a key, or None."""
        return next((value for name, value in self.pairs if name.value == key), None)


@dataclass(frozen=True)
class Source:
    """A file as its author sees it: a name for messages and its lines."""

    name: str
    lines: tuple[str, ...]

    def problem(self, at: Located, what: str, name: str, hint: str = "") -> Problem:
        line = self.lines[at.line - 1] if 0 < at.line <= len(self.lines) else ""
        width = max(1, min(at.width, len(line) - at.column + 1))
        return Problem(self.name, at.line, at.column, what, name, hint, width, line[:200])


def read(path: Path, shown_as: str | None = None) -> tuple[Source, Mapping]:
    """Read one file whose top level is a mapping.

    Raises:
        Refused: the file cannot be read as such; holds every problem found, at least one.
    """
    name = shown_as or str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise Refused([Problem(name, 0, 0, f"the file cannot be read: {why}", "unreadable")]) from error
    return read_bytes(raw, name)


def read_bytes(raw: bytes, name: str) -> tuple[Source, Mapping]:
    """As ``read``, of bytes already at hand."""
    if len(raw) > MAX_BYTES:
        raise Refused([Problem(name, 0, 0, f"the file is larger than {MAX_BYTES // 1024} KiB", "too-large")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(
            [Problem(name, line, 1, "the file is not UTF-8 text", "encoding", "Save it as UTF-8.")]
        ) from error
    source = Source(name, tuple(text.splitlines()))
    return source, _top(source, text)


def _top(source: Source, text: str) -> Mapping:
    try:
        problems = _forbidden(source, text)
        if problems:
            raise Refused(problems)
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise Refused([_marked(source, error)]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        what = "this is not YAML text: " + str(error).split("\n")[0][:120]
        raise Refused([Problem(source.name, 0, 0, what, "yaml-syntax")]) from error
    tree = _Convert(source)
    top = tree.convert(node) if node is not None else Text(1, 1, 1, None)
    if not isinstance(top, Mapping) and not tree.problems:
        tree.problems.append(source.problem(top, "the file must hold keys and values", "not-a-mapping"))
    if tree.problems:
        raise Refused(tree.problems)
    assert isinstance(top, Mapping)  # noqa: S101  (the line above made sure)
    return top


def _marked(source: Source, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = "this is not YAML: " + (error.problem or error.context or "it cannot be understood")
    at = Located(mark.line + 1, mark.column + 1, 1) if mark else Located(0, 0, 1)
    return source.problem(at, what, "yaml-syntax")


def _at(event: Event | Node) -> Located:
    start, end = event.start_mark, event.end_mark
    width = end.column - start.column if end.line == start.line else 1
    return Located(start.line + 1, start.column + 1, max(width, 1))


def _forbidden(source: Source, text: str) -> list[Problem]:
    """Problems of form, found on the events before any tree is built, so that nothing can grow large."""
    problems: list[Problem] = []
    depth = documents = nodes = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, DocumentStartEvent):
            documents += 1
            problems += _document(source, event, documents)
        if isinstance(event, NodeEvent):
            nodes += 1
            problems += _node(source, event)
        if isinstance(event, CollectionStartEvent | CollectionEndEvent):
            depth += 1 if isinstance(event, CollectionStartEvent) else -1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            what = (
                f"the file is nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else "the file has too many entries"
            )
            return [*problems, source.problem(_at(event), what, "too-deep")]
    return problems


def _document(source: Source, event: DocumentStartEvent, count: int) -> list[Problem]:
    if count == 2:
        return [
            source.problem(_at(event), "a file holds one document", "several-documents", "Remove the second '---'.")
        ]
    if event.version or event.tags:
        return [source.problem(_at(event), "YAML directives are not used here", "directive", "Remove the '%' line.")]
    return []


def _node(source: Source, event: NodeEvent) -> list[Problem]:
    if isinstance(event, AliasEvent) or event.anchor:
        hint = "Write the text out; a rule is read top to bottom."
        return [source.problem(_at(event), "anchors and aliases are not used here", "anchor", hint)]
    if getattr(event, "tag", None):
        return [source.problem(_at(event), "tags are not used here", "tag", "Remove the word that starts with '!'.")]
    return []


class _Convert:
    """Nodes to Located values, gathering duplicate keys and odd numbers as problems."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def convert(self, node: Node) -> Located:
        at = _at(node)
        if isinstance(node, MappingNode):
            return Mapping(at.line, at.column, at.width, self._pairs(node))
        if isinstance(node, SequenceNode):
            return Sequence(at.line, at.column, at.width, tuple(map(self.convert, node.value)))
        assert isinstance(node, ScalarNode)  # noqa: S101  (there is no third kind)
        return self._scalar(node)

    def _pairs(self, node: MappingNode) -> tuple[tuple[Text, Located], ...]:
        pairs: list[tuple[Text, Located]] = []
        for key_node, value_node in node.value:
            key = self.convert(key_node)
            if not isinstance(key, Text) or not isinstance(key.value, str):
                key = self._as_key(key_node, key)
            if key.value == "<<":
                self._say(key, "merge keys are not used here", "merge-key", "Write the keys out.")
            elif any(key.value == known.value for known, _ in pairs):
                self._say(key, f"the key “{key.value}” stands here twice", "duplicate-key", "Keep one of them.")
            pairs.append((key, self.convert(value_node)))
        return tuple(pairs)

    def _as_key(self, node: Node, key: Located) -> Text:
        if isinstance(node, ScalarNode):
            return Text(key.line, key.column, key.width, str(node.value))
        self._say(key, "a key must be a word", "odd-key")
        return Text(key.line, key.column, key.width, "")

    def _scalar(self, node: ScalarNode) -> Text:
        at, raw = _at(node), node.value
        if node.style not in (None, ""):
            return Text(at.line, at.column, at.width, raw)
        if _LEADING_ZERO.fullmatch(raw):
            self._say(
                at, f"“{raw}” starts with a zero", "leading-zero", f"Write {raw.lstrip('0') or '0'}, or quote it."
            )
        return Text(at.line, at.column, at.width, _plain(raw))

    def _say(self, at: Located, what: str, name: str, hint: str = "") -> None:
        self.problems.append(self.source.problem(at, what, name, hint))


def _plain(raw: str) -> Scalar:
    if raw in _WORDS:
        return _WORDS[raw]
    if _INT.fullmatch(raw):
        return int(raw)
    return float(raw) if _FLOAT.fullmatch(raw) else raw
