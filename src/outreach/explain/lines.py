"""A row's findings beside the rule's own criteria, where the rule is still the one that the night used."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from outreach.domain.assessment import Finding
from outreach.explain.row import Told
from outreach.rulebook.criterion import Age, Leaf, leaves
from outreach.rulebook.model import Named, Rule

OPEN = Age(None, None)


@dataclass(frozen=True)
class Answer:
    """One criterion's finding, and the criterion itself; None where the rule is not at hand any more."""

    finding: Finding
    leaf: Leaf | None = None
    applies: bool = True


@dataclass(frozen=True)
class Line:
    """A named line of the rule with what was found of it and of each criterion in it."""

    section: str
    answer: Answer
    named: Named | None = None
    criteria: tuple[Answer, ...] = ()

    @property
    def name(self) -> str:
        return self.answer.finding.criterion


@dataclass(frozen=True)
class Story:
    """Everything a row says, in the order of the rule."""

    age: Answer | None  #: the rule's own ages
    lines: tuple[Line, ...]
    test: Answer | None  #: the latest test that counts
    rule: Rule | None = field(default=None)

    def of(self, section: str) -> list[Line]:
        return [line for line in self.lines if line.section == section]


def story(told: Told, rule: Rule | None) -> Story:
    """The row as a story; with the rule's own criteria when ``rule`` is the one the night used."""
    same = rule.on(told.as_of) if rule is not None and rule.hash == told.rule_hash else None
    answers = [Answer(f, None, place not in told.outside) for place, f in enumerate(told.found.findings)]
    test = next((a for a in answers if a.finding.section == "next_due"), None)
    rest = [a for a in answers if a.finding.section != "next_due"]
    if same is None or not _fits(rest, same):
        age = next((a for a in rest[:1] if a.finding.criterion.startswith("age ")), None)
        return Story(age, tuple(_by_name(rest[1:] if age else rest)), test)
    age = _known(rest.pop(0), same.age) if rest and same.age != OPEN else None
    return Story(age, tuple(_by_rule(rest, same)), test, same)


def _fits(answers: list[Answer], rule: Rule) -> bool:
    """Whether the row holds exactly the criteria of the rule."""
    wanted = sum(1 + len(list(leaves(line.criterion))) for _, line in rule.sections()) + (rule.age != OPEN)
    return len(answers) in (0, wanted)


def _by_rule(answers: list[Answer], rule: Rule) -> list[Line]:
    made, rest = [], iter(answers)
    for section, line in rule.sections() if answers else ():
        own, found = next(rest), list(leaves(line.criterion))
        criteria = tuple(_known(answer, leaf) for answer, leaf in zip(islice(rest, len(found)), found, strict=True))
        made.append(Line(section, own, line, criteria))
    return made


def _known(answer: Answer, leaf: Leaf) -> Answer:
    return Answer(answer.finding, leaf, answer.applies)


def _by_name(answers: list[Answer]) -> list[Line]:
    """Lines by the names in the row alone: “line”, then “line: criterion”."""
    made: list[Line] = []
    for answer in answers:
        name, _, criterion = answer.finding.criterion.partition(": ")
        if criterion and made and made[-1].name == name:
            last = made.pop()
            made.append(Line(last.section, last.answer, None, (*last.criteria, answer)))
        else:
            made.append(Line(answer.finding.section, answer))
    return made
