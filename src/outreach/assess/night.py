"""Rules on a day over the tables of a night: one row per person and rule.

Read in stages, each computed once for all rules: everyone, by what decides whether they may be at risk;
then, of those whom some rule cannot rule out, everything else; then rule by rule the lines, the status and
the evidence. Nothing loops over people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from outreach.assess.engine import Engine
from outreach.assess.exams import exams
from outreach.assess.facts import Day, Facts
from outreach.assess.leaves import Compiler
from outreach.assess.people import everyone
from outreach.assess.plan import Plan
from outreach.assess.questions import Questions
from outreach.assess.scoring import scored
from outreach.rulebook.model import Rule

NOBODY_MASKED: frozenset[str] = frozenset()


def assess(engine: Engine, rule: Rule, day: Day, out: Path, *, masked: frozenset[str] = NOBODY_MASKED) -> int:
    """Assess everyone under one rule; see ``assess_rules``. Returns the number of rows written to ``out``."""
    return assess_rules(engine, [rule], day, {rule.name: out}, masked=masked)[rule.name]


def assess_rules(
    engine: Engine,
    rules: Sequence[Rule],
    day: Day,
    outs: Mapping[str, Path],
    *,
    masked: frozenset[str] = NOBODY_MASKED,
    everyone_closely: bool = False,
) -> dict[str, int]:
    """Assess everyone under several rules and write one file each, with one row per Patient record.

    Columns: person, rule, rule_hash, status, reason, due_on, overdue_on, risk_group, missing[], flags[],
    list_name, since, late, criteria[] of (n, truth, applies, resource, on, value). Dates are calendar days.
    ``criteria`` is NULL for people who are not at risk; ``findings`` says what it holds, and which file has
    the names. Beside each file goes survivors.parquet: where each merged record leads.

    Args:
        outs: the file of each rule, by the rule's name.
        masked: protected attributes taken as recorded for nobody, for the counterfactual.
        everyone_closely: also write the criteria of people who are not at risk (exemplars are few).

    Returns:
        The number of rows by rule.
    """
    rules = [rule.on(day.as_of) for rule in rules]
    sets = {name: values for rule in rules for name, values in rule.value_sets.items()}
    facts = Facts(engine, sets, day)
    for folder in {out.parent for out in outs.values()}:
        engine.write(facts.survivors, folder / "survivors.parquet")()
    questions = Questions(facts)
    plans = [Plan(number, Compiler(questions, rule)) for number, rule in enumerate(rules)]
    for plan in plans:
        plan.ask_risk()
    for plan in plans:
        plan.ask_rest()
    people = everyone(facts, questions.told, masked)
    early = questions.ask_early()
    for plan in plans:
        plan.look(engine, people, early, everyone=everyone_closely)
    inside = _inside(engine, people, plans)
    late = questions.ask_late(inside)
    scores = scored(engine, questions, inside, early, late)
    tests = exams(facts, rules, inside)
    try:
        written = {}
        for n, plan in enumerate(plans):
            name = plan.rule.name
            written[name] = plan.write(engine, people, (early, late), scores, tests, outs[name])
            for asked in (early, late):
                asked.forget(each.compiler.records for each in plans[n + 1 :])
        return {name: wait() for name, wait in written.items()}
    except BaseException:
        engine.stop()  # nothing is written any more once the caller goes on
        raise


def _inside(engine: Engine, people: ir.Table, plans: Sequence[Plan]) -> ir.Table:
    """Whoever some rule cannot rule out, with what scores read of a person."""
    found = [plan.inside for plan in plans]
    persons = found[0] if len(found) == 1 else ibis.union(*found, distinct=True)
    return engine.keep("inside", people.semi_join(persons, "person").select("person", "sex", "birth_lo", "birth_hi"))
