"""Where on the way through a rule each person leaves it: the steps of an attrition table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.domain.calendar import latest_birth_for_age
from outreach.rulebook.criterion import Age
from outreach.rulebook.model import Rule

#: The order in which a rule is read: section, and the engine's own reasons in it before or after the rule's lines.
END = ("up-to-date", "due", "overdue")


@dataclass(frozen=True)
class Step:
    """One way of leaving: a status and a reason. ``key`` is unique in a rule; ``says`` is for a reader."""

    key: str
    says: str
    status: str
    reason: str = ""


def steps(rule: Rule) -> list[Step]:
    """Every step in the order in which people leave; the last is overdue, whom the rule may invite."""
    return list(_steps(rule))


def _steps(rule: Rule) -> Iterator[Step]:
    yield Step("merged", "merged into another record", "not-applicable", "merged")
    if rule.age != Age(None, None):
        yield Step("age", "outside the rule’s ages", "not-applicable", "age")
    yield Step("at_risk", "in no risk group", "not-applicable", "not-at-risk")
    yield Step("deceased", "has died", "excluded", "deceased")
    for line in rule.cannot_help:
        yield Step(f"cannot_help:{line.name}", f"screening cannot help: {line.name}", "excluded", line.name)
    yield Step("opted-out", "has said no to messages", "exception", "opted-out")
    for line in rule.own_choice:
        yield Step(f"own_choice:{line.name}", f"own choice: {line.name}", "exception", line.name)
    yield Step("unknown", "not known to be at risk or not", "unknown", "ask-list")
    for line in rule.not_now:
        yield Step(f"not_now:{line.name}", f"paused: {line.name}", "not-now", line.name)
    yield Step("not_now:cannot-tell", "paused: cannot tell whether to wait", "not-now", "cannot-tell")
    yield Step("not_now:no-due-date", "paused: no due date", "not-now", "no-due-date")
    yield Step("up-to-date", "up to date", "up-to-date")
    if any(line.grade in ("C", "I") for line in rule.at_risk):
        yield Step("not_now:clinician-decides", "paused: a clinician decides", "not-now", "clinician-decides")
    yield Step("due", "due, within the grace period", "due")
    yield Step("overdue", "overdue", "overdue")


def step_of(rule: Rule, as_of: date) -> str:
    """SQL that names the step of a row of assessment ``a`` joined to ``person`` p; NULL for none of them.

    Who is surely outside the rule's ages is told from whoever is in no risk group by the birth date.
    """
    tests = [
        f"WHEN a.status = '{step.status}' AND (a.reason = '{step.reason}' OR '{step.reason}' = '') THEN '{step.key}'"
        for step in steps(rule)
        if step.key != "age"
    ]
    outside = _outside(rule.age, as_of)
    aged = (
        [f"WHEN a.status = 'not-applicable' AND a.reason = 'not-at-risk' AND ({outside}) THEN 'age'"] if outside else []
    )
    return f"CASE {' '.join([*aged, *tests])} END"


def _outside(age: Age, as_of: date) -> str:
    """SQL: surely outside the ages; "" where every age is inside."""
    day = age.at_start_of.bounds(as_of)[0] if age.at_start_of else as_of
    tests = [f"p.birth_lo > DATE '{latest_birth_for_age(age.low, day)}'"] if age.low is not None else []
    if age.high is not None:
        tests.append(f"p.birth_hi <= DATE '{latest_birth_for_age(age.high + 1, day)}'")
    return " OR ".join(tests)
