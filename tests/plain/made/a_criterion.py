"""A made-up criterion: any words of the rule language, and words within words."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from plain.made import vocabulary as v
from plain.made.a_word import ATTRIBUTES, LEAVES, MEASURES, SCORES, TESTS, leaf
from plain.made.scope import Said, Scope, some

LOGIC = ("all", "any", "not", "at_least", "is")
_SOMETIMES = st.sampled_from((True, False, False))
_FAMILIES = st.sampled_from((tuple(v.SETS), tuple(v.SETS), ATTRIBUTES, MEASURES, TESTS, tuple(SCORES), LEAVES))


@cache
@st.composite
def criteria(draw: st.DrawFn, scope: Scope, depth: int = 2) -> Said:
    """One to three words, all of which must hold; some of them hold words themselves."""
    said: Said = {}
    for _ in range(draw(st.sampled_from((1, 1, 1, 1, 2)))):
        if depth and draw(_SOMETIMES):
            word = draw(st.sampled_from(LOGIC if scope.definitions else LOGIC[:-1]))
            said[word] = draw(_within_words(scope, word, depth - 1))
        else:
            word = draw(st.sampled_from(draw(_FAMILIES)))
            said[word] = draw(leaf(scope, word))
    return said


@cache
@st.composite
def _within_words(draw: st.DrawFn, scope: Scope, word: str, depth: int) -> object:
    if word == "not":
        return draw(criteria(scope, depth))
    if word == "is":
        return draw(some(scope.definitions))
    parts = draw(
        st.lists(
            criteria(scope, depth),
            min_size=1 if word != "at_least" else 2,
            max_size=2 if word != "at_least" else 3,
            unique_by=repr,
        )
    )
    if word == "at_least":
        return {"count": draw(st.integers(1, len(parts))), "of": parts}
    return parts
