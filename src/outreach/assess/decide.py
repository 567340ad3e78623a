"""From answers to one status a person: the order in which a rule is read, written once.

1. not at risk for certain → not applicable
2. deceased → excluded
3. screening cannot help → excluded (unknown goes on, and is flagged)
4. opted out, or another choice of the person's own → exception
5. cannot tell whether at risk → unknown, with what would settle it
6. paused → not now (cannot tell → held)
7. else by the calendar: up to date, due, overdue; where the guideline leaves it to a conversation
   (grade C or I), the clinician's list instead of an invitation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import NO_DAY, NO_TEXT, Answer
from outreach.assess.due import due_days
from outreach.assess.windows import FAR
from outreach.domain.assessment import Status
from outreach.domain.calendar import add
from outreach.rulebook.model import Named, Rule

HOLD = "cannot-tell"
CLINICIAN = "clinician-decides"
ASK = "ask-list"

Lines = Mapping[str, Sequence[tuple[Named, Answer]]]


def verdict(people: ir.Table, lines: Lines, as_of: date) -> dict[str, ir.Value]:
    """What deciding needs of each section's lines, as columns."""
    risk, ends, choices, pauses = (lines[s] for s in ("at_risk", "cannot_help", "own_choice", "not_now"))
    at_risk = ibis.or_(*[answer.truth for _, answer in risk])
    ranked = [*[x for x in risk if x[0].grade not in ("C", "I")], *[x for x in risk if x[0].grade in ("C", "I")]]
    talk = [line.name for line, _ in risk if line.grade in ("C", "I")]
    group = ibis.ifelse(people.adrift, NO_TEXT, _first_true(ranked))
    return {
        "at_risk": ibis.ifelse(people.adrift & at_risk, ibis.null("boolean"), at_risk),
        "risk_group": group,
        "first_at_risk": ibis.coalesce(_first_day(ranked, "first"), ibis.literal(as_of, "date")),
        "end": _first_true(ends),
        "flags": _names([(f"{line.name}-not-known", answer.truth.isnull()) for line, answer in ends]),
        "choice": _first_true(choices),
        "pause": _first_true(pauses),
        "pause_since": _first_day(pauses, "since"),
        "held": _any_unknown([*choices, *pauses]),
        "talk": group.isin(talk) if talk else ibis.literal(False),
        "missing_names": _names([*_missing([answer for _, answer in risk]), ("surviving-record", people.adrift)]),
    }


def decide(people: ir.Table, rule: Rule, as_of: date) -> ir.Table:
    """``people`` (with the columns of ``verdict``) with status, reason, due_on, overdue_on, list_name and late."""
    due_on, overdue_on = due_days(people, rule)
    dated = people.mutate(due_on=due_on, overdue_on=overdue_on)
    judged = dated.mutate(**_status(dated, as_of))
    return judged.mutate(
        **_owning_list(judged, rule, as_of),
        due_on=judged.due_on.nullif(ibis.literal(FAR, "date")),
        overdue_on=judged.overdue_on.nullif(ibis.literal(FAR, "date")),
    )


def _status(people: ir.Table, as_of: date) -> dict[str, ir.Value]:
    none = ibis.literal("")
    paused = people.pause.notnull() | people.held
    day = ibis.literal(as_of, "date")
    tests = [
        (people.at_risk.fill_null(True) == ibis.literal(False), Status.NOT_APPLICABLE, ibis.literal("not-at-risk")),
        (people.deceased, Status.EXCLUDED, ibis.literal("deceased")),
        (people.end.notnull(), Status.EXCLUDED, people.end),
        (people.opted_out, Status.EXCEPTION, ibis.literal("opted-out")),
        (people.choice.notnull(), Status.EXCEPTION, people.choice),
        (people.risk_group.isnull(), Status.UNKNOWN, ibis.literal(ASK)),
        (paused, Status.NOT_NOW, ibis.coalesce(people.pause, ibis.literal(HOLD))),
        (people.due_on.isnull(), Status.NOT_NOW, ibis.literal("no-due-date")),
        (people.due_on > day, Status.UP_TO_DATE, none),
        (people.talk, Status.NOT_NOW, ibis.literal(CLINICIAN)),
        (people.overdue_on > day, Status.DUE, none),
    ]
    status = ibis.cases(*[(test, word.value) for test, word, _ in tests], else_=Status.OVERDUE.value)
    return {"status": status, "reason": ibis.cases(*[(test, why) for test, _, why in tests], else_="")}


def _owning_list(people: ir.Table, rule: Rule, as_of: date) -> dict[str, ir.Value]:
    """Which worklist owns a pause or a question, and whether it has had it too long."""
    named = [(line.name, line.worklist) for line in rule.not_now if line.worklist is not None]
    paused = people.status == Status.NOT_NOW.value
    lists = [(paused & (people.reason == name), found.name) for name, found in named]
    lists.append((paused & (people.reason == CLINICIAN), CLINICIAN))
    asked = (people.status == Status.UNKNOWN.value) | (paused & people.reason.isin((HOLD, "no-due-date")))
    late = [
        (paused & (people.reason == name), people.pause_since < ibis.literal(add(as_of, found.late_after, -1), "date"))
        for name, found in named
    ]
    return {
        "list_name": ibis.cases(*lists, (asked, ASK), else_=""),
        "late": ibis.cases(*late, else_=False).fill_null(False) if late else ibis.literal(False),
    }


def _first_true(lines: Sequence[tuple[Named, Answer]]) -> ir.StringValue:
    """The name of the first line that is true."""
    branches = [(answer.truth, ibis.literal(line.name)) for line, answer in lines]
    return ibis.cases(*branches, else_=NO_TEXT) if branches else NO_TEXT


def _first_day(lines: Sequence[tuple[Named, Answer]], column: str) -> ir.DateValue:
    """A day that the first true line tells."""
    branches = [(answer.truth, getattr(answer, column)) for _, answer in lines]
    return ibis.cases(*branches, else_=NO_DAY) if branches else NO_DAY


def _any_unknown(lines: Sequence[tuple[Named, Answer]]) -> ir.BooleanValue:
    return ibis.or_(*[answer.truth.isnull() for _, answer in lines]) if lines else ibis.literal(False)


def _missing(answers: Sequence[Answer]) -> list[tuple[str, ir.BooleanValue]]:
    """What would settle the question, by name; only what a group that may still hold reads."""
    names = sorted({name for answer in answers for name in answer.missing})
    return [
        (name, ibis.or_(*[a.truth.isnull() & a.missing[name] for a in answers if name in a.missing])) for name in names
    ]


def _names(tests: Sequence[tuple[str, ir.BooleanValue]]) -> ir.ArrayValue:
    """The names whose test holds, in the order given."""
    if not tests:
        return ibis.literal([], "array<string>")
    said = ibis.array([ibis.ifelse(test.fill_null(False), name, NO_TEXT) for name, test in tests])
    return said.filter(lambda name: name.notnull())
