"""From a rule file whose names are known to the rule: first what it says, line by line, then all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from outreach.rulebook import grammar as g
from outreach.rulebook.case import Case
from outreach.rulebook.criterion import Age
from outreach.rulebook.keys import Entries, Key
from outreach.rulebook.model import NOBODY, Named, Rule, Signed
from outreach.rulebook.named_values import Entry
from outreach.rulebook.opening import Opening
from outreach.rulebook.said import Said


def said(opened: Opening) -> Said:
    """The lines and rows of a rule, each with its place; what could not be read is left out."""
    at = opened.at
    return Said(
        sections={key.name: _lines(at, key) for key in g.SECTION_KEYS},
        age=at.get(g.AGE_KEY) or Age(None, None),
        reads=at.get(g.READS_KEY) or (),
        due=at.get(g.NEXT_DUE_KEY) or (),
        due_from=at.get(g.DUE_FROM_KEY) or "latest-test",
    )


def _lines(at: Entries, key: Key[tuple[Entry[Named], ...]]) -> tuple[Entry[Named], ...]:
    found = at.get(key) or ()
    return tuple(replace(entry, value=replace(entry.value, name=entry.name)) for entry in found)


@dataclass(frozen=True)
class _Head:
    """Who answers for a rule and where it is in its life."""

    name: str
    title: str
    status: g.RuleStatus
    owner: str
    approved_by: str
    approved_hash: str
    review_by: date
    signed: tuple[Signed, ...]


def _head(at: Entries) -> _Head | None:
    name, title, status, owner = at.get(g.RULE), at.get(g.TITLE), at.get(g.STATUS), at.get(g.OWNER)
    approved_by, approved_hash, review_by = at.get(g.APPROVED_BY), at.get(g.APPROVED_HASH), at.get(g.REVIEW_BY)
    at.get(g.PROVEN_BY_KEY)
    if not (name and title and status and owner and approved_by and review_by):
        return None
    return _Head(name, title, status, owner, approved_by, approved_hash or "", review_by, _signed(at, status))


def _signed(at: Entries, status: g.RuleStatus) -> tuple[Signed, ...]:
    """The signatures, in order. Files had one place for all of them: what stands there alone is the latest step's."""
    pairs = [(step, at.get(by), at.get(on)) for step, (by, on) in g.SIGNATURES.items()]
    found = tuple(Signed(step, by, on) for step, by, on in pairs if by and by not in NOBODY)
    if status in ("reviewed", "retired") and [one.step for one in found] == ["live"] and found[0].on is None:
        return (replace(found[0], step=status),)
    return found


def build(opened: Opening, spoken: Said, cases: tuple[Case, ...]) -> Rule | None:
    """The rule, or None where a part that every rule has could not be read. ``path`` and ``hash`` are left ""."""
    head, tests = _head(opened.at), opened.at.get(g.TESTS_KEY)
    never, expected = opened.at.get(g.NEVER_KEY) or (), opened.at.get(g.EXPECT_KEY)
    definitions, scope = opened.definitions.all(), opened.scope
    if head is None or tests is None:
        return None
    lines = {name: tuple(line.value for line in found) for name, found in spoken.sections.items()}
    return Rule(
        name=head.name,
        title=head.title,
        status=head.status,
        owner=head.owner,
        approved_by=head.approved_by,
        approved_hash=head.approved_hash,
        review_by=head.review_by,
        signed=head.signed,
        sources=tuple(scope.sources.items()),
        scan=tests[0],
        accompanied_by=tests[1],
        age=spoken.age,
        at_risk=lines["at_risk"],
        cannot_help=lines["cannot_help"],
        own_choice=lines["own_choice"],
        not_now=lines["not_now"],
        counts=tuple(scope.counts.values()),
        never_counts=never,
        due_from=spoken.due_from,
        due=tuple(row.value for row in spoken.due),
        reads=spoken.reads,
        cases=cases,
        value_sets=dict(sorted(scope.sets.used.items())),
        definitions=definitions,
        stretches=tuple(scope.stretches.values()),
        parameters=tuple(scope.parameters.values()),
        expected=expected,
    )
