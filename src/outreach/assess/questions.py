"""What all rules of a night ask of the tables, each question once.

*Early* is what decides who may be at risk and is asked of everyone; *late* is the rest, asked only of
those whom some rule cannot rule out. A question asked early is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import ibis.expr.types as ir

from outreach.assess.facts import Facts
from outreach.assess.gather import Gather, Gathered
from outreach.assess.judge import judge, onto, wide
from outreach.assess.people import Told
from outreach.assess.scores import SCORES, Score
from outreach.rulebook.criterion import Ethnicity, Language, Origin, Race, Record, ScoreIs


@dataclass
class Questions:
    """Grows while rules are compiled; see ``ask_early`` and ``ask_late``."""

    facts: Facts
    early: Gather = field(init=False)
    late: Gather = field(init=False)
    records: dict[Record, int] = field(default_factory=dict)
    told: dict[Told, str] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    score_keys: set[str] = field(default_factory=set)
    _soon: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.early = Gather(self.facts, "early")
        self.late = Gather(self.facts, "late", self.early)

    def gather(self, *, early: bool) -> Gather:
        return self.early if early else self.late

    def record(self, leaf: Record, *, early: bool) -> int:
        """The number of a record criterion; its answer stands in column ``r<number>``."""
        number = self.records.setdefault(leaf, len(self.records))
        if early:
            self._soon.add(number)
        return number

    def attribute(self, leaf: Origin | Race | Ethnicity | Language) -> str:
        """The column of everyone that answers it."""
        return self.told.setdefault(leaf, f"told{len(self.told)}")

    def score(self, leaf: ScoreIs) -> str:
        """The score's name; its bounds stand in ``<name>_low`` and ``<name>_high``. Always late."""
        parts = ("score", leaf.score, leaf.within.count, leaf.within.unit, leaf.limit or "")
        key = "".join(c if c.isalnum() else "_" for c in "_".join(str(part) for part in parts))
        if key not in self.scores:
            used, self.late.used = self.late.used, set()
            self.scores[key] = SCORES[leaf.score](self.late, self.facts.day.as_of, leaf.within, leaf.limit)
            self.score_keys |= self.late.used
            self.late.used = used
        return key

    def ask_early(self) -> Asked:
        """Judge and gather what is asked of everyone."""
        mine = {leaf: n for leaf, n in self.records.items() if n in self._soon}
        judged = judge(self.facts, mine, None, "judged_early") if mine else None
        return Asked(self.facts, judged, sorted(mine.values()), self.early.run(None), "early")

    def ask_late(self, inside: ir.Table) -> Asked:
        """Judge and gather the rest, of the people ``inside``."""
        mine = {leaf: n for leaf, n in self.records.items() if n not in self._soon}
        judged = judge(self.facts, mine, inside, "judged_late") if mine else None
        return Asked(self.facts, judged, sorted(mine.values()), self.late.run(inside), "late")


@dataclass(frozen=True)
class Asked:
    """Answers of the tables, ready to be put beside people."""

    facts: Facts
    judged: ir.Table | None
    leaves: Sequence[int]
    gathered: Gathered
    name: str
    _wide: dict[tuple[int, ...], ir.Table] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def onto(self, people: ir.Table, records: Iterable[int], keys: Iterable[str]) -> ir.Table:
        """``people`` with columns ``r<number>`` of these record criteria and these gathered keys."""
        wanted = self._of(records)
        if self.judged is not None and wanted:
            if wanted not in self._wide:
                name = f"{self.name}_wide{next(self._numbers)}"
                self._wide[wanted] = self.facts.engine.keep(name, wide(self.judged, wanted))
            people = onto(people, self._wide[wanted])
        return self.gathered.onto(people, keys)

    def forget(self, later: Iterable[Iterable[int]]) -> None:
        """Free what none of ``later``, the record criteria of the rules still to come, reads."""
        kept = {self._of(records) for records in later}
        for wanted in self._wide.keys() - kept:
            self.facts.engine.drop([self._wide.pop(wanted).get_name()])

    def _of(self, records: Iterable[int]) -> tuple[int, ...]:
        mine = set(records)
        return tuple(number for number in self.leaves if number in mine)
