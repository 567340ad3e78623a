"""``reads`` — why a rule may look at a protected attribute, who answers for it, and until when."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.rulebook.criterion import (
    Age,
    Criterion,
    Ethnicity,
    Language,
    Leaf,
    Origin,
    Race,
    ScoreIs,
    Sex,
    SexAtBirth,
    leaves,
)
from outreach.rulebook.forms import Schema
from outreach.rulebook.keys import Built, Entries, Key, entries, keys_schema
from outreach.rulebook.model import PROTECTED, Reads
from outreach.rulebook.named import SourceName
from outreach.rulebook.scope import Scope
from outreach.rulebook.scores import SCORES
from outreach.rulebook.tree import Located
from outreach.rulebook.values import Day, Prose

WHY = Key("why", Prose(), "Why the guideline needs it.", required=True)
SOURCE = Key("source", SourceName(), "The citation: a name under sources.", required=True)
OWNER = Key("owner", Prose(), "Who answers for it.", required=True)
REVIEW_BY = Key("review_by", Day(), "The day by which somebody must look at it again.", required=True)


def _reads(at: Entries, attribute: str) -> Reads | None:
    why, source, owner, review = at.get(WHY), at.get(SOURCE), at.get(OWNER), at.get(REVIEW_BY)
    return Reads(attribute, why, source, owner, review) if why and source and owner and review else None


def _attribute(name: str) -> Key[Reads]:
    form = Built((WHY, SOURCE, OWNER, REVIEW_BY), lambda at: _reads(at, name), f"reads {name}")
    return Key(name, form, f"Why this rule may read {name}.")


ATTRIBUTES = tuple(_attribute(name) for name in PROTECTED)


class ReadsForm:
    """The attributes a rule reads, each explained."""

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Reads, ...] | None:
        found = entries(scope, at, what, ATTRIBUTES)
        if found is None:
            return None
        return tuple(entry for key in ATTRIBUTES if (entry := found.get(key)) is not None)

    def schema(self) -> Schema:
        return keys_schema(ATTRIBUTES)


def attributes(asked: Criterion) -> set[str]:
    """Every protected attribute that a criterion looks at; what a score is made of counts."""
    return {name for leaf in leaves(asked) for name in _of(leaf)}


_LEAVES: dict[type[Leaf], str] = {
    Age: "age",
    Sex: "sex",
    SexAtBirth: "sex-at-birth",
    Origin: "birthplace",
    Race: "race",
    Ethnicity: "ethnicity",
    Language: "language",
}


def _of(leaf: Leaf) -> Iterator[str]:
    if type(leaf) in _LEAVES:
        yield _LEAVES[type(leaf)]
    if isinstance(leaf, SexAtBirth) and leaf.or_sex:
        yield "sex"
    if isinstance(leaf, ScoreIs):
        yield from SCORES[leaf.score].protected
