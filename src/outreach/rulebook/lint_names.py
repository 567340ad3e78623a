"""Checks on names: those nobody uses, those that mean two things, and attributes read without a reason."""

from __future__ import annotations

from outreach.rulebook.criterion import Age
from outreach.rulebook.opening import Opening
from outreach.rulebook.reads import attributes
from outreach.rulebook.said import Said
from outreach.rulebook.tree import Located

_SECTIONS = {
    "codes": "these codes",
    "parameters": "this parameter",
    "periods": "this period",
    "definitions": "this definition",
}


def unexplained(opened: Opening, said: Said) -> None:
    """A rule may read a protected attribute only with a citation, a rationale, an owner and a review date."""
    for attribute, at in sorted(_read(opened, said).items()):
        if attribute not in opened.names("reads"):
            hint = f"Add reads: {{{attribute}: {{why, source, owner, review_by}}}}."
            what = f"the rule reads {attribute} and does not say why"
            opened.scope.say(at, what, "unexplained-attribute", hint)


def _read(opened: Opening, said: Said) -> dict[str, Located]:
    """Every protected attribute the rule reads, and where it does so first."""
    found: dict[str, Located] = {}
    if said.age != Age(None, None):
        found["age"] = opened.at.at.get("age") or opened.at.at
    for line in said.lines():
        for attribute in attributes(line.value.criterion):
            found.setdefault(attribute, line.at)
    for name, kind in opened.scope.counts.items():
        if kind.at_age is not None:
            found.setdefault("age", opened.key("counts_as_done", name))
    return found


def ambiguous(opened: Opening) -> None:
    """``until`` names results and kinds of test in one breath."""
    for name in sorted(opened.scope.results & set(opened.scope.counts)):
        what = f"“{name}” is both a kind of test and a result"
        opened.scope.say(opened.key("counts_as_done", name), what, "ambiguous-name", "Rename the kind of test.")


def unused(opened: Opening, said: Said) -> None:
    """Declared and never used: a sign that a line is missing, or that one was taken away."""
    scope, read = opened.scope, _read(opened, said)
    for entry in said.reads:
        if entry.attribute not in read:
            what = f"reads explains {entry.attribute}, which the rule does not read"
            scope.say(opened.key("reads", entry.attribute), what, "unused-reason", "Take it away.")
    own = f"{scope.sets.rule}:"
    used = scope.used | {("codes", name.removeprefix(own)) for name in scope.sets.used if name.startswith(own)}
    for section, what in _SECTIONS.items():
        for name in opened.names(section):
            if (section, name) not in used:
                kind = f"unused-{section.rstrip('s')}"
                scope.say(opened.key(section, name), f"nothing uses {what}: “{name}”", kind, "Use it or take it away.")
