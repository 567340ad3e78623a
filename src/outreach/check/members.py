"""The members of the lists in a criterion: each value set, result, kind of test, place or language, and what is left
without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from outreach.rulebook.criterion import Language, Leaf, Record, ScanResult
from outreach.rulebook.records import SETTINGS


@dataclass(frozen=True)
class Member:
    """One of several; ``own`` asks for it alone, ``rest`` for the others only.

    ``key``, ``number``: the word under which the list stands when it is written long, and the place in it.
    """

    name: str
    key: str
    number: int
    own: Leaf
    rest: Leaf


def members(leaf: Leaf) -> tuple[Member, ...]:
    """Of each list of two or more, in the order of the file."""
    return tuple(_members(leaf))


def _members(leaf: Leaf) -> Iterator[Member]:
    match leaf:
        case Record():
            yield from _each("name", leaf.codes, lambda names: replace(leaf, codes=names))
            words = [word for word, codes in SETTINGS.items() if set(codes) <= set(leaf.settings)]
            words.sort(key=lambda word: leaf.settings.index(SETTINGS[word][0]))
            yield from _each("setting", words, lambda names: replace(leaf, settings=_classes(names)))
        case ScanResult():
            yield from _each("is", leaf.tests, lambda names: replace(leaf, tests=names))
            yield from _each("result", leaf.results, lambda names: replace(leaf, results=names))
        case Language():
            yield from _each("language", leaf.languages, lambda names: replace(leaf, languages=names))


def _each(key: str, names: Sequence[str], of: Callable[[tuple[str, ...]], Leaf]) -> Iterator[Member]:
    for number, name in enumerate(names if len(names) > 1 else ()):
        rest = tuple(other for other in names if other != name)
        yield Member(name, key, number, of((name,)), of(rest))


def _classes(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for word in words for code in SETTINGS[word])
