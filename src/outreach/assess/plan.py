"""One rule's way through the stages of a night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis.expr.types as ir

from outreach.assess.answer import Answer, any_of
from outreach.assess.decide import Lines, decide, verdict
from outreach.assess.due import asked as asked_of_due
from outreach.assess.engine import Engine, Written
from outreach.assess.exams import latest
from outreach.assess.findings import NO_AGE, findings, write_names
from outreach.assess.leaves import LATEST, Build, Compiler, closing
from outreach.assess.questions import Asked
from outreach.assess.rows import rows
from outreach.assess.stored import columns, restored
from outreach.rulebook.criterion import All, Criterion
from outreach.rulebook.model import SECTIONS, Named, Rule


@dataclass
class Plan:
    """The lines of a rule, asked; then the people it looks at closely (``inside``)."""

    number: int
    compiler: Compiler
    lines: dict[str, list[tuple[Named, Build]]] = field(default_factory=dict)
    inside: ir.Table = field(init=False)
    _risk_keys: set[str] = field(default_factory=set)
    _keys: set[str] = field(default_factory=set)

    @property
    def rule(self) -> Rule:
        return self.compiler.rule

    def ask_risk(self) -> None:
        """Ask what decides who may be at risk; a group holds only within the rule's ages."""
        self.lines["at_risk"] = [
            (line, self.compiler.ask(self._within_ages(line.criterion), early=True)) for line in self.rule.at_risk
        ]
        self._risk_keys = self._taken()
        self._keys |= self._risk_keys

    def _within_ages(self, criterion: Criterion) -> Criterion:
        if self.rule.age == NO_AGE:
            return criterion
        parts = criterion.of if isinstance(criterion, All) else (criterion,)
        return All((*parts, self.rule.age))

    def ask_rest(self) -> None:
        """Ask everything else."""
        for section in SECTIONS[1:]:
            lines = getattr(self.rule, section)
            self.lines[section] = [(line, self.compiler.ask(closing(line.criterion, line.until))) for line in lines]
        self.compiler.exams[LATEST] = latest
        self.compiler.exams |= asked_of_due(self.rule)
        self._keys |= self._taken()

    def _taken(self) -> set[str]:
        """The gathered columns that this rule asked since last time."""
        gathers = (self.compiler.questions.early, self.compiler.questions.late)
        used = {key for gather in gathers for key in gather.used}
        for gather in gathers:
            gather.used.clear()
        return used

    def look(self, engine: Engine, people: ir.Table, early: Asked, *, everyone: bool = False) -> None:
        """Keep whoever is not ruled out (``inside``); with ``everyone``, whoever is not merged into another."""
        if everyone:
            self.inside = engine.keep(f"inside{self.number}", people.filter(~people.merged).select("person"))
            return
        seen = early.onto(people, self.compiler.records, self._risk_keys)
        risk = any_of([build(seen) for _, build in self.lines["at_risk"]]).truth
        close = seen.filter(risk.fill_null(True) & ~seen.merged)
        self.inside = engine.keep(f"inside{self.number}", close.select("person"))

    def write(
        self,
        engine: Engine,
        people: ir.Table,
        answers: Sequence[Asked],
        scores: ir.Table | None,
        exams: ir.Table,
        out: Path,
    ) -> Written:
        """Judge the people inside and begin to write everyone's row."""
        seen = people.semi_join(self.inside, "person")
        for asked in answers:
            seen = asked.onto(seen, self.compiler.records, self._keys)
        if scores is not None and self.compiler.scores:
            own = [c for c in scores.columns if any(c.startswith(f"{name}_") for name in self.compiler.scores)]
            kept = scores.select(scored_person="person", **{c: c for c in own})
            seen = _beside(seen, kept, "scored_person")
        seen = _beside(seen, self._exams(exams), "exam_person")
        leaves = engine.stage(f"leaves{self.number}", seen.mutate(**self.compiler.keep_leaves(seen)))
        leaves = self.compiler.layers.keep(
            engine, self.compiler.read_from(leaves), self.compiler.read_from, f"layer{self.number}"
        )
        seen, lines = self._stored(engine, leaves)
        as_of = self.compiler.as_of
        found, names = findings(self.compiler, lines, seen)
        write_names(names, self.rule.name, out)
        judged = seen.select(
            *("person", "deceased", "opted_out", *self.compiler.exams), criteria=found, **verdict(seen, lines, as_of)
        )
        decided = decide(engine.stage(f"judged{self.number}", judged), self.rule, as_of)
        return engine.write(rows(decided, people.anti_join(self.inside, "person"), self.rule), out)

    def _stored(self, engine: Engine, people: ir.Table) -> tuple[ir.Table, Lines]:
        """``people`` kept with the lines' answers as columns, and the lines over them."""
        asked = [
            (s, f"{s}{n}", line, build) for s, found in self.lines.items() for n, (line, build) in enumerate(found)
        ]
        made = {name: column for _, start, _, build in asked for name, column in columns(start, build(people)).items()}
        kept = self.compiler.read_from(engine.stage(f"lines{self.number}", people.mutate(**made)))
        lines: dict[str, list[tuple[Named, Answer]]] = {section: [] for section in self.lines}
        for section, start, line, build in asked:
            lines[section].append((line, restored(kept, start, build(kept))))
        return kept, lines

    def _exams(self, exams: ir.Table) -> ir.Table:
        mine = exams.filter(exams.rule == self.rule.name)
        return mine.group_by(exam_person=mine.person).aggregate(
            **{key: build(mine) for key, build in self.compiler.exams.items()}
        )


def _beside(people: ir.Table, found: ir.Table, key: str) -> ir.Table:
    return people.left_join(found, [("person", key)]).drop(key)
