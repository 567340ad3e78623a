"""Checks on the rows of ``next_due``: one that is never reached, and a kind of test after which nothing is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from outreach.domain.calendar import add
from outreach.rulebook.model import DueRow
from outreach.rulebook.named_values import Entry
from outreach.rulebook.opening import Opening
from outreach.rulebook.said import Said
from outreach.rulebook.scope import Scope

#: A kind of test, a result it can have, and the risk group of the person.
Outcome = tuple[str, str, str]


def lint_due(opened: Opening, said: Said) -> None:
    """Whether every row is reached by some outcome of a test, and every kind of test reaches some row."""
    scope, covered = opened.scope, set[Outcome]()
    rows = [entry for entry in said.due if not entry.value.never_tested]
    reach = [frozenset(one for one in _outcomes(scope) if _fits(row.value, one)) for row in rows]
    for number, (row, outcomes) in enumerate(zip(rows, reach, strict=True)):
        above = outcomes <= covered
        if said.due_from != "latest-test":
            above = any(outcomes <= other and _outlasts(rows, n, number) for n, other in enumerate(reach))
        if not outcomes:
            what, hint = "no test of this kind has this result", "Look at result: under counts_as_done."
            scope.say(row.at, what, "impossible-row", hint)
        elif above:
            latest = said.due_from == "latest-test"
            fits = "fits a row above" if latest else "fits another row too, that lasts as long or longer"
            hint = "Move it up, or drop it." if latest else "Leave its tests, results or risk groups out of that row."
            scope.say(row.at, f"this row is never reached: every test that fits it {fits}", "unreachable-row", hint)
        covered |= outcomes
    for name in sorted(scope.counts) if covered else ():
        without = [group for group in _groups(scope) if (name, group) not in {(k, g) for k, _, g in covered}]
        if without:
            everybody = len(without) == len(_groups(scope))
            whom = "" if everybody else f" for {' or '.join(f'“{group}”' for group in without)}"
            whose = without[0] if len(without) == 1 else f"[{', '.join(without)}]"
            asks = "" if everybody else f"risk_group: {whose}, "
            hint = f"Add {{test: {name}, {asks}due: …, overdue: …, source: …}}."
            what = f"after a “{name}” nothing is ever due{whom}"
            scope.say(opened.key("counts_as_done", name), what, "kind-without-row", hint)


def _outlasts(rows: Sequence[Entry[DueRow]], one: int, other: int) -> bool:
    """Whether a row lasts longer than another, or as long and stands above it."""
    day = date(2001, 1, 31)
    days = [date.max if row.value.due is None else add(day, row.value.due) for row in (rows[one], rows[other])]
    return days[0] > days[1] or (days[0] == days[1] and one < other)


def _groups(scope: Scope) -> list[str]:
    return sorted(scope.written.get("at_risk", ())) or [""]


def _outcomes(scope: Scope) -> list[Outcome]:
    sets = {name: scope.sets.used.get(kind.results) for name, kind in scope.counts.items()}
    coded = [(name, code.code) for name, found in sets.items() if found is not None for code in found.codes]
    known = [*coded, *((name, "uncoded") for name in scope.counts)]
    return [(name, result, group) for name, result in known for group in _groups(scope)]


def _fits(row: DueRow, outcome: Outcome) -> bool:
    kind, result, group = outcome
    whom = not row.groups or group in row.groups
    return whom and (not row.tests or kind in row.tests) and (not row.results or result in row.results)
