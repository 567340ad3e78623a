"""Checks on lines: one that can never be true, one that repeats another, a name or a list that means two things."""

from __future__ import annotations

from outreach.rulebook.answers import ENGINE_REASONS
from outreach.rulebook.contradiction import never
from outreach.rulebook.criterion import Criterion
from outreach.rulebook.model import Worklist
from outreach.rulebook.said import Said
from outreach.rulebook.scope import Scope


def contradictions(scope: Scope, said: Said) -> None:
    """A line that nobody can fit; a risk group is asked together with the age of the rule."""
    for section, lines in said.sections.items():
        for line in lines:
            asked: list[Criterion] = [line.value.criterion, *([said.age] if section == "at_risk" else ())]
            why = never(asked)
            if why:
                what = f"“{line.name}” can never be true: {why}"
                scope.say(line.at, what, "contradiction", "Change or drop one of the two.")


def twice(scope: Scope, said: Said) -> None:
    """Two lines of a section with one criterion: the second is never the reason. A risk group that is also an end."""
    for lines in said.sections.values():
        seen: dict[Criterion, str] = {}
        for line in lines:
            first = seen.setdefault(line.value.criterion, line.name)
            if first != line.name:
                scope.say(line.at, f"“{line.name}” asks the same as “{first}”", "duplicate-line", "Keep one of them.")
    groups = {line.value.criterion: line.name for line in said.sections["at_risk"]}
    for line in said.sections["cannot_help"]:
        if line.value.criterion in groups:
            what = f"“{line.name}” ends outreach for everybody in “{groups[line.value.criterion]}”"
            scope.say(line.at, what, "contradiction", "Drop one of them.")


def taken(scope: Scope, said: Said) -> None:
    """A reason has one meaning, and a worklist one owner."""
    reasons = dict.fromkeys(ENGINE_REASONS, "the engine itself")
    lists: dict[str, Worklist] = {}
    for section in ("cannot_help", "own_choice", "not_now"):
        for line in said.sections[section]:
            if line.name in reasons:
                what = f"“{line.name}” is already a reason of {reasons[line.name]}"
                scope.say(line.at, what, "taken-name", "Choose another name.")
            reasons[line.name] = section
            worklist = line.value.worklist
            if worklist and lists.setdefault(worklist.name, worklist) != worklist:
                what = f"the list “{worklist.name}” has another owner or time above"
                scope.say(line.at, what, "list-conflict", "Say the same in both places, or name another list.")
