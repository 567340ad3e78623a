"""YAML 1.2 in which every key and value keeps its place; dates stay text until a rule asks for a date."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from outreach.errors import Problem, Refused
from outreach.rulebook.characters import as_text
from outreach.rulebook.events import Tree
from outreach.rulebook.leaks import MOST_TOLD, leaks, place, without
from outreach.rulebook.stumbles import odd_indents, with_plain_indents
from outreach.rulebook.syntax import explained
from outreach.rulebook.tree import Located, Mapping, Sequence, Source, Text

__all__ = ["Located", "Mapping", "Sequence", "Source", "Text", "in_order", "read", "read_bytes", "read_shared", "shown"]

MAX_BYTES = 64 * 1024


def read(path: Path, shown_as: str | None = None) -> tuple[Source, Mapping]:
    """Read one file whose top level is a mapping.

    Raises:
        Refused: the file cannot be read as such; holds every problem found, at least one.
    """
    return read_bytes(_bytes(path, shown_as or str(path)), shown_as or str(path))


def read_shared(path: Path, shown_as: str | None = None) -> tuple[Source, Mapping]:
    """As ``read``, of a file that others will see: a secret in it is a problem, and no message repeats it."""
    return read_bytes(_bytes(path, shown_as or str(path)), shown_as or str(path), shared=True)


def shown(path: Path) -> str:
    """A path as it can be clicked from where the author stands: relative where it is near."""
    near = os.path.relpath(path)
    return near if near.count("..") <= 2 else str(path)


def _bytes(path: Path, name: str) -> bytes:
    """At most one byte more than a file may have, however large it is."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise Refused([Problem(name, 0, 0, f"the file cannot be read: {why}", "unreadable")]) from error


def read_bytes(raw: bytes, name: str, *, shared: bool = False) -> tuple[Source, Mapping]:
    """As ``read``, of bytes already at hand; ``shared`` as ``read_shared``."""
    if len(raw) > MAX_BYTES:
        what = f"the file is larger than {MAX_BYTES // 1024} KiB"
        raise Refused([Problem(name, 0, 0, what, "too-large", "Split it in several files.")])
    text = as_text(raw, name)
    found = list(leaks(text)) if shared else []
    text = without(text, found)
    source = Source(name, tuple(text.splitlines()))
    hint = "Take it out, and have it changed: whoever has the file has it."
    told = [(f"{what} stands here", place(text, start, end)) for what, start, end in found[:MOST_TOLD]]
    secrets = [source.problem(at, what, "secret", hint) for what, at in told]
    top, wrong = _parsed(text)
    problems = [*secrets, *(replace(each, file=name) for each in wrong)]
    if problems or top is None:
        raise Refused(in_order(problems))
    return source, top


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, though several passes found it, from the top of the file down."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """The tree of a text, and what is wrong with it; no tree where nothing can be made of it.

    Kept, for a command reads the same file at several of its steps; so the problems name no file.
    """
    source = Source("", tuple(text.splitlines()))
    tree = Tree(source, with_plain_indents(text))
    tree.problems += [source.problem(at, what, "odd-space", hint) for at, what, hint in odd_indents(source)][:MOST_TOLD]
    try:
        top = tree.top()
    except Refused as refusal:
        return None, tuple(refusal.problems)
    except MarkedYAMLError as error:
        return None, (*tree.problems, explained(source, error))
    except (YAMLError, ValueError) as error:
        what = "this is not YAML text: " + str(error).split("\n")[0][:120]
        return None, (*tree.problems, Problem("", 0, 0, what, "yaml-syntax"))
    if isinstance(top, Mapping):
        return top, tuple(tree.problems)
    told = source.problem(top, "the file must hold keys and values", "not-a-mapping", "Start with rule: and a name.")
    return None, tuple(tree.problems) or (told,)
