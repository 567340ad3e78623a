"""What somebody may have meant by a word that is not known: it is spelt like one that is, or stands in its title."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType

MOST = 3
SHOWN = 24  #: words of a list that a message names; a longer one buries the rest
_ALIKE = 0.6  #: of 1, how much alike two spellings must be
_HELD = 0.8  #: what it counts that a name or its title holds every word asked for
_BAND = 0.1  #: what is so much further off than the best is not told beside it
_NONE: Mapping[str, str] = MappingProxyType({})


def nearest(word: str, known: Collection[str], titles: Mapping[str, str] = _NONE) -> list[str]:
    """At most three names, the likeliest first, whatever the case of their letters.

    Args:
        titles: what people call some of the names, by name; words of these count like words of the name.
    """
    scores = {name: _score(word.lower(), name.lower(), titles.get(name, "").lower()) for name in known}
    best = max(scores.values(), default=0.0)
    near = [name for name, score in scores.items() if score >= max(_ALIKE, best - _BAND)]
    return sorted(near, key=lambda name: (-scores[name], name))[:MOST]


def suggestion(word: str, known: Collection[str], titles: Mapping[str, str] = _NONE) -> str:
    """What the author may have meant, or what there is.

    Args:
        titles: what people call some of the known words; looked through too, and told where the word is found there.
    """
    if not known:
        return "There are none here."
    if (slip := re.match("([a-z_-]+):[\u00a0\u202f]?([^\u00a0\u202f]+)", word)) and slip[1] in known:
        return f"A plain space must stand after the colon: write “{slip[1]}: {slip[2]}”."
    near = nearest(word, known, titles)
    told = [f"“{name}”" + (f" ({titles[name]})" if _only_in_title(word, name, titles) else "") for name in near]
    hint = f"did you mean {' or '.join(filter(None, (', '.join(told[:-1]), told[-1])))}? " if told else ""
    shown = sorted(known)
    if titles and len(shown) > SHOWN:
        return f"{hint or 'No name and no title here is like it. '}Known here: {len(shown)} value sets."
    more = f" … and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return f"{hint}Known here: {', '.join(shown[:SHOWN])}{more}."


def _only_in_title(word: str, name: str, titles: Mapping[str, str]) -> bool:
    return _holds(titles.get(name, ""), word) and not _holds(name, word)


def _holds(text: str, word: str) -> bool:
    """Whether a text holds each word asked for, whole, begun, or misspelt by a letter."""
    there, asked = _words(text), _words(word)
    return bool(asked) and all(any(_same(one, each) for each in there) for one in asked)


def _score(word: str, name: str, title: str) -> float:
    alike = SequenceMatcher(None, word, name).ratio()
    return max(alike, _HELD if _holds(f"{name} {title}", word) else 0.0)


def _same(asked: str, there: str) -> bool:
    return there.startswith(asked) or (len(asked) > 4 and SequenceMatcher(None, asked, there).ratio() > 0.85)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
