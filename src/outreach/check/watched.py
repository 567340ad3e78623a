"""A rule that answers as before and tells more: which kinds of test there are, and what ``until`` has closed.

The line added to ``not_now`` never holds, so it pauses nobody; what it asks stands in the criteria.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from outreach.assess.scores import UNBOUNDED
from outreach.check.answered import Answered, Said
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


def kind_spot(rule: Rule, kind: str) -> Spot:
    """Whether there is a test of this kind; its value is the latest one's result."""
    return Spot("not_now", _WATCHED, _extra(rule).index(_of_kind(kind)))


def open_spot(rule: Rule, leaf: Leaf) -> Spot:
    """What a leaf of a pause says before ``until`` closes it."""
    return Spot("not_now", _WATCHED, _extra(rule).index(leaf))


def score_spot(rule: Rule, leaf: ScoreIs) -> Spot:
    """The number itself: a score that is not what was asked says nothing of it."""
    return Spot("not_now", _WATCHED, _extra(rule).index(_any_value(leaf)))


def watched(rule: Rule) -> Rule:
    """The rule, and each later version of it, with a line that tells more."""
    more = Named(_WATCHED, All((*_extra(rule), _NEVER)))
    later = tuple((day, watched(version)) for day, version in rule.later)
    return replace(rule, not_now=(*rule.not_now, more), later=later)


def _extra(rule: Rule) -> list[Leaf]:
    """A leaf for each kind of test, for each score, and those that ``until`` may close."""
    closable = [leaf for line in rule.not_now if line.until for leaf in leaves(line.criterion)]
    asked = [leaf for _, line in rule.sections() for leaf in leaves(line.criterion) if isinstance(leaf, ScoreIs)]
    more = dict.fromkeys([*(_any_value(leaf) for leaf in asked), *closable])
    return [*(_of_kind(kind.name) for kind in rule.counts), *more]


def _of_kind(kind: str) -> ScanResult:
    return ScanResult((), (kind,))


def _any_value(leaf: ScoreIs) -> ScoreIs:
    return replace(leaf, low=-UNBOUNDED, below=None)


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
