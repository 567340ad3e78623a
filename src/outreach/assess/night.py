"""A rule on a day over the tables of a night: one row per person.

Read in stages, each computed once: everyone by their events; whoever cannot be ruled out by those, by
everything else; then lines, then the status. Nothing loops over people.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import Answer, all_of, any_of, restore, store
from outreach.assess.decide import any_unknown, decide, due_days, first_true, owning_list
from outreach.assess.engine import Engine
from outreach.assess.facts import Day, Facts
from outreach.assess.findings import findings
from outreach.assess.gather import EVENTS
from outreach.assess.leaves import Build, Compiler, ask_latest_scan, closing
from outreach.assess.origin import with_birthplaces
from outreach.assess.scores import with_scores
from outreach.domain.assessment import Status
from outreach.rulebook.model import Age, Rule

#: http://terminology.hl7.org/CodeSystem/consentscope: a refusal of research or an advance directive is
#: no refusal of letters. Anything else that denies is (fail closed).
_OTHER_SCOPES = ("research", "adr")


@dataclass(frozen=True)
class Lines:
    """The named lines of each section, ready to be asked of a table of people."""

    at_risk: list[tuple[str, Build]]
    cannot_help: list[tuple[str, Build]]
    not_now: list[tuple[str, Build]]


def assess(engine: Engine, rule: Rule, day: Day, out: Path) -> int:
    """Assess everyone under one rule and write ``out`` with one row per person.

    Columns: person, rule, rule_hash, status, reason, due_on, overdue_on, risk_group, missing[], flags[],
    list_name, since, late, criteria[] of (section, criterion, truth, resource, on, value). Dates are
    calendar days. ``criteria`` is NULL for people whom their events alone rule out. Beside it goes
    survivors.parquet: where each merged record leads.

    Returns:
        The number of rows, one for each Patient record.
    """
    facts = Facts(engine, rule, day)
    compiler = Compiler(facts, rule)
    engine.write(facts.survivors, out.with_name("survivors.parquet"))
    lines = _lines(compiler, rule)
    scan = ask_latest_scan(compiler.gather)
    people = engine.keep("everyone", with_birthplaces(engine, _people(facts), compiler.origins))
    people = engine.keep("people", compiler.gather.onto(people, EVENTS))
    risk = any_of([build(people) for _, build in lines.at_risk]).truth
    close = engine.keep("close", people.filter(risk.fill_null(True) & ~people.merged))
    close = engine.keep("gathered", compiler.gather.onto(close, compiler.gather.measured))
    close = engine.keep("scores", with_scores(close, compiler.scores))
    own = ("person", "deceased", "opted_out", "adrift", scan)
    close = engine.keep("leaves", close.select(*own, **compiler.keep_leaves(close)))
    close = compiler.read_from(close)
    close, answers = _kept(engine, close, _answers(lines, close))
    compiler.read_from(close)
    verdict = engine.keep("verdict", close.select("person", "deceased", "opted_out", **_verdict(answers, close, scan)))
    verdict = engine.keep("decided", _decided(verdict, rule, day))
    criteria = close.select("person", criteria=findings(compiler, rule, answers, close, scan))
    return engine.write(_rows(verdict.join(criteria, "person"), people, rule, day), out)


def _lines(compiler: Compiler, rule: Rule) -> Lines:
    """Every line asked; a group holds only within the rule's ages."""
    whole = [] if rule.age == Age(None, None) else [compiler.ask(rule.age)]

    def within_ages(build: Build) -> Build:
        return lambda people: all_of([build(people), *[age(people) for age in whole]])

    return Lines(
        [(line.name, within_ages(compiler.ask(line.criterion))) for line in rule.at_risk],
        [(line.name, compiler.ask(line.criterion)) for line in rule.cannot_help],
        [(line.name, compiler.ask(closing(line.criterion, line.until))) for line in rule.not_now],
    )


def _people(facts: Facts) -> ir.Table:
    """One row per Patient record: attributes, merged, opted out."""
    person, survivors = facts.engine.table("person"), facts.survivors
    merged = survivors.filter(survivors.resolved).select(gone=survivors.loser)
    lost = survivors.filter(~survivors.resolved).select(adrift=survivors.loser)
    consent = facts.consents()
    denies = (consent.provision == "deny").fill_null(False) | (
        consent.provision.isnull() & consent.policy_rule.contains("OPTOUT").fill_null(False)
    )
    other = consent.scope.isin(_OTHER_SCOPES).fill_null(False)
    refused = consent.filter((consent.status == "active") & denies & ~other)
    refused = refused.select(refuses=refused.person).distinct()
    joined = person.left_join(merged, [("id", "gone")]).left_join(refused, [("id", "refuses")])
    joined = joined.left_join(lost, [("id", "adrift")])
    joined = joined.left_join(_dead(facts), [("id", "dead")])
    return joined.select(
        *("sex", "birth_lo", "birth_hi", "birth_raw", "birth_country"),
        person=joined.id,
        deceased=joined.dead.notnull(),
        merged=joined.gone.notnull(),
        adrift=joined.adrift.notnull(),
        opted_out=joined.refuses.notnull(),
    )


def _dead(facts: Facts) -> ir.Table:
    """Everyone of whom a record, their own or one merged into it, says that they have died.

    A ``deceasedBoolean`` that cannot be read counts as yes: nobody may write to, or call, the bereaved.
    """
    person = facts.engine.table("person")
    unreadable = person.lost.map(lambda cell: cell["column"]).contains("deceased")
    said = person.filter(person.deceased.fill_null(False) | unreadable.fill_null(False))
    of = said.left_join(facts.survivors, [("id", "loser")])
    return of.select(dead=ibis.coalesce(of.survivor, of.id)).distinct()


Answers = dict[str, list[tuple[str, Answer]]]


def _answers(lines: Lines, people: ir.Table) -> Answers:
    """Each section's lines answered over ``people``."""
    sections = {"at_risk": lines.at_risk, "cannot_help": lines.cannot_help, "not_now": lines.not_now}
    return {section: [(name, build(people)) for name, build in found] for section, found in sections.items()}


def _kept(engine: Engine, people: ir.Table, answers: Answers) -> tuple[ir.Table, Answers]:
    """``people`` with each line's answer as columns, and the answers read from those."""
    columns: dict[str, ir.Value] = {}
    places: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for section, found in answers.items():
        for number, (name, answer) in enumerate(found):
            made, where = store(answer, f"{section}{number}")
            columns |= made
            places.setdefault(section, []).append((name, where))
    people = engine.keep("lines", people.mutate(**columns))
    return people, {s: [(name, restore(people, where)) for name, where in places.get(s, [])] for s in answers}


def _verdict(answers: Answers, people: ir.Table, scan: str) -> dict[str, ir.Value]:
    """What deciding needs of each section."""
    risk, ends, pauses = answers["at_risk"], answers["cannot_help"], answers["not_now"]
    at_risk = any_of([answer for _, answer in risk]).truth
    return {
        "at_risk": ibis.ifelse(people.adrift & at_risk, ibis.null("boolean"), at_risk),
        "risk_group": ibis.ifelse(people.adrift, ibis.null("string"), first_true(risk)),
        "first_at_risk": first_true(risk, "first"),
        "end": first_true(ends),
        "flags": _names([(f"{name}-not-known", answer.truth.isnull()) for name, answer in ends]),
        "pause": first_true(pauses),
        "pause_since": first_true(pauses, "since"),
        "pause_unknown": any_unknown(pauses),
        "missing_names": _names([*_missing([answer for _, answer in risk]), ("surviving-record", people.adrift)]),
        "scan_day": people[scan]["day"],
        "scan_rank": people[scan]["rank"],
        "scan_result": people[scan]["result"],
    }


def _decided(verdict: ir.Table, rule: Rule, day: Day) -> ir.Table:
    due_on, overdue_on = due_days(verdict, rule)
    dated = verdict.mutate(due_on=due_on, overdue_on=overdue_on)
    return dated.mutate(**decide(dated, day.as_of))


def _missing(answers: list[Answer]) -> list[tuple[str, ir.BooleanValue]]:
    """What would settle the question, by name; only what a group that may still hold reads."""
    names = sorted({name for answer in answers for name in answer.missing})
    return [
        (name, ibis.or_(*[a.truth.isnull() & a.missing[name] for a in answers if name in a.missing])) for name in names
    ]


def _names(tests: list[tuple[str, ir.BooleanValue]]) -> ir.ArrayValue:
    """The names whose test holds, in the order given."""
    empty = ibis.literal([], type="array<string>")
    for name, test in tests:
        empty = empty.concat(
            ibis.ifelse(test.fill_null(False), ibis.literal([name]), ibis.literal([], "array<string>"))
        )
    return empty


def _rows(close: ir.Table, people: ir.Table, rule: Rule, day: Day) -> ir.Table:
    """The decided, and everyone who is not at risk for certain or no person of their own."""
    unknown = close.status == Status.UNKNOWN.value
    dated = (Status.UP_TO_DATE, Status.DUE, Status.OVERDUE, Status.NOT_NOW)
    held = close.status.notin([word.value for word in dated])
    none = ibis.literal([], type="array<string>")
    lists = owning_list(close, rule, day.as_of)
    decided = close.select(
        person=close.person,
        rule=ibis.literal(rule.name),
        rule_hash=ibis.literal(rule.hash),
        status=close.status,
        reason=close.reason,
        due_on=ibis.ifelse(held, ibis.null("date"), close.due_on),
        overdue_on=ibis.ifelse(held, ibis.null("date"), close.overdue_on),
        risk_group=close.risk_group.fill_null(""),
        missing=ibis.ifelse(unknown, close.missing_names, none),
        flags=close.flags,
        list_name=lists["list_name"],
        since=ibis.ifelse(close.status == Status.NOT_NOW.value, close.pause_since, ibis.null("date")),
        late=lists["late"],
        criteria=close.criteria,
    )
    return ibis.union(decided, _ruled_out(close, people, decided, rule))


def _ruled_out(close: ir.Table, people: ir.Table, like: ir.Table, rule: Rule) -> ir.Table:
    """People whom the first look ruled out, and those the close look did."""
    outside = people.anti_join(close, "person")
    columns = {name: ibis.null(kind) for name, kind in like.schema().items()}
    reason = ibis.ifelse(outside.merged, "merged", "not-at-risk")
    empty = ibis.literal([], type="array<string>")
    return outside.select(
        **{
            **columns,
            "person": outside.person,
            "rule": ibis.literal(rule.name),
            "rule_hash": ibis.literal(rule.hash),
            "status": ibis.literal(Status.NOT_APPLICABLE.value),
            "reason": reason,
            "risk_group": ibis.literal(""),
            "missing": empty,
            "flags": empty,
            "list_name": ibis.literal(""),
            "late": ibis.literal(False),
        }
    )
