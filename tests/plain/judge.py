"""One person's standing under one rule on one day, in the order in which a rule is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from plain.answer import Answer, Leaf, greatest
from plain.attributes import age, deceased, opted_out
from plain.criterion import Question
from plain.done import words
from plain.due import Due, due
from plain.people import Person
from plain.rule import Mapping, Rule, mapping
from plain.truth import Truth, all_of, any_of

SECTIONS = ("at_risk", "cannot_help", "own_choice", "not_now")


@dataclass(frozen=True)
class Line:
    """A named line. ``truth`` of an at-risk line holds only within the rule's ages; ``leaves`` are its words."""

    section: str
    name: str
    truth: Truth
    leaves: tuple[Leaf, ...]
    first: date | None = None
    said: Mapping = field(default_factory=dict)
    joints: tuple[tuple[str, Truth], ...] = ()


@dataclass(frozen=True)
class Verdict:
    status: str
    reason: str = ""
    due_on: date | None = None
    overdue_on: date | None = None
    risk_group: str = ""
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    list_name: str = ""
    age: Truth = "T"
    lines: tuple[Line, ...] = ()


def judge(rule: Rule, person: Person) -> Verdict:
    """Status, reason, due days, risk group, what is missing, and the truth of every line and every word in it."""
    if person.standing == "merged":
        return Verdict("not-applicable", "merged")
    whole = age(rule, person, rule.part("age")) if "age" in rule.top else None
    ages = Answer(whole.truth, whole.first) if whole else Answer("T")
    lines = [line for section in SECTIONS for line in _lines(rule, person, section, ages)]
    status, reason, days, list_name = _standing(rule, person, lines)
    dated = status in ("up-to-date", "due", "overdue", "not-now")
    risk = _of(lines, "at_risk")
    group = "" if status == "not-applicable" or person.standing == "adrift" else _group(risk)
    flags = tuple(f"{line.name}-not-known" for line in _of(lines, "cannot_help") if line.truth == "U")
    return Verdict(
        status,
        reason,
        days.on if dated else None,
        days.overdue if dated else None,
        group,
        _missing(rule, person, risk, ages.truth) if status == "unknown" else (),
        () if status == "not-applicable" else flags,
        list_name,
        ages.truth,
        tuple(lines),
    )


def _lines(rule: Rule, person: Person, section: str, ages: Answer) -> list[Line]:
    lines = []
    for name, said in rule.section(section):
        found = Question(rule, person, words(said, "until")).ask(said)
        truth, first = found.truth, found.first
        if section == "at_risk":
            truth, first = all_of([truth, ages.truth]), greatest([first, ages.first])
        lines.append(Line(section, name, truth, found.leaves, first, said, found.joints))
    return lines


def _of(lines: Sequence[Line], section: str) -> list[Line]:
    return [line for line in lines if line.section == section]


def _true(lines: Sequence[Line]) -> Line | None:
    return next((line for line in lines if line.truth == "T"), None)


def _leading(risk: Sequence[Line]) -> Line | None:
    """The risk group: the first that holds and invites by itself, else the first that holds."""
    return _true([line for line in risk if line.said.get("grade") not in ("C", "I")]) or _true(risk)


def _group(risk: Sequence[Line]) -> str:
    leading = _leading(risk)
    return leading.name if leading else ""


def _standing(rule: Rule, person: Person, lines: Sequence[Line]) -> tuple[str, str, Due, str]:
    """Status, reason, the due days and the list that owns the question."""
    risk, pauses = _of(lines, "at_risk"), _of(lines, "not_now")
    leading = None if person.standing == "adrift" else _leading(risk)
    if any_of([line.truth for line in risk]) in ("F", "N"):
        return "not-applicable", "not-at-risk", Due(), ""
    if deceased(person):
        return "excluded", "deceased", Due(), ""
    if ended := _true(_of(lines, "cannot_help")):
        return "excluded", ended.name, Due(), ""
    if opted_out(person):
        return "exception", "opted-out", Due(), ""
    if chosen := _true(_of(lines, "own_choice")):
        return "exception", chosen.name, Due(), ""
    if leading is None:
        return "unknown", "ask-list", Due(), "ask-list"
    days = due(rule, person, leading.first or rule.today, leading.name)
    if paused := _true(pauses):
        return "not-now", paused.name, days, str(mapping(paused.said.get("list", {})).get("name", ""))
    if any(line.truth == "U" for line in [*pauses, *_of(lines, "own_choice")]):
        return "not-now", "cannot-tell", days, "ask-list"
    return _by_the_calendar(rule.today, days, leading)


def _by_the_calendar(today: date, days: Due, leading: Line) -> tuple[str, str, Due, str]:
    if days.never_again or (days.on is not None and today < days.on):
        return "up-to-date", "", days, ""
    if days.on is None or days.overdue is None:
        return "not-now", "no-due-date", days, "ask-list"
    if leading.said.get("grade") in ("C", "I"):
        return "not-now", "clinician-decides", days, "clinician-decides"
    return ("due" if today < days.overdue else "overdue"), "", days, ""


def _missing(rule: Rule, person: Person, risk: Sequence[Line], ages: Truth) -> tuple[str, ...]:
    """What would settle the question: of each line that is open, what its open words lack."""
    open_ = [line for line in risk if line.truth == "U"]
    names = {name for line in open_ for leaf in line.leaves for name in leaf.missing}
    names |= {"birth-date"} if open_ and ages == "U" else set()
    return tuple(sorted(names)) + (("surviving-record",) if person.standing == "adrift" else ())
