"""What names a made-up criterion may use, and how it says a length of time or several names."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from hypothesis import strategies as st

from plain.made.edges import LENGTHS

Said = dict[str, object]
SELDOM, SOMETIMES = st.sampled_from((True, False, False, False)), st.sampled_from((True, False, False))


@dataclass(frozen=True)
class Scope:
    """What names a criterion may use. ``results`` and ``kinds``: of the rule's tests."""

    results: tuple[str, ...]
    kinds: tuple[str, ...]
    definitions: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    own: tuple[str, ...] = field(default=("own-ill",))


@cache
@st.composite
def lengths(draw: st.DrawFn, scope: Scope) -> str:
    """A length of time, now and then by the name of a parameter."""
    return draw(st.sampled_from((*LENGTHS, *LENGTHS, *scope.lengths)))


@cache
def some(names: tuple[str, ...]) -> st.SearchStrategy[object]:
    """One name, or a list of one or two."""
    several: st.SearchStrategy[object] = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return st.one_of(st.sampled_from(names), several)
