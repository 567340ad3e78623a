"""Checks, each with its name, on a rule whose every line could be read: does it mean what it says?"""

from __future__ import annotations

from outreach.rulebook.lint_due import lint_due
from outreach.rulebook.lint_lines import contradictions, taken, twice
from outreach.rulebook.lint_names import ambiguous, unexplained, unused
from outreach.rulebook.opening import Opening
from outreach.rulebook.said import Said


def lint(opened: Opening, said: Said) -> None:
    """Tell every one. What is *unused* is only told of a file that is well otherwise: a broken line uses nothing."""
    scope, whole = opened.scope, not opened.scope.reader.problems
    contradictions(scope, said)
    twice(scope, said)
    taken(scope, said)
    ambiguous(opened)
    unexplained(opened, said)
    lint_due(opened, said)
    if whole:
        unused(opened, said)
