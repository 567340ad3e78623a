"""Where in its file each part of a rule stands, so that a gap is told with file, line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.check.watched import RULE_AGE, Spot
from outreach.rulebook.criteria import BESIDE
from outreach.rulebook.located import read_shared
from outreach.rulebook.model import Rule
from outreach.rulebook.tree import Located, Mapping, Sequence, Text


@dataclass(frozen=True)
class Places:
    """A rule's file, read again for its lines and columns."""

    top: Mapping

    def at(self, *keys: str | int) -> Located:
        """The key (or the item) that a path of keys and numbers leads to; as far as it leads."""
        return _walk(self.top, keys)

    def of(self, spot: Spot, *keys: str) -> Located:
        """A line, or a leaf of it, or a key of that leaf such as ``from``."""
        if spot == RULE_AGE:
            return self.at("age", *keys)
        if spot.leaf < 0:
            return self.at(spot.section, spot.line)
        found = self._leaf(spot)
        return _walk(found[1], keys, found[0]) if found else self.at(spot.section, spot.line)

    def of_member(self, spot: Spot, key: str, number: int) -> Located:
        """An item of a list that a leaf asks for, whether written short or under a key."""
        found = self._leaf(spot)
        if found is None:
            return self.at(spot.section, spot.line)
        word, asked = found
        return _walk(asked, (key, number) if isinstance(asked, Mapping) else (number,), word)

    def _leaf(self, spot: Spot) -> tuple[Text, Located] | None:
        line = _value(self.top, (spot.section, spot.line))
        leaves = list(self._leaves(line)) if line else []
        return leaves[spot.leaf] if spot.leaf < len(leaves) else None

    def _leaves(self, criterion: Located) -> Iterator[tuple[Text, Located]]:
        """Each word that asks something, with what it asks, in the order of ``criterion.leaves``."""
        for word, asked in criterion.pairs if isinstance(criterion, Mapping) else ():
            if word.value in BESIDE:
                continue
            parts = self._parts(str(word.value), asked)
            if parts is None:
                yield word, asked
            else:
                yield from (leaf for part in parts for leaf in self._leaves(part))

    def _parts(self, word: str, asked: Located) -> list[Located] | None:
        """The criteria that a word of logic holds; None for a word that asks for itself."""
        if word == "not":
            return [asked]
        if word == "at_least":
            asked, word = _value(asked, ("of",)) or asked, "any"
        if word in ("all", "any"):
            return list(asked.items) if isinstance(asked, Sequence) else []
        if word == "is":
            names = asked.items if isinstance(asked, Sequence) else (asked,)
            found = [_value(self.top, ("definitions", str(name.value))) for name in names if isinstance(name, Text)]
            return [criterion for criterion in found if criterion is not None]
        return None


def places(rule: Rule) -> Places:
    return Places(read_shared(Path(rule.path))[1])


def _walk(start: Located, keys: tuple[str | int, ...], place: Located | None = None) -> Located:
    """The place of the last key that is there, of ``place`` where none is."""
    place = place or start
    for key in keys:
        found = _step(start, key)
        if found is None:
            return place
        place, start = found
    return place


def _step(start: Located, key: str | int) -> tuple[Located, Located] | None:
    """A key's own place and its value; an item of a list is both."""
    if isinstance(start, Mapping):
        return next(((name, value) for name, value in start.pairs if str(name.value) == str(key)), None)
    if isinstance(start, Sequence) and isinstance(key, int) and key < len(start.items):
        return start.items[key], start.items[key]
    return None


def _value(start: Located, keys: tuple[str, ...]) -> Located | None:
    found: Located | None = start
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
