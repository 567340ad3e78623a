"""The tests that count as done, of every rule, in one shape: person, rule, kind, day, weight, id, result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from outreach.assess.calendar import birthday, later
from outreach.assess.facts import Facts
from outreach.assess.records import counting
from outreach.rulebook.model import Counts, Rule
from outreach.rulebook.terms import ValueSet

SOURCES = ("report", "procedure", "finding")
WITH_RESULTS = ("report", "finding")


def exams(facts: Facts, rules: Sequence[Rule], inside: ir.Table) -> ir.Table:
    """Every test that counts under any rule, of the people ``inside`` (person, birth_lo, birth_hi).

    ``weight`` orders the results of one day: a result nobody has coded weighs 0, then in the order in
    which the rule lists its kinds of test and their results. ``coded`` is false where a result is awaited.
    """
    engine = facts.engine
    asked = engine.values("exam_codes", _asked(rules, facts.value_sets))
    results = engine.values("exam_results", _results(rules, facts.value_sets))
    parts = [
        _of_source(facts, rules, source, asked, inside)
        for source in SOURCES
        if any(getattr(kind, source) for rule in rules for kind in rule.counts)
    ]
    done = engine.stage("exam_records", ibis.union(*parts) if len(parts) > 1 else parts[0])
    coded = done.left_join(results, ["rule", "kind", "said"])
    weighed = coded.select(
        *("person", "rule", "kind", "day", "id", "coded_by"),
        weight=ibis.cases((~coded.coded_by, coded.order), else_=coded.weight.fill_null(0)),
        result=coded.result.fill_null(""),
        coded=~coded.coded_by | coded.weight.notnull(),
    )
    found = engine.keep("exams_all", weighed)
    narrow = [(rule, kind) for rule in rules for kind in rule.counts if kind.at_age is not None or kind.beside]
    if not narrow:
        return found
    plain = found.filter(*[~_are(found, rule, kind) for rule, kind in narrow])
    return ibis.union(plain, *[_narrowed(facts, found, rule, kind, inside) for rule, kind in narrow])


def _of_source(facts: Facts, rules: Sequence[Rule], source: str, asked: ir.Table, inside: ir.Table) -> ir.Table:
    """Dated records of one kind under every rule that counts them, and none that the rule never counts.

    A record with several codings, of itself or of its result, may stand there several times: whatever asks, asks for
    the latest, and of these for the weightiest.
    """
    rows = counting(facts, source).semi_join(inside, "person")
    pairs = rows.inner_join(asked.filter(asked.source.isin((source, "never"))), ["system", "code"])
    never = pairs.filter(pairs.source == "never").select("rule", "id")
    pairs = pairs.filter((pairs.source == source) & pairs.f_lo.notnull())
    if any(rule.never_counts for rule in rules):
        pairs = pairs.anti_join(never, ["rule", "id"])
    if source == "finding":
        pairs = pairs.filter(~pairs.must_value | pairs.valued.fill_null(False))
    ends = pairs.by_end & (pairs.f_lo == pairs.f_hi)
    none = ibis.null("string")
    said = none
    if source in WITH_RESULTS:
        some = (pairs.coded_by & (pairs.results.length() > 0)).fill_null(False)
        said = ibis.ifelse(some, pairs.results, ibis.array([none])).unnest()
    return pairs.select(
        *("person", "rule", "kind", "order", "coded_by", "id"),
        day=ibis.ifelse(ends, pairs.l_hi, pairs.f_lo),
        said=said,
    )


def _are(exams: ir.Table, rule: Rule, kind: Counts) -> ir.BooleanValue:
    return (exams.rule == rule.name) & (exams.kind == kind.name)


def _narrowed(facts: Facts, exams: ir.Table, rule: Rule, kind: Counts, inside: ir.Table) -> ir.Table:
    """The tests of one kind, without those done at another age or without the test that goes with them."""
    found = exams.filter(_are(exams, rule, kind))
    if kind.at_age is not None:
        births = inside.select(born="person", birth_lo="birth_lo", birth_hi="birth_hi")
        dated = found.left_join(births, [("person", "born")])
        tests = [ibis.literal(True)]
        if kind.at_age.low is not None:
            tests.append(birthday(dated.birth_hi, kind.at_age.low) <= dated.day)
        if kind.at_age.high is not None:
            tests.append(birthday(dated.birth_lo, kind.at_age.high + 1) > dated.day)
        found = dated.filter(*tests).select(*exams.columns)
    if kind.beside:
        others = _beside(facts, rule, kind)
        pairs = found.inner_join(others, [("person", "beside")])
        within = kind.beside_within
        close = pairs.beside_day.between(later(pairs.day, within, -1), later(pairs.day, within))
        found = pairs.filter(close).select(*exams.columns).distinct()
    return facts.engine.keep(f"exams_{_plain(rule, kind)}", found)


def _beside(facts: Facts, rule: Rule, kind: Counts) -> ir.Table:
    """beside (a person) and the day of each record of the tests that go together with this kind."""
    pairs = {(c.system, c.code) for name in kind.beside for c in facts.value_sets[name].codes}
    table = pa.table({"system": [s for s, _ in sorted(pairs)], "code": [c for _, c in sorted(pairs)]})
    codes = facts.engine.values(f"beside_{_plain(rule, kind)}", table)
    parts = []
    for source in SOURCES:
        rows = counting(facts, source).inner_join(codes, ["system", "code"])
        rows = rows.filter(rows.f_lo.notnull())
        parts.append(rows.select(beside=rows.person, beside_day=rows.f_lo))
    return ibis.union(*parts).distinct()


def _plain(rule: Rule, kind: Counts) -> str:
    return f"{rule.name}__{kind.name}".replace("-", "_")  # names have no underscore: no two read alike


def _asked(rules: Sequence[Rule], sets: Mapping[str, ValueSet]) -> pa.Table:
    """A row for each code of each kind of each rule, and for what a rule never counts."""
    rows: list[tuple[str, str, str, str, str, bool, int, bool, bool]] = []
    for rule in rules:
        orders = _orders(rule, sets)
        for kind in rule.counts:
            for source in SOURCES:
                pairs = {(c.system, c.code) for name in getattr(kind, source) for c in sets[name].codes}
                by_end = kind.dated_by == "end"
                rest = (rule.name, kind.name, bool(kind.results), orders[kind.name], kind.has_value, by_end)
                rows += [(system, code, source, *rest) for system, code in sorted(pairs)]
        never = {(c.system, c.code) for name in rule.never_counts for c in sets[name].codes}
        rows += [(system, code, "never", rule.name, "", False, 0, False, False) for system, code in sorted(never)]
    names = ("system", "code", "source", "rule", "kind", "coded_by", "order", "must_value", "by_end")
    kinds = (*[pa.string()] * 5, pa.bool_(), pa.int64(), pa.bool_(), pa.bool_())
    return pa.table({n: pa.array([row[i] for row in rows], kinds[i]) for i, n in enumerate(names)})


def _orders(rule: Rule, sets: Mapping[str, ValueSet]) -> dict[str, int]:
    """The weight of each kind without results: its place among all results of the rule, from 1."""
    orders, place = {}, 1
    for kind in rule.counts:
        orders[kind.name] = place
        place += len(sets[kind.results].codes) if kind.results else 1
    return orders


def _results(rules: Sequence[Rule], sets: Mapping[str, ValueSet]) -> pa.Table:
    rows: list[tuple[str, str, str, str, int]] = []
    for rule in rules:
        orders = _orders(rule, sets)
        for kind in rule.counts:
            codes = sets[kind.results].codes if kind.results else ()
            order = orders[kind.name]
            rows += [(rule.name, kind.name, f"{c.system}|{c.code}", c.code, order + n) for n, c in enumerate(codes)]
    names = ("rule", "kind", "said", "result", "weight")
    kinds = (pa.string(), pa.string(), pa.string(), pa.string(), pa.int64())
    return pa.table({n: pa.array([row[i] for row in rows], kinds[i]) for i, n in enumerate(names)})


def latest(rows: ir.Table) -> ir.StructScalar:
    """The latest test; of several on one day the weightiest, then the greatest id."""
    fields = ("day", "weight", "id", "kind", "result", "coded")
    return ibis.struct({name: rows[name] for name in fields}).max()
