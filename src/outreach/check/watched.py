"""A rule that answers as before and tells more: which kinds of test there are, what ``until`` has closed, and what
each list of a criterion says of one of its members alone and without it.

The line added to ``not_now`` never holds, so it pauses nobody; what it asks stands in the criteria.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from outreach.assess.scores import UNBOUNDED
from outreach.check.answered import Answered, Said
from outreach.check.members import members
from outreach.rulebook.criterion import Age, All, Leaf, Not, ScanResult, ScoreIs, leaves
from outreach.rulebook.model import Named, Rule

#: An age without bounds is everybody's.
ANY_AGE = Age(None, None)
_NEVER = Not(ANY_AGE)
_WATCHED = "what is watched"  #: no author can give a line this name


@dataclass(frozen=True)
class Spot:
    """A place among the criteria of a rule: a line (``leaf`` -1), or the so-many-th leaf in it."""

    section: str
    line: str
    leaf: int = -1


RULE_AGE = Spot("at_risk", "")
LATEST = Spot("next_due", "")


@dataclass(frozen=True)
class _More:
    """What an entry that is added tells: about a kind of test, a leaf, or the so-many-th member of a leaf."""

    tells: str
    about: Spot | str
    member: int = 0


def kind_spot(rule: Rule, kind: str) -> Spot:
    """Whether there is a test of this kind; its value is the latest one's result."""
    return _spot(rule, _More("kind", kind))


def open_spot(rule: Rule, leaf: Spot) -> Spot:
    """What a leaf of a pause says before ``until`` closes it."""
    return _spot(rule, _More("open", leaf))


def score_spot(rule: Rule, leaf: Spot) -> Spot:
    """The number itself: a score that is not what was asked says nothing of it."""
    return _spot(rule, _More("score", leaf))


def member_spots(rule: Rule, leaf: Spot, member: int) -> tuple[Spot, Spot]:
    """Of the so-many-th member of a leaf: what it says alone, and what the others say without it."""
    return _spot(rule, _More("own", leaf, member)), _spot(rule, _More("rest", leaf, member))


def _spot(rule: Rule, more: _More) -> Spot:
    return Spot("not_now", _WATCHED, next(number for number, (found, _) in enumerate(_extra(rule)) if found == more))


def watched(rule: Rule) -> Rule:
    """The rule, and each later version of it, with a line that tells more."""
    more = Named(_WATCHED, All((*(leaf for _, leaf in _extra(rule)), _NEVER)))
    later = tuple((day, watched(version)) for day, version in rule.later)
    return replace(rule, not_now=(*rule.not_now, more), later=later)


def _extra(rule: Rule) -> Iterator[tuple[_More, Leaf]]:
    """As many in every version of a rule, for on some days two may ask the same: each kind of test; each score;
    those that ``until`` may close; each member of a list."""
    yield from ((_More("kind", kind.name), ScanResult((), (kind.name,))) for kind in rule.counts)
    for section, line in rule.sections():
        for number, leaf in enumerate(leaves(line.criterion)):
            spot = Spot(section, line.name, number)
            if isinstance(leaf, ScoreIs):
                yield _More("score", spot), replace(leaf, low=-UNBOUNDED, below=None)
            if section == "not_now" and line.until:
                yield _More("open", spot), leaf
            for place, member in enumerate(members(leaf)):
                yield _More("own", spot, place), member.own
                yield _More("rest", spot, place), member.rest


def spots(rule: Rule) -> Iterator[Spot]:
    """What each entry of a rule's criteria is about, in their order."""
    if rule.age != ANY_AGE:
        yield RULE_AGE
    for section, line in rule.sections():
        yield Spot(section, line.name)
        yield from (Spot(section, line.name, number) for number, _ in enumerate(leaves(line.criterion)))
    yield LATEST


def told(answer: Answered, where: Sequence[Spot]) -> dict[Spot, Said]:
    """The criteria of a watched rule's answer, by what they are about (``spots`` of the watched rule)."""
    found = dict(zip(where, answer.criteria, strict=True))
    astray = [(spot, said) for spot, said in found.items() if not said.criterion.startswith(spot.line)]
    assert not astray, astray  # noqa: S101  (``assess.findings`` and ``spots`` go through a rule in one order)
    return found


def leaf_at(rule: Rule, spot: Spot) -> Leaf:
    """The leaf of the rule, as it reads on some day, at a place."""
    line = next(line for section, line in rule.sections() if (section, line.name) == (spot.section, spot.line))
    return tuple(leaves(line.criterion))[spot.leaf]
