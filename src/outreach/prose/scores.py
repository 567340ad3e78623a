"""Published scores in a sentence."""

from __future__ import annotations

from outreach.prose.windows import last
from outreach.prose.words import number
from outreach.rulebook.criterion import ScoreIs
from outreach.rulebook.scores import SCORES


def score(leaf: ScoreIs) -> str:
    """``a PAGE-B score of 10 or more (from values in the last 2 years)``."""
    name = score_title(leaf.score)
    limit = f", upper limit of normal {number(leaf.limit)} U/L" if leaf.limit else ""
    return f"{_article(name)} {name} score {_range(leaf)}{_class(leaf)} (from values {last(leaf.within)}{limit})"


def score_title(name: str) -> str:
    """A score by the name its authors gave it."""
    return SCORES[name].title if name in SCORES else name


def _article(name: str) -> str:
    """FIB-4, ALBI and aMAP begin with a vowel's sound when said; MELD and mPAGE-B are read as words."""
    return "an" if name[:1] in "AEIOa" else "a"


def _class(leaf: ScoreIs) -> str:
    found = SCORES.get(leaf.score)
    letters = [letter for letter, low in found.classes.items() if low == leaf.low] if found else []
    worse = (
        " or worse" if found and leaf.below is None and leaf.low != max(found.classes.values(), default=None) else ""
    )
    return f", which is class {letters[0]}{worse}" if letters else ""


def _range(leaf: ScoreIs) -> str:
    parts = [f"of {number(leaf.low)} or more"] if leaf.low is not None else []
    return " and ".join(parts + ([f"below {number(leaf.below)}"] if leaf.below is not None else []))
