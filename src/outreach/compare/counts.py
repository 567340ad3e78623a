"""From pairs of steps to the counts that are printed, with every equation a reader could use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from outreach.compare.people import AT_RISK
from outreach.compare.sides import EVERYONE, SETS, SIDES, Group, Key, Side, Steps
from outreach.compare.steps import Step
from outreach.compare.system import System

#: What a reader loses with a number: coverage first, and what is now rather than what is new.
_WORTH = {"at_risk": 8.0, "up-to-date": 8.0, "overdue": 6.0, "everyone": 50.0}
_ALIKE = ("merged", "age")  #: steps that two versions of a rule have in common, as any reader knows
_WHOLE = {True: 100.0, False: 1.0}  #: everyone against one stratum


def versions(pairs: pd.DataFrame, both: Steps) -> System[Key]:
    """Every count of two versions beside each other.

    Of everyone: who is lost at each step, and from which status to which. Of everyone and each stratum: the
    statuses on both sides, and who enters and leaves those at risk and those overdue.
    """
    made: System[Key] = System()
    for group, rows in _by_group(pairs):
        made.add((group, "all", "everyone"), int(rows["people"].sum()), worth=_WHOLE[group == EVERYONE] * 50)
        for side in SIDES:
            _side(made, group, rows, both, side)
        for name in SETS:
            _moves(made, group, rows, both, name)
        if group == EVERYONE:
            _transitions(made, group, rows, both)
    _across(made, pairs)
    return made


def moving(pairs: pd.DataFrame, both: Steps, *, by_group: bool) -> System[Key]:
    """Only who moves: those who enter and leave, and from which status to which (``by_group``: of each stratum too).

    The statuses before are there, for the night's own report prints them; those after are printed nowhere, so
    that no subtraction finds a move.
    """
    made: System[Key] = System()
    for group, rows in _by_group(pairs):
        whole = group == EVERYONE or by_group
        for name in both.statuses("was") if whole else ():
            people = _sum(rows, "was", both.keys("was", [name]))
            made.add((group, "was:status", name), people, worth=_WHOLE[group == EVERYONE] * 1000)
        for name, statuses in SETS.items():
            if (group, "was:status", name) not in made.number:
                people = _sum(rows, "was", both.keys("was", statuses))
                made.add((group, "was:status", name), people, worth=_WHOLE[group == EVERYONE] * 1000)
            _moves(made, group, rows, both, name)
        if whole:
            _transitions(made, group, rows, both)
    _across(made, pairs)
    return made


def _by_group(pairs: pd.DataFrame) -> Iterator[tuple[Group, pd.DataFrame]]:
    for stratifier, stratum in _groups(pairs):
        yield (stratifier, stratum), pairs[(pairs["stratifier"] == stratifier) & (pairs["stratum"] == stratum)]


def _groups(pairs: pd.DataFrame) -> list[Group]:
    return list(dict.fromkeys((str(a), str(b)) for a, b in zip(pairs["stratifier"], pairs["stratum"], strict=True)))


def _side(made: System[Key], group: Group, rows: pd.DataFrame, both: Steps, side: Side) -> None:
    """One side's statuses, and for everyone the steps that make each up."""
    worth = _WHOLE[group == EVERYONE] * (50 if side == "was" else 1)
    for status in both.statuses(side):
        key = (group, f"{side}:status", status)
        people = _sum(rows, side, both.keys(side, [status]))
        made.add(key, people, worth=worth * _WORTH.get(status, 2.0))
        if group == EVERYONE:
            _steps(made, rows, [step for step in both.of(side) if step.status == status], side, key)
    risk, table = (group, f"{side}:status", "at_risk"), f"{side}:status"
    people = _sum(rows, side, both.keys(side, AT_RISK))
    made.add(risk, people, worth=worth * _WORTH["at_risk"])
    made.adds_up(risk, [(group, table, status) for status in AT_RISK])
    outside = [(group, table, status) for status in both.statuses(side) if status not in AT_RISK]
    made.adds_up((group, "all", "everyone"), [risk, *outside])


def _steps(made: System[Key], rows: pd.DataFrame, steps: Sequence[Step], side: Side, status: Key) -> None:
    """The steps of one status; where there is one, it is the status by another name."""
    keys = [(EVERYONE, f"{side}:lost", step.key) for step in steps]
    if len(keys) == 1:
        made.same(keys[0], status)
        return
    for key in keys:
        other: Key = (EVERYONE, "was:lost", key[2])
        people = _sum(rows, side, {key[2]})
        if key[2] in _ALIKE and other in made.number and made.value(other) == people:
            made.same(key, other)  # what no rule decides is known to be the same on both sides
        else:
            made.add(key, people, worth=20.0)
    made.adds_up(status, keys)


def _moves(made: System[Key], group: Group, rows: pd.DataFrame, both: Steps, name: str) -> None:
    """Who enters a set of statuses, who leaves it, and who stays (which nobody prints)."""
    before, after = (rows[side].isin(both.keys(side, SETS[name])) for side in SIDES)
    for what, chosen in (("enter", ~before & after), ("leave", before & ~after), ("stay", before & after)):
        worth = _WHOLE[group == EVERYONE] * 20
        made.add((group, name, what), int(rows["people"][chosen].sum()), published=what != "stay", worth=worth)
    for side, what in (("was", "leave"), ("now", "enter")):
        made.adds_up((group, f"{side}:status", name), [(group, name, "stay"), (group, name, what)])


def _transitions(made: System[Key], group: Group, rows: pd.DataFrame, both: Steps) -> None:
    """How many had one status and have another; those who keep theirs are not printed."""
    cells: dict[tuple[str, str], int] = {}
    of = {side: {step.key: step.status for step in both.of(side)} for side in SIDES}
    for was, now, people in zip(rows["was"], rows["now"], rows["people"], strict=True):
        pair = (of["was"][was], of["now"][now])
        cells[pair] = cells.get(pair, 0) + int(people)
    key = {pair: (group, "change", "→".join(pair)) for pair in cells}
    worth = _WHOLE[group == EVERYONE] * 20
    for pair, people in cells.items():
        made.add(key[pair], people, published=pair[0] != pair[1], worth=worth)
    for place, side in enumerate(SIDES):
        for status in both.statuses(side):
            parts = [key[pair] for pair in cells if pair[place] == status]
            made.adds_up((group, f"{side}:status", status), parts)
    for name, inside in SETS.items():
        for what, was_in, now_in in (("enter", False, True), ("leave", True, False), ("stay", True, True)):
            parts = [key[p] for p in cells if (p[0] in inside) == was_in and (p[1] in inside) == now_in]
            made.adds_up((group, name, what), parts)


def _across(made: System[Key], pairs: pd.DataFrame) -> None:
    """Everyone is the sum of the strata of each stratifier, whatever is counted."""
    groups = _groups(pairs)
    wanted = [key for key in made.number if key[0] == EVERYONE and not key[1].endswith("lost")]
    for stratifier in dict.fromkeys(name for name, _ in groups if name):
        strata = [group for group in groups if group[0] == stratifier]
        told = {key[1:] for key in made.number if key[0] in strata}
        for _, table, what in (key for key in wanted if key[1:] in told):
            made.adds_up((EVERYONE, table, what), [(group, table, what) for group in strata])


def _sum(rows: pd.DataFrame, side: Side, keys: Iterable[str]) -> int:
    return int(rows["people"][rows[side].isin(list(keys))].sum())
