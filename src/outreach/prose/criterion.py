"""A whole criterion: as one sentence, and as an outline when it is too long for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.prose.leaves import phrase
from outreach.prose.phrase import Phrase
from outreach.rulebook.criterion import All, AnyOf, AtLeast, Criterion, Defined, Leaf, Not
from outreach.rulebook.model import Rule

_ONE_SENTENCE = 2  #: more parts than this are easier to read below each other


@dataclass(frozen=True)
class Outline:
    """A line and what stands indented below it."""

    text: str
    parts: tuple[Outline, ...] = ()


def sentence(criterion: Criterion, rule: Rule) -> str:
    """What must be so of the person, without its subject: “has … and is …”. Parts of parts stand in brackets."""
    if isinstance(criterion, All | AnyOf):
        inner = [_bracketed(part, rule) for part in criterion.of]
        return _joined(inner, "and" if isinstance(criterion, All) else "or")
    if isinstance(criterion, AtLeast):
        return f"meets {_how_many(criterion)} of these: {'; '.join(sentence(p, rule) for p in criterion.of)}"
    if isinstance(criterion, Not):
        return _denied(criterion.of, rule)
    return str(_phrase(criterion, rule))


def outline(criterion: Criterion, rule: Rule) -> Outline:
    """The criterion line by line; a short one is one line."""
    if isinstance(criterion, Not) and isinstance(criterion.of, All | AnyOf | AtLeast):
        heads = {All: "does not meet all of these together:", AnyOf: "meets none of these:"}
        head = heads.get(type(criterion.of)) or f"meets fewer than {getattr(criterion.of, 'count', 1)} of these:"
        return Outline(head, tuple(outline(part, rule) for part in criterion.of.of))
    if not isinstance(criterion, All | AnyOf | AtLeast) or _short(criterion):
        return Outline(sentence(criterion, rule))
    head = "meets all of these:" if isinstance(criterion, All) else f"meets {_how_many(criterion)} of these:"
    return Outline(head, tuple(outline(part, rule) for part in criterion.of))


def _joined(parts: Sequence[str], word: str) -> str:
    """Parts hold commas of their own, so three or more are set apart by semicolons."""
    comma = "," if any("," in part for part in parts) else ""
    return f"{comma} {word} ".join(parts) if len(parts) < 3 else f"{'; '.join(parts[:-1])}; {word} {parts[-1]}"


def _phrase(criterion: Leaf | Defined, rule: Rule) -> Phrase:
    if isinstance(criterion, Defined):
        return Phrase("meets", f"the definition “{criterion.name}”")
    return phrase(criterion, rule)


def _denied(criterion: Criterion, rule: Rule) -> str:
    if isinstance(criterion, Not):
        return sentence(criterion.of, rule)
    if isinstance(criterion, All):
        return f"does not meet all of these together: {'; '.join(sentence(p, rule) for p in criterion.of)}"
    if isinstance(criterion, AnyOf):
        return f"meets none of these: {'; '.join(sentence(p, rule) for p in criterion.of)}"
    if isinstance(criterion, AtLeast):
        return f"meets fewer than {criterion.count} of these: {'; '.join(sentence(p, rule) for p in criterion.of)}"
    return _phrase(criterion, rule).denied


def _how_many(criterion: AnyOf | AtLeast) -> str:
    return f"at least {criterion.count}" if isinstance(criterion, AtLeast) and criterion.count > 1 else "any"


def _bracketed(criterion: Criterion, rule: Rule) -> str:
    inner = sentence(criterion, rule)
    return f"({inner})" if isinstance(criterion, All | AnyOf | AtLeast) else inner


def _short(criterion: All | AnyOf | AtLeast) -> bool:
    plain = not any(isinstance(part, All | AnyOf | AtLeast) or _long_not(part) for part in criterion.of)
    return plain and len(criterion.of) <= _ONE_SENTENCE and not isinstance(criterion, AtLeast)


def _long_not(part: Criterion) -> bool:
    return isinstance(part, Not) and isinstance(part.of, All | AnyOf | AtLeast)
