"""Records as rules see them: one shape for every kind, only those that count, under the surviving person.

``f_lo, f_hi`` bound a record's first day, ``l_lo, l_hi`` its last; all NULL where it is undated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.facts import FINAL, ORDERED, REFUTED, Facts
from outreach.assess.windows import FAR

#: Clinical statuses that say a problem is over without saying when
#: (http://terminology.hl7.org/CodeSystem/condition-clinical).
OVER = ("inactive", "remission", "resolved")
ACTIVE = ("active", "recurrence", "relapse")
#: http://hl7.org/fhir/R4/valueset-encounter-status.html: the visit takes or took place.
TOOK_PLACE = ("finished", "in-progress", "arrived", "triaged", "onleave")

Columns = Mapping[str, ir.Value]


def counting(facts: Facts, kind: str) -> ir.Table:
    """Every record of a kind that counts, one row per coding: person, id, system, code, text, the days, and
    what only this kind has (sites, results, valued, setting, left_to, live)."""
    table, prefix, keep, own = _KINDS[kind]
    rows = facts.of_survivor(facts.engine.table(table))
    rows = rows.filter(keep(rows))
    days = _days(rows, kind)
    rows = rows.select(
        **{
            "person": rows.person,
            "id": ibis.literal(prefix) + rows.id,
            "system": rows.system,
            "code": rows.code,
            "text": ibis.coalesce(rows.display, rows.code),
            **days,
            **own(rows, facts.day.as_of),
        }
    )
    as_of = ibis.literal(facts.day.as_of, "date")
    return rows.filter(rows.f_lo.isnull() | (rows.f_lo <= as_of))


def _days(rows: ir.Table, kind: str) -> Columns:
    """A precise record knows its first and last day; any other lies somewhere between."""
    if kind == "close-relative":  # FamilyMemberHistory.date is when it was told, not when it happened
        none = ibis.null("date")
        return {"f_lo": none, "f_hi": none, "l_lo": none, "l_hi": none}
    precise = (rows.date_precision == "day").fill_null(False)
    undated = rows.date_lo.isnull()
    # A period whose start cannot be read is undated, whatever its end says; an end that cannot be read may be
    # any day from the start on.
    end = ibis.coalesce(rows.date_hi, ibis.literal(FAR, "date"))
    high = ibis.cases((undated, ibis.null("date")), (precise, rows.date_lo), else_=end)
    first = {"f_lo": rows.date_lo, "f_hi": high}
    if kind == "diagnosis":
        return {**first, **_end_of_diagnosis(rows)}
    last = end
    if kind == "medicine":  # a supply that is known lasts its days
        supplied = rows.supply_days.cast("int64")
        until = (rows.date_lo + (supplied - 1).as_interval("D")).cast("timestamp").cast("date")
        last = ibis.ifelse(precise & (supplied > 0).fill_null(False), until, end)
    low = ibis.ifelse(precise, last, rows.date_lo)
    return {**first, "l_lo": ibis.ifelse(undated, ibis.null("date"), low),
            "l_hi": ibis.ifelse(undated, ibis.null("date"), last)}  # fmt: skip


def _end_of_diagnosis(rows: ir.Table) -> Columns:
    """Abated, on the last day that can be meant; over, no day told; or still open."""
    far = ibis.literal(FAR, "date")
    undated, nothing = rows.date_lo.isnull(), ibis.null("date")
    last = _abated(rows)
    over = rows.abated_raw.notnull() | rows.clinical.isin(OVER).fill_null(False)
    return {
        "l_lo": ibis.cases((undated, nothing), (last.notnull(), last), (over, rows.date_lo), else_=far),
        "l_hi": ibis.cases((undated, nothing), (last.notnull(), last), else_=far),
    }


def _abated(rows: ir.Table) -> ir.DateValue:
    """The last day that an abatement can mean; NULL where none is told, or a part of what is told cannot be read."""
    return ibis.ifelse(rows.abated_precision.isnull(), ibis.null("date"), rows.abated_hi)


def _live(rows: ir.Table, as_of: date) -> ir.BooleanValue:
    """Clinically active; where no status is given, no abatement by the day is told, nor one that cannot be read."""
    today = ibis.literal(as_of, "date")
    goes_on = rows.abated_raw.isnull() | (_abated(rows) > today).fill_null(False)
    return ibis.ifelse(rows.clinical.isnull(), goes_on, rows.clinical.isin(ACTIVE))


def _condition(rows: ir.Table) -> ir.BooleanValue:
    return rows.verification.isnull() | rows.verification.notin(REFUTED)


def _final(rows: ir.Table) -> ir.BooleanValue:
    return rows.status.isin(FINAL)


def _ordered(rows: ir.Table) -> ir.BooleanValue:
    wanted = ~rows.do_not_perform.fill_null(False)
    return rows.status.isin(("active", "completed")) & rows.intent.isin(ORDERED) & wanted


def _nothing(_rows: ir.Table, _day: date) -> Columns:
    return {}


def _value(rows: ir.Table, _day: date) -> Columns:
    return {"results": rows.value_codes, "valued": rows.has_value}


_Kind = tuple[str, str, Callable[[ir.Table], ir.BooleanValue], Callable[[ir.Table, date], Columns]]
_KINDS: dict[str, _Kind] = {
    "diagnosis": ("condition", "Condition/", _condition, lambda r, day: {"sites": r.sites, "live": _live(r, day)}),
    "procedure": ("procedure", "Procedure/", lambda r: r.status == "completed", lambda r, _: {"sites": r.sites}),
    "report": (
        "report",
        "DiagnosticReport/",
        _final,
        lambda r, _: {"results": r.result_codes},
    ),
    "finding": ("observation", "Observation/", _final, _value),
    "visit": (
        "encounter",
        "Encounter/",
        lambda r: r.status.isin(TOOK_PLACE),
        lambda r, _: {"setting": r.class_code, "left_to": r.discharge_codes},
    ),
    "medicine": ("medication_request", "MedicationRequest/", _ordered, _nothing),
    "order": ("service_request", "ServiceRequest/", _ordered, _nothing),
    "open-order": ("service_request", "ServiceRequest/", lambda r: _ordered(r) & (r.status == "active"), _nothing),
    "device": ("device_request", "DeviceRequest/", _ordered, _nothing),
    "coverage": ("coverage", "Coverage/", lambda r: r.status == "active", _nothing),
    "close-relative": (
        "family_history",
        "FamilyMemberHistory/",
        lambda r: r.status.isin(("completed", "partial")),
        lambda r, _: {"relations": r.relationship_codes},
    ),
}
