"""The rows of an assessment: the decided, and everyone who is not at risk or no person of their own."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from outreach.domain.assessment import Status
from outreach.rulebook.model import Rule

_DATED = (Status.UP_TO_DATE, Status.DUE, Status.OVERDUE, Status.NOT_NOW)


def rows(decided: ir.Table, others: ir.Table, rule: Rule) -> ir.Table:
    """One row per Patient record; ``decided`` holds whoever was looked at closely, with ``criteria``."""
    status = decided.status
    dated = status.isin([word.value for word in _DATED])
    none, no_day = ibis.literal([], "array<string>"), ibis.null("date")
    inside = status != Status.NOT_APPLICABLE.value
    close = decided.select(
        person=decided.person,
        rule=ibis.literal(rule.name),
        rule_hash=ibis.literal(rule.hash),
        status=status,
        reason=decided.reason,
        due_on=ibis.ifelse(dated, decided.due_on, no_day),
        overdue_on=ibis.ifelse(dated, decided.overdue_on, no_day),
        risk_group=decided.risk_group.fill_null(""),
        missing=ibis.ifelse(status == Status.UNKNOWN.value, decided.missing_names, none),
        flags=ibis.ifelse(inside, decided.flags, none),
        list_name=decided.list_name,
        since=ibis.ifelse(status == Status.NOT_NOW.value, decided.pause_since, no_day),
        late=decided.late,
        criteria=decided.criteria,
    )
    return ibis.union(close, _ruled_out(others, close, rule))


def _ruled_out(outside: ir.Table, like: ir.Table, rule: Rule) -> ir.Table:
    """People whom the first look ruled out, and merged records."""
    none = ibis.literal([], "array<string>")
    columns: dict[str, ir.Value] = {name: ibis.null(kind) for name, kind in like.schema().items()}
    said = {
        "person": outside.person,
        "rule": ibis.literal(rule.name),
        "rule_hash": ibis.literal(rule.hash),
        "status": ibis.literal(Status.NOT_APPLICABLE.value),
        "reason": ibis.ifelse(outside.merged, "merged", "not-at-risk"),
        "risk_group": ibis.literal(""),
        "missing": none,
        "flags": none,
        "list_name": ibis.literal(""),
        "late": ibis.literal(False),
    }
    return outside.select(**(columns | said))
