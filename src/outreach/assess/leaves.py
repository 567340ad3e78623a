"""Each criterion of the rule language, as a question to the fact tables and an answer over people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import singledispatchmethod
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import NO_DAY, NO_TEXT, Answer, all_of, any_of, at_least, negate, restore, store
from outreach.assess.facts import Facts, in_set
from outreach.assess.gather import NEVER, Gather
from outreach.assess.labs import latest_value, on_unit
from outreach.assess.scores import SCORES, Score
from outreach.domain.calendar import Period, add, latest_birth_for_age
from outreach.rulebook.model import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Booked,
    CloseRelative,
    Criterion,
    Diagnosis,
    Lab,
    Not,
    OpenOrder,
    Origin,
    ProcedureDone,
    Rising,
    Rule,
    ScanResult,
    ScoreAtLeast,
    Sex,
    ValueSet,
)

Build = Callable[[ir.Table], Answer]


@dataclass(frozen=True)
class Closed:
    """A dated finding that a later coded result closes."""

    leaf: ScanResult | Lab | Rising
    until: tuple[str, ...]


def closing(criterion: Criterion, until: tuple[str, ...]) -> Criterion | Closed:
    """The criterion with every dated finding in it closed by ``until`` (an order closes itself)."""
    if not until:
        return criterion
    if isinstance(criterion, All | AnyOf | AtLeast):
        return replace(criterion, of=tuple(closing(part, until) for part in criterion.of))  # type: ignore[misc]
    if isinstance(criterion, ScanResult | Lab | Rising):
        return Closed(criterion, until)
    return criterion


class Compiler:
    """One rule on one day.

    Calling ``ask`` registers what a criterion needs; the function it returns builds the answer over a
    table of people that holds the gathered columns. Columns not gathered yet answer unknown, so the
    same tree can be asked first of events alone: who cannot be ruled out by them is looked at closely.
    """

    def __init__(self, facts: Facts, rule: Rule) -> None:
        self.facts, self.rule = facts, rule
        self.as_of = facts.day.as_of
        self.gather = Gather(facts, rule)
        self.leaves: dict[Criterion | Closed, Build] = {}
        self.kept: dict[int, dict[str, str]] = {}
        self.kept_in: ir.Table | None = None
        self.scores: dict[str, Score] = {}
        self.origins: dict[str, ValueSet] = {}

    def ask(self, criterion: Criterion | Closed) -> Build:
        """The answer to a criterion; a leaf asked twice is computed once (see ``stored``)."""
        if isinstance(criterion, All | AnyOf | AtLeast | Not):
            return self._ask(criterion)
        if criterion not in self.leaves:
            self.leaves[criterion] = self._ask(criterion)
        build, index = self.leaves[criterion], list(self.leaves).index(criterion)

        def answer(people: ir.Table) -> Answer:
            where = self.kept.get(index)
            return build(people) if where is None or people is not self.kept_in else restore(people, where)

        return answer

    def keep_leaves(self, people: ir.Table) -> dict[str, ir.Value]:
        """Every leaf's answer over ``people`` as columns of a table to be kept; see ``read_from``."""
        columns: dict[str, ir.Value] = {}
        for index, build in enumerate(list(self.leaves.values())):
            made, self.kept[index] = store(build(people), index)
            columns |= made
        return columns

    def read_from(self, people: ir.Table) -> ir.Table:
        """From now on leaves are read from the columns of this table."""
        self.kept_in = people
        return people

    @singledispatchmethod
    def _ask(self, criterion: object) -> Build:
        raise TypeError(f"no compiler for {type(criterion).__name__}")

    @_ask.register
    def _(self, c: Closed) -> Build:
        part, closer = self.ask(c.leaf), ask_last_clear(self.gather, c.until)

        def answer(people: ir.Table) -> Answer:
            open_ = part(people)
            if closer not in people.columns:
                return open_
            closed = (people[closer] >= open_.since).fill_null(False)
            return replace(open_, truth=open_.truth & ~closed)

        return answer

    @_ask.register
    def _(self, c: All) -> Build:
        parts = [self.ask(part) for part in c.of]
        return lambda people: all_of([part(people) for part in parts])

    @_ask.register
    def _(self, c: AnyOf) -> Build:
        parts = [self.ask(part) for part in c.of]
        return lambda people: any_of([part(people) for part in parts])

    @_ask.register
    def _(self, c: AtLeast) -> Build:
        parts = [self.ask(part) for part in c.of]
        return lambda people: at_least(c.count, [part(people) for part in parts])

    @_ask.register
    def _(self, c: Not) -> Build:
        part = self.ask(c.of)
        return lambda people: negate(part(people))

    @_ask.register
    def _(self, c: Diagnosis) -> Build:
        return self._event("condition", c.codes, "Condition/")

    @_ask.register
    def _(self, c: ProcedureDone) -> Build:
        return self._event("procedure", c.codes, "Procedure/")

    @_ask.register
    def _(self, c: CloseRelative) -> Build:
        close = [code.code for code in self.rule.value_sets["first-degree-relative"].codes]

        def near(rows: ir.Table) -> ir.BooleanValue:
            return ibis.or_(*[rows.relationship_codes.contains(code) for code in close])

        return self._event("family_history", c.codes, "FamilyMemberHistory/", near)

    def _event(
        self, table: str, codes: str, prefix: str, also: Callable[[ir.Table], ir.BooleanValue] | None = None
    ) -> Build:
        """The earliest record in the value set; absent is false."""
        key = self.gather.event(table, codes, also)

        def answer(people: ir.Table) -> Answer:
            if key not in people.columns:
                return _not_asked()
            found = people[key]
            day = found["day"].nullif(NEVER)
            return Answer(found.notnull(), ibis.literal(prefix) + found["id"], day, found["text"], day, day)

        return answer

    @_ask.register
    def _(self, c: Sex) -> Build:
        def answer(people: ir.Table) -> Answer:
            known = people.sex.isin(("female", "male"))
            truth = ibis.ifelse(known, people.sex == c.value, ibis.null("boolean"))
            return Answer(truth, _patient(people), value=people.sex, missing={"sex": truth.isnull()})

        return answer

    @_ask.register
    def _(self, c: Age) -> Build:
        def answer(people: ir.Table) -> Answer:
            truth = age_between(people, c, self.as_of)
            first = NO_DAY if c.low is None else birthday(people.birth_hi, c.low)
            return Answer(
                truth, _patient(people), value=people.birth_raw, first=first, missing={"birth-date": truth.isnull()}
            )

        return answer

    @_ask.register
    def _(self, c: Origin) -> Build:
        key = f"born_{c.codes}".replace("-", "_")
        self.origins[key] = self.rule.value_sets[c.codes]

        def answer(people: ir.Table) -> Answer:
            truth = people[key]
            # The country itself stays out of the evidence: yes, no or unknown is all anybody needs.
            return Answer(truth, _patient(people), missing={"birthplace": truth.isnull()})

        return answer

    @_ask.register
    def _(self, c: ScoreAtLeast) -> Build:
        score = SCORES[c.score](self.gather, self.as_of, c.within)
        key = f"score_{c.score}_{c.within.count}{c.within.unit}".replace("-", "_")
        self.scores[key] = score

        def answer(people: ir.Table) -> Answer:
            if f"{key}_low" not in people.columns:
                return _not_asked()
            low, high = people[f"{key}_low"], people[f"{key}_high"]
            truth = ibis.cases((low >= c.low, True), (high < c.low, False), else_=ibis.null("boolean"))
            holds = score.holds_for(people)
            truth = truth & holds
            said = ibis.ifelse(low == high, _number(low), _number(low) + " to " + _number(high))
            said = ibis.ifelse(holds, said, NO_TEXT)  # outside its population a score is no number
            missing = {name: truth.isnull() & absent for name, absent in score.missing(people).items()}
            return Answer(truth, value=ibis.literal(f"{c.score} ") + said, missing=missing)

        return answer

    @_ask.register
    def _(self, c: ScanResult) -> Build:
        key = ask_latest_scan(self.gather)
        wanted = [result for result in c.results if result != "uncoded"]

        def answer(people: ir.Table) -> Answer:
            if key not in people.columns:
                return _not_asked()
            found = people[key]
            coded = (found["rank"] > 0) & found["result"].isin(wanted or [""])
            uncoded = (found["rank"] == 0) if "uncoded" in c.results else ibis.literal(False)
            truth = (coded | uncoded).fill_null(False)
            text = ibis.ifelse(found["rank"] > 0, found["result"], "no coded result")
            return Answer(truth, found["id"], found["day"], text, since=found["day"])

        return answer

    @_ask.register
    def _(self, c: Lab) -> Build:
        values = self.rule.value_sets[c.codes]
        key = self.gather.ask(*latest_value(values, self.as_of, c.within, exact=False))

        def answer(people: ir.Table) -> Answer:
            if key not in people.columns:
                return _not_asked()
            found = people[key]
            tests = [at_least_value(found, c.low)] if c.low is not None else []
            tests += [~at_least_value(found, c.below)] if c.below is not None else []
            # A test never done has started nothing: absent is false here (the rule pauses on what was found).
            truth = ibis.ifelse(found.isnull(), ibis.literal(False), ibis.and_(*tests))
            said = found["comparator"] + _number(found["value"]) + f" {values.unit}"
            return Answer(truth, ibis.literal("Observation/") + found["id"], found["day"], said, since=found["day"])

        return answer

    @_ask.register
    def _(self, c: Rising) -> Build:
        values, since = self.rule.value_sets[c.codes], add(self.as_of, c.within, -1)
        name = f"rising_{c.codes}_{c.values}_{c.within.count}{c.within.unit}".replace("-", "_")

        def series(rows: ir.Table) -> ir.Value:
            number = on_unit(rows, values)
            where = in_set(rows, c.codes) & number.notnull() & rows.comparator.isnull() & (rows.date_lo >= since)
            return ibis.struct({"day": rows.date_lo, "id": rows.id, "value": number}).collect(
                where=where, distinct=True
            )

        key = self.gather.ask("observation", name, series)

        def answer(people: ir.Table) -> Answer:
            if key not in people.columns:
                return _not_asked()
            ordered = people[key].sort()
            count = ordered.length()
            last = [ordered[count - back] for back in range(c.values, 0, -1)]
            steps = [(after["value"] > before["value"]) for before, after in pairwise(last)]
            truth = ((count >= c.values) & ibis.and_(*steps)).fill_null(False)
            newest = last[-1]
            said = ibis.literal("rising to ") + _number(newest["value"]) + f" {values.unit}"
            return Answer(truth, ibis.literal("Observation/") + newest["id"], newest["day"], said, since=newest["day"])

        return answer

    @_ask.register
    def _(self, c: OpenOrder) -> Build:
        return self._event("service_request", c.codes, "ServiceRequest/")

    @_ask.register
    def _(self, c: Booked) -> Build:
        def next_one(rows: ir.Table) -> ir.Value:
            day = rows.start.cast("date")
            return ibis.struct({"day": day, "id": rows.id}).min(where=in_set(rows, c.codes))

        key = self.gather.ask("appointment", f"booked_{c.codes}".replace("-", "_"), next_one)

        def answer(people: ir.Table) -> Answer:
            if key not in people.columns:
                return _not_asked()
            found = people[key]
            return Answer(found.notnull(), ibis.literal("Appointment/") + found["id"], found["day"], NO_TEXT)

        return answer


def ask_latest_scan(gather: Gather) -> str:
    """The latest test that counts; of several on one day, the weightiest result."""
    fields = ("day", "rank", "id", "kind", "result")
    return gather.ask("scan", "latest_scan", lambda rows: ibis.struct({f: rows[f] for f in fields}).max())


def ask_last_clear(gather: Gather, results: tuple[str, ...]) -> str:
    """The latest day on which one of ``results`` was coded."""
    name = "closed_" + "_".join(results).replace("-", "_")
    return gather.ask("scan", name, lambda rows: rows.day.max(where=rows.result.isin(results)))


def at_least_value(found: ir.StructValue, bound: float) -> ir.BooleanValue:
    """Whether a value reaches a bound; "more than 400" reaches 20, of "less than 50" it cannot be told."""
    value, comparator = found["value"], found["comparator"]
    return ibis.cases(
        (comparator == "", value >= bound),
        (comparator.isin((">", ">=")) & (value >= bound), True),
        (comparator.isin(("<", "<=")) & (value <= bound), False),
        else_=ibis.null("boolean"),
    )


def age_between(people: ir.Table, age: Age, as_of: object) -> ir.BooleanValue:
    """Whether the age on the day lies in the window; unknown where a partial birth date straddles a bound."""
    tests = []
    if age.low is not None:
        reached = latest_birth_for_age(age.low, as_of)  # type: ignore[arg-type]
        tests.append(ibis.cases((people.birth_hi <= reached, True), (people.birth_lo > reached, False)))
    if age.high is not None:
        passed = latest_birth_for_age(age.high + 1, as_of)  # type: ignore[arg-type]
        tests.append(ibis.cases((people.birth_lo > passed, True), (people.birth_hi <= passed, False)))
    return ibis.and_(*tests) if tests else ibis.literal(True)


def birthday(birth: ir.DateValue, age: int) -> ir.DateValue:
    """The day an age is reached; 1 March for 29 February in a common year."""
    same = _moved(birth, ibis.interval(years=age))
    leaped = (birth.day() == 29) & (birth.month() == 2) & (same.day() == 28)
    return ibis.ifelse(leaped, _moved(same, ibis.interval(days=1)), same)


def later(day: ir.DateValue, period: Period) -> ir.DateValue:
    """A day moved forward by a calendar period."""
    return _moved(day, ibis.interval(months=period.months) if period.months else ibis.interval(days=period.days))


def _moved(day: ir.DateValue, step: ir.IntervalScalar) -> ir.DateValue:
    """A date plus an interval as a date again (DuckDB makes a timestamp of it, unseen by Ibis)."""
    return (day + step).cast("timestamp").cast("date")


def _not_asked() -> Answer:
    return Answer(ibis.null("boolean"))


def _patient(people: ir.Table) -> ir.StringValue:
    return ibis.literal("Patient/") + people.person


def _number(value: ir.NumericValue) -> ir.StringValue:
    """A number as a person writes it: at most three decimals, none when whole."""
    rounded = value.cast("float64").round(3)
    whole = rounded == rounded.round(0)
    return ibis.ifelse(whole, rounded.round(0).cast("int64").cast("string"), rounded.cast("string"))
