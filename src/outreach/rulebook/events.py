"""YAML events to a tree in one pass. Whatever hides, repeats or copies text is refused, so that what is read is all.

Anchors, aliases, tags, merge keys, directives and several documents are problems; so are duplicate keys, depth
and size beyond what a rule can need, before they cost memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from outreach.errors import Problem, Refused
from outreach.rulebook.characters import HIDDEN
from outreach.rulebook.scalars import LEADING_ZERO, plain
from outreach.rulebook.stumbles import NO_SPACE, no_space
from outreach.rulebook.tree import Located, Mapping, Scalar, Sequence, Source, Text

MAX_DEPTH = 20
MAX_NODES = 10_000
MOST_TOLD = 100


def _at(event: Event, last: Event | None = None) -> Located:
    start, end = event.start_mark, (last or event).end_mark
    width = end.column - start.column if end.line == start.line else 1
    return Located(start.line + 1, start.column + 1, max(width, 1))


class Tree:
    """One file's events on their way to a tree. ``problems`` gathers what is wrong with their form."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))
        self.problems: list[Problem] = []
        self.nodes = 0

    def top(self) -> Located:
        """The one document's value; an empty file is an empty value."""
        self._directives()
        top: Located | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self._one_document(event, top)
            if isinstance(event, NodeEvent):
                top = self._node(event, 0)
        return top or Text(1, 1, 1, None)

    def _directives(self) -> None:
        """Lines that begin with a percent sign; the parser passes over those it does not know."""
        for number, line in enumerate(self.source.lines, 1):
            if line.startswith("%"):
                at = Located(number, 1, len(line))
                self._say(at, "YAML directives are not used here", "directive", "Remove this line.")

    def _one_document(self, event: DocumentStartEvent, top: Located | None) -> None:
        if top is not None:
            self._say(_at(event), "a file holds one document", "several-documents", "Remove the second '---'.")
            raise Refused(self.problems)

    def _node(self, event: NodeEvent, depth: int) -> Located:
        self._within_limits(event, depth)
        if isinstance(event, AliasEvent) or event.anchor:
            hint = "Write the text out; a rule is read top to bottom."
            self._say(_at(event), "anchors and aliases are not used here", "anchor", hint)
        if getattr(event, "tag", None):
            self._say(_at(event), "tags are not used here", "tag", "Remove the word that starts with '!'.")
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        return self._scalar(event) if isinstance(event, ScalarEvent) else Text(*_place(_at(event)), None)

    def _within_limits(self, event: Event, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH:
            self._say(_at(event), f"the file is nested deeper than {MAX_DEPTH}", "too-deep", "Use fewer levels.")
        if self.nodes > MAX_NODES:
            self._say(_at(event), "the file has too many entries", "too-large", "Split it in several files.")
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise Refused(self.problems)

    def _sequence(self, start: SequenceStartEvent, depth: int) -> Sequence:
        items: list[Located] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                return Sequence(*_place(_at(start, event)), tuple(items))
            if isinstance(event, NodeEvent):
                items.append(self._node(event, depth + 1))
        return Sequence(*_place(_at(start)), tuple(items))

    def _mapping(self, start: MappingStartEvent, depth: int) -> Mapping:
        pairs: list[tuple[Text, Located]] = []
        seen: dict[Scalar, int] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                return Mapping(*_place(_at(start, event)), tuple(pairs))
            if isinstance(event, NodeEvent):
                key = self._key(event, depth, seen)
                pairs.append((key, self._under(key, self._value(), depth + 1)))
        return Mapping(*_place(_at(start)), tuple(pairs))

    def _under(self, key: Text, event: NodeEvent, depth: int) -> Located:
        """A key's value; the parser says of one that is not written that it stands where the next thing begins."""
        node = self._node(event, depth)
        unwritten = isinstance(event, ScalarEvent) and event.style in (None, "") and event.value == ""
        return Text(*_place(key), None) if unwritten else node

    def _value(self) -> NodeEvent:
        """A key is always followed by its value, an empty scalar where none is written."""
        return next(event for event in self.events if isinstance(event, NodeEvent))

    def _key(self, event: NodeEvent, depth: int, seen: dict[Scalar, int]) -> Text:
        node = self._node(event, depth + 1)
        if not isinstance(node, Text):
            self._say(node, "a key must be a word", "odd-key", "Is a { or [ meant to be text? Put it in quotes.")
            return Text(*_place(node), "")
        word = event.value if isinstance(event, ScalarEvent) and not HIDDEN.search(event.value) else ""
        if opened := NO_SPACE.match(word):
            at = Located(node.line, node.column + opened.end(1) - 1, 1)
            self._say(at, *no_space(opened[1], word[opened.end()]))
        elif word == "<<":
            self._say(node, "merge keys are not used here", "merge-key", "Write the keys out.")
        elif word in seen:
            what = f"the key “{word}” stands here twice, first in line {seen[word]}"
            self._say(node, what, "duplicate-key", "Keep one of them.")
        seen.setdefault(word, node.line)
        return Text(*_place(node), word)

    def _scalar(self, event: ScalarEvent) -> Text:
        at, raw = _at(event), self._visible(event)
        if event.style not in (None, ""):
            return Text(*_place(at), raw)
        if LEADING_ZERO.fullmatch(raw):
            hint = f"Write {raw.lstrip('0') or '0'}, or quote it."
            self._say(at, f"“{raw}” starts with a zero", "leading-zero", hint)
        return Text(*_place(at), plain(raw))

    def _visible(self, event: ScalarEvent) -> str:
        """The text of a scalar; an escape in quotes can write what the file itself may not hold."""
        hidden = HIDDEN.search(event.value)
        if hidden is None:
            return str(event.value)
        what = f"an escape stands for an invisible character (U+{ord(hidden[0]):04X})"
        self._say(_at(event), what, "invisible-character", "Write the words without it.")
        return ""

    def _say(self, at: Located, what: str, name: str, hint: str) -> None:
        self.problems.append(self.source.problem(at, what, name, hint))
        if len(self.problems) >= MOST_TOLD:
            raise Refused(self.problems)


def _place(at: Located) -> tuple[int, int, int]:
    return at.line, at.column, at.width
