"""The way through a rule: its questions in the order in which they are asked, and where each answer leads."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.prose.drawing import draw
from outreach.prose.leaves import ages
from outreach.prose.page import Picture
from outreach.prose.sets import titled
from outreach.prose.words import capital, listed
from outreach.rulebook.criterion import Age
from outreach.rulebook.model import Named, Rule


@dataclass(frozen=True)
class Exit:
    """An answer that leaves the way, and where it leads."""

    answer: str
    leads_to: str


@dataclass(frozen=True)
class Step:
    """A question, what it looks at, the answers that leave, and the one that goes on."""

    question: str
    looks_at: tuple[str, ...]
    exits: tuple[Exit, ...]
    goes_on: str


@dataclass(frozen=True)
class Way:
    steps: tuple[Step, ...]
    end: str


def flow(rule: Rule) -> Picture:
    found = way(rule)
    return Picture(draw(found.steps, found.end, f"The way through {rule.name}"), in_words(found))


def way(rule: Rule) -> Way:
    """The order of judgement, the same for every rule, with this rule's own lines in it."""
    everyone = rule.age == Age(None, None)
    risk = "Is the person in a risk group" + ("?" if everyone else f", and {ages(rule.age)}?")
    choice = ("has said no to messages", *_names(rule.own_choice))
    steps = (
        Step(risk, _names(rule.at_risk), (Exit("no", "Not in this programme"),), "yes, or cannot tell"),
        Step("Has the person died?", (), (Exit("yes", "Left out"),), "no"),
        Step(
            "Is there a reason why screening cannot help?",
            _names(rule.cannot_help),
            (Exit("yes", "Left out"),),
            "no; or cannot tell, with a flag",
        ),
        Step("Has the person chosen otherwise?", choice, (Exit("yes", "Left out by own choice"),), "no"),
        Step("Is it sure that the person is at risk?", (), (Exit("no", "Ask list, with what is missing"),), "yes"),
        Step("Is there a reason to wait?", _names(rule.not_now), tuple(_pauses(rule)), "no"),
        Step("When is the test due?", (titled(rule.scan, rule).strip("“”"),), tuple(_dues(rule)), "overdue"),
    )
    return Way(tuple(step for step in steps if step.looks_at or step.exits), "Overdue: to be invited")


def _names(lines: tuple[Named, ...]) -> tuple[str, ...]:
    return tuple(line.name + (f" (grade {line.grade})" if line.grade else "") for line in lines)


def _pauses(rule: Rule) -> list[Exit]:
    """One way out for each list, naming the pauses it owns; and one for what cannot be told."""
    owned: dict[str, list[str]] = {}
    for line in rule.not_now:
        where = f"Paused, on the list {line.worklist.name}" if line.worklist else "Paused"
        owned.setdefault(where, []).append(line.name)
    named = [Exit(listed(names, "or"), where) for where, names in owned.items()]
    return [*named, Exit("cannot tell", "Held, on the ask list")] if rule.not_now or rule.own_choice else named


def _dues(rule: Rule) -> list[Exit]:
    found = [Exit("later", "Up to date"), Exit("due, within the grace period", "Due: not invited yet")]
    found.append(Exit("no row fits the result", "Held, on the ask list"))
    graded = [line.name for line in rule.at_risk if line.grade in ("C", "I")]
    return (
        [*found, Exit(f"due or overdue, at risk only by {listed(graded, 'or')}", "Paused: a clinician decides")]
        if graded
        else found
    )


def in_words(found: Way) -> str:
    """The same way as numbered lines."""
    lines = []
    for place, step in enumerate(found.steps, 1):
        looks = f" ({', '.join(step.looks_at)})" if step.looks_at else ""
        exits = "; ".join(f"{exit_.answer}: {exit_.leads_to}" for exit_ in step.exits)
        lines.append(f"{place}. {step.question}{looks} {capital(exits)}. {capital(step.goes_on)}: go on.")
    return "\n".join([*lines, f"{len(lines) + 1}. {found.end}."])
