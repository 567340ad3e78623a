"""Criteria on measured values: the latest or any, rising, and the day that a finding states."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import NO_TEXT, Answer
from outreach.assess.facts import in_set
from outreach.assess.gather import Gather
from outreach.assess.labs import on_unit
from outreach.domain.calendar import add
from outreach.rulebook.criterion import DateOf, Lab, Rising
from outreach.rulebook.terms import ValueSet

UNKNOWN = ibis.null("boolean")
_PREFIX = "Observation/"


def _name(*parts: object) -> str:
    return "".join(c if c.isalnum() else "_" for c in "_".join(str(part) for part in parts))


def _absent(word: str) -> ir.BooleanValue:
    return UNKNOWN if word == "unknown" else ibis.literal(False)


def ask_lab(gather: Gather, lab: Lab, as_of: date) -> tuple[str, ...]:
    """The latest measurement (or, for ``any``, the best verdict) and whether one is undated."""
    values, since = gather.value_sets[lab.codes], lab.within and add(as_of, lab.within, -1)

    def measured(rows: ir.Table) -> ir.BooleanValue:
        where = in_set(rows, lab.codes) & rows.value_raw.notnull()
        return where if since is None else where & (rows.date_lo >= ibis.literal(since, "date"))

    def latest(rows: ir.Table) -> ir.Value:
        fields = _fields(rows, values)
        return ibis.struct(fields).max(where=measured(rows) & rows.date_lo.notnull())

    def best(rows: ir.Table) -> ir.Value:
        fields = _fields(rows, values)
        truth = _within_bounds(fields["value"], fields["comparator"], lab)
        rank = ibis.cases((truth, 2), (truth.isnull(), 1), else_=0).cast("int8")
        where = measured(rows) & rows.date_lo.notnull()
        return ibis.struct({"rank": rank, **fields}).max(where=where)

    def undated(rows: ir.Table) -> ir.Value:
        where = in_set(rows, lab.codes) & rows.value_raw.notnull()
        return (where & rows.date_lo.isnull()).fill_null(False).any()

    window = lab.within or "ever"
    none = gather.ask("observation", _name("undated", lab.codes), undated)
    if lab.which == "any":
        key = _name("any", lab.codes, window, lab.low, lab.below)
        return gather.ask("observation", key, best), none
    return gather.ask("observation", _name("last", lab.codes, window), latest), none


def _fields(rows: ir.Table, values: ValueSet) -> dict[str, ir.Value]:
    """day, id, value (NULL where the unit is not known) and comparator."""
    number, comparator = on_unit(rows, values), rows.comparator.fill_null("")
    return {"day": rows.date_lo, "id": rows.id, "value": number, "comparator": comparator}


def answer_lab(people: ir.Table, keys: tuple[str, ...], lab: Lab, values: ValueSet) -> Answer:
    """A value that cannot be read, or has no day, may be any."""
    found, undated = people[keys[0]], people[keys[1]].fill_null(False)
    if lab.which == "any":
        truth = ibis.cases((found["rank"] == 2, True), (found["rank"] == 1, UNKNOWN), else_=ibis.literal(False))
    else:
        truth = _within_bounds(found["value"], found["comparator"], lab)
    none = ibis.ifelse(undated, UNKNOWN, _absent(lab.absent))
    truth = ibis.ifelse(found.isnull(), none, truth)
    said = found["comparator"] + number(found["value"]) + f" {values.unit}"
    said = ibis.ifelse(found["value"].isnull() & found.notnull(), "a value in a unit we cannot read", said)
    on = found["day"]
    return Answer(truth, ibis.literal(_PREFIX) + found["id"], on, said, since=on, missing={lab.codes: truth.isnull()})


def _within_bounds(value: ir.FloatingValue, comparator: ir.StringValue, lab: Lab) -> ir.BooleanValue:
    tests = [reaches(value, comparator, lab.low)] if lab.low is not None else []
    tests += [~reaches(value, comparator, lab.below)] if lab.below is not None else []
    return ibis.ifelse(value.isnull(), UNKNOWN, ibis.and_(*tests))


def reaches(value: ir.FloatingValue, comparator: ir.StringValue, bound: float) -> ir.BooleanValue:
    """Whether a value reaches a bound; "more than 400" reaches 20, of "less than 50" it cannot be told."""
    return ibis.cases(
        (comparator == "", value >= bound),
        (comparator.isin((">", ">=")) & (value >= bound), True),
        (comparator.isin(("<", "<=")) & (value <= bound), False),
        else_=UNKNOWN,
    )


def ask_rising(gather: Gather, c: Rising, as_of: date) -> str:
    """Whether the last exact values within the period rise: (truth, day, id, value) of the last."""
    values, since = gather.value_sets[c.codes], ibis.literal(add(as_of, c.within, -1), "date")

    def series(rows: ir.Table) -> ir.Value:
        value = on_unit(rows, values)
        where = in_set(rows, c.codes) & value.notnull() & rows.comparator.isnull() & (rows.date_lo >= since)
        return ibis.struct({"day": rows.date_lo, "id": rows.id, "value": value}).collect(where=where, distinct=True)

    def judged(found: ir.Column) -> ir.Value:
        return _risen(found, c.values)

    return gather.ask("observation", _name("rising", c.codes, c.within, c.values), series, judged)


def answer_rising(people: ir.Table, key: str, c: Rising, values: ValueSet) -> Answer:
    found = people[key]
    said = ibis.literal("rising to ") + number(found["value"]) + f" {values.unit}"
    truth = found["truth"].fill_null(False)
    return Answer(truth, ibis.literal(_PREFIX) + found["id"], found["day"], said, since=found["day"])


def _risen(series: ir.ArrayValue, values: int) -> ir.StructValue:
    """The last value of a series, and whether as many as ``values`` rise up to it."""
    ordered = series.sort()
    count = ordered.length()
    enough = count >= values
    last = [ordered[ibis.ifelse(enough, count - back, 0)] for back in range(values, 0, -1)]
    steps = [after["value"] > before["value"] for before, after in pairwise(last)]
    newest = ordered[ibis.greatest(count - 1, 0)]
    truth = enough & ibis.and_(*steps)
    return ibis.struct({"truth": truth, "day": newest["day"], "id": newest["id"], "value": newest["value"]})


def ask_date(gather: Gather, c: DateOf) -> str:
    """The latest record in the value set that states a day."""

    def latest(rows: ir.Table) -> ir.Value:
        day = ibis.coalesce(rows.date_lo, ibis.date(1, 1, 1))
        fields = {"day": day, "id": rows.id, "lo": rows.value_date_lo, "hi": rows.value_date_hi}
        where = in_set(rows, c.codes) & rows.value_date_lo.notnull()
        return ibis.struct(fields).max(where=where)

    return gather.ask("observation", _name("date_of", c.codes), latest)


def answer_date(people: ir.Table, key: str, c: DateOf, as_of: date) -> Answer:
    found, edge = people[key], ibis.literal(add(as_of, c.period, -1), "date")
    low, high, today = found["lo"], found["hi"], ibis.literal(as_of, "date")
    if c.relation == "within":
        truth = ibis.cases((low > today, UNKNOWN), (low >= edge, True), (high < edge, False), else_=UNKNOWN)
    else:
        truth = ibis.cases((high <= edge, True), (low > edge, False), else_=UNKNOWN)
    truth = ibis.ifelse(found.isnull(), _absent(c.absent), truth)
    said = ibis.ifelse(found.isnull(), NO_TEXT, low.cast("string"))
    id_ = ibis.literal(_PREFIX) + found["id"]
    day = found["day"].nullif(ibis.date(1, 1, 1))
    return Answer(truth, id_, day, said, missing={c.codes: truth.isnull()})


def number(value: ir.NumericValue) -> ir.StringValue:
    """A number as a person writes it: at most three decimals, none when whole."""
    rounded = value.cast("float64").round(3)
    whole = rounded == rounded.round(0)
    return ibis.ifelse(whole, rounded.round(0).cast("int64").cast("string"), rounded.cast("string"))
