"""The fact tables as rules see them: every record under its surviving person, and only records that count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from outreach.assess.engine import Engine
from outreach.rulebook.model import Rule

#: http://hl7.org/fhir/R4/valueset-observation-status.html and …-diagnostic-report-status.html: what is final.
FINAL = ("final", "amended", "corrected")
_REFUTED = ("refuted", "entered-in-error")
_MERGE_STEPS = 5  # each step doubles the length of chain followed: 32 links


@dataclass(frozen=True)
class Day:
    """The day a rule is asked about, and the zone in which that day begins."""

    as_of: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return datetime.combine(self.as_of, time(), self.zone)


class Facts:
    """Views over the tables of a night for one day."""

    def __init__(self, engine: Engine, rule: Rule, day: Day) -> None:
        self.engine, self.rule, self.day = engine, rule, day
        self.codes = _codes(engine, rule)
        self.as_of = ibis.literal(day.as_of, "date")
        self.survivors = engine.keep("survivors", _survivors(engine))

    def view(self, name: str) -> ir.Table:
        """A fact table with ``person`` moved to the survivor of merges, later records left out."""
        return getattr(self, f"_{name}")()

    def _coded(self, name: str) -> ir.Table:
        """The rows whose coding is in a value set of the rule, with a flag for each set (see ``in_set``)."""
        return self._of_survivor(self.engine.table(name).inner_join(self.codes, ["system", "code"]))

    def _of_survivor(self, table: ir.Table) -> ir.Table:
        moved = table.left_join(self.survivors, [("person", "loser")])
        return moved.mutate(person=ibis.coalesce(moved.survivor, moved.person)).drop("loser", "survivor", "resolved")

    def _until_today(self, table: ir.Table) -> ir.Table:
        return table.filter(table.date_lo <= self.as_of)

    def _condition(self) -> ir.Table:
        table = self._coded("condition")
        counts = table.verification.isnull() | table.verification.notin(_REFUTED)
        return table.filter(counts & (table.date_lo.isnull() | (table.date_lo <= self.as_of)))

    def _procedure(self) -> ir.Table:
        table = self._coded("procedure")
        happened = table.date_lo.isnull() | (table.date_lo <= self.as_of)  # an undated transplant is a transplant
        return table.filter((table.status == "completed") & happened)

    def _family_history(self) -> ir.Table:
        table = self._coded("family_history")
        undated = ibis.null("date")  # FamilyMemberHistory.date is when it was told, not when it happened
        return table.filter(table.status.isin(("completed", "partial"))).mutate(date_lo=undated)

    def _observation(self) -> ir.Table:
        table = self._until_today(self._coded("observation"))
        return table.filter(table.status.isin(FINAL))

    def _report(self) -> ir.Table:
        table = self._until_today(self._coded("report"))
        return table.filter(table.status.isin(FINAL))

    def _service_request(self) -> ir.Table:
        table = self._coded("service_request")
        orders = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
        return table.filter((table.status == "active") & table.intent.isin(orders))

    def _appointment(self) -> ir.Table:
        table = self._coded("appointment")
        from_today = table.start >= ibis.literal(self.day.start, "timestamp('UTC')")
        return table.filter((table.status == "booked") & from_today)

    def consents(self) -> ir.Table:
        """Every Consent, under its surviving person."""
        return self._of_survivor(self.engine.table("consent"))

    def scans(self) -> ir.Table:
        """person, day, rank, id, kind, result: every record that counts as the rule's test.

        ``rank`` is 0 where nobody has coded a result; else the weight of the result (the last declared
        weighs most), so that the greatest row of a day is the day's result.
        """
        parts = [self._reports()] if any(kind.report for kind in self.rule.counts) else []
        parts += [self._procedures()] if any(kind.procedure for kind in self.rule.counts) else []
        return ibis.union(*parts) if len(parts) > 1 else parts[0]

    def _reports(self) -> ir.Table:
        reports = self.view("report")
        kinds = [(in_set(reports, kind.report), kind.name) for kind in self.rule.counts if kind.report]
        known = reports.mutate(kind=ibis.cases(*kinds, else_=ibis.null("string")))
        rows = known.filter(known.kind.notnull() & ~self._never(known))
        coded = rows.left_join(_results(self.engine, self.rule), ["kind", "result_system", "result_code"])
        return coded.select(
            person=coded.person,
            day=coded.date_lo,
            rank=coded.weight.fill_null(0),
            id=ibis.literal("DiagnosticReport/") + coded.id,
            kind=coded.kind,
            result=ibis.ifelse(coded.weight.notnull(), coded.result_code, ""),
        )

    def _procedures(self) -> ir.Table:
        procedures = self.view("procedure")
        done = procedures.filter(procedures.date_lo.notnull())  # a test without a day covers no time
        kinds = [(in_set(done, kind.procedure), kind.name) for kind in self.rule.counts if kind.procedure]
        known = done.mutate(kind=ibis.cases(*kinds, else_=ibis.null("string")))
        rows = known.filter(known.kind.notnull() & ~self._never(known))
        return rows.select(
            person=rows.person,
            day=rows.date_lo,
            rank=ibis.literal(0, "int64"),
            id=ibis.literal("Procedure/") + rows.id,
            kind=rows.kind,
            result=ibis.literal(""),
        )

    def _never(self, rows: ir.Table) -> ir.BooleanValue:
        names = self.rule.never_counts
        return ibis.or_(*[in_set(rows, name) for name in names]) if names else ibis.literal(False)


def in_set(rows: ir.Table, name: str) -> ir.BooleanValue:
    """The row's coding is in the value set: system and code both."""
    return rows[_flag(name)]


def _flag(name: str) -> str:
    return "in_" + name.replace("-", "_")


def _codes(engine: Engine, rule: Rule) -> ir.Table:
    """system, code and a flag for each value set: joined once, whatever number of criteria ask."""
    pairs = sorted({(code.system, code.code) for values in rule.value_sets.values() for code in values.codes})
    members = {name: {(c.system, c.code) for c in values.codes} for name, values in rule.value_sets.items()}
    flags = {_flag(name): [pair in inside for pair in pairs] for name, inside in sorted(members.items())}
    return engine.values("codes", {"system": [s for s, _ in pairs], "code": [c for _, c in pairs], **flags})


def _results(engine: Engine, rule: Rule) -> ir.Table:
    """kind, result_system, result_code, weight: every result a test can have, the weightier greater."""
    rows = [(kind.name, code.system, code.code) for kind in rule.counts for code in rule.value_sets[kind.results].codes]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(("kind", "result_system", "result_code"))}
    return engine.values("results", {**columns, "weight": list(range(1, len(rows) + 1))})


def _survivors(engine: Engine) -> ir.Table:
    """loser, survivor, resolved: where each merged record leads.

    ``resolved`` is false where the chain loops or ends at a record the server did not give; such a
    record stays a person of its own so that nobody is dropped, and asks for help.
    """
    person = engine.table("person")
    links = person.filter(person.replaced_by.notnull()).select(loser=person.id, survivor=person.replaced_by)
    chain = engine.keep("chain0", links.distinct())
    for step in range(1, _MERGE_STEPS + 1):
        onward = chain.select(via=chain.loser, onto=chain.survivor)
        joined = chain.left_join(onward, [("survivor", "via")])
        further = joined.select(loser=joined.loser, survivor=ibis.coalesce(joined.onto, joined.survivor))
        chain = engine.keep(f"chain{step}", further)
    known = person.filter(person.replaced_by.isnull()).select(known=person.id)
    ended = chain.left_join(known, [("survivor", "known")])
    resolved = ended.known.notnull()
    return ended.select(
        loser=ended.loser, survivor=ibis.ifelse(resolved, ended.survivor, ended.loser), resolved=resolved
    )
