"""The measured values a rule looks at, as they stand on record: also those that it could not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.domain.query import ask
from outreach.domain.tables import Rows
from outreach.domain.units import IN_CANONICAL
from outreach.explain.lines import Story
from outreach.explain.row import Told
from outreach.prose.words import number, quantity, said
from outreach.rulebook.criterion import Lab, Rising, ScoreIs
from outreach.rulebook.model import Rule
from outreach.rulebook.scores import SCORES
from outreach.rulebook.terms import ValueSet, uncapital

MOST = 3  #: newest values of each kind that are told
_SQL = """
    SELECT DISTINCT id, date_lo, value_raw, coalesce(comparator, ''), coalesce(unit_raw, ''), coalesce(unit, '')
    FROM ({rows})
    WHERE person = $who AND status IN ('final', 'amended', 'corrected') AND value_raw IS NOT NULL
        AND (date_lo IS NULL OR date_lo <= $day)
        AND list_contains($codes, struct_pack(s := system, c := code))
    ORDER BY date_lo DESC NULLS LAST, id LIMIT $most
"""


@dataclass(frozen=True)
class Measured:
    """One value as its laboratory wrote it. ``read``: it can be put into the unit that the rule speaks."""

    value_set: str
    title: str
    value: float
    comparator: str
    unit: str
    on: date | None
    resource: str
    read: bool

    def __str__(self) -> str:
        unread = f"; not read: {f'the unit “{self.unit}”' if self.unit else 'a value without a unit'} is not known here"
        day = said(self.on) if self.on else "undated"
        amount = self.comparator + (
            quantity(self.value, self.unit) if self.read else f"{number(self.value)} {self.unit}".strip()
        )
        return f"{amount}, {day}, {self.resource}{'' if self.read else unread}"


def measured(told: Told, story: Story) -> dict[str, tuple[Measured, ...]]:
    """By value set, in the order of the rule: its newest values, none where nothing is on record.

    Empty where the night's table is no longer there, or the rule has changed since.
    """
    rows = Rows(told.folder / "tables", "observation")
    if story.rule is None or not story.lines or not rows.whole.is_file():
        return {}
    return {name: tuple(_of(rows, told, story.rule.value_sets[name])) for name in _names(story, story.rule)}


def _names(story: Story, rule: Rule) -> list[str]:
    """Value sets of numbers that the lines ask for, themselves or within a score that holds for the person."""
    found: dict[str, None] = {}
    for answer in (answer for line in story.lines for answer in line.criteria if answer.applies):
        leaf = answer.leaf
        asked = SCORES[leaf.score].inputs if isinstance(leaf, ScoreIs) and leaf.score in SCORES else ()
        asked = (leaf.codes,) if isinstance(leaf, Lab | Rising) else asked
        found |= dict.fromkeys(name for name in asked if name in rule.value_sets and rule.value_sets[name].unit)
    return list(found)


def _of(rows: Rows, told: Told, values: ValueSet) -> Iterator[Measured]:
    codes = [{"s": code.system, "c": code.code} for code in values.codes]
    asked = {"who": told.found.person, "day": told.as_of, "codes": codes, "most": MOST}
    for ident, on, value, comparator, written, unit in ask(_SQL.format(rows=rows.sql()), asked):
        kinds = {IN_CANONICAL[each][0] for each in (values.unit, values.molar_unit) if each}
        title = uncapital(values.title or values.name)
        yield Measured(values.name, title, value, comparator, written, on, f"Observation/{ident}", unit in kinds)
