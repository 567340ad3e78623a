"""A preview as text: the way through on both sides, who moves, and what it does to each group."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from outreach.compare.tables import Comparison
from outreach.preview.run import Preview
from outreach.prose.words import said

WITHHELD = "–"


def in_words(found: Preview) -> str:
    return "\n".join(
        [*_top(found), *_attrition(found.comparison), *_changes(found.comparison), *_groups(found), *_ids(found)]
    )


def _top(found: Preview) -> Iterator[str]:
    yield f"{found.now.name} on {said(found.ground.as_of)}: what changes from {found.was.path} to {found.now.path}"
    if found.was.name != found.now.name:
        yield f"These are two rules, and not two versions of one: “{found.was.name}” and “{found.now.name}”."
    if found.was.hash == found.now.hash:
        yield "The two say the same."
    if found.movers:
        yield "For the care team only: every number is shown, and people are named by their ids."
    else:
        yield f"{WITHHELD} is a number from 1 to 10, or one that would give such a number away."
        yield "For the care team: --ids shows every number, and who moves."
    expected = found.now.expected
    if expected is not None:
        inside = "as expected" if found.within_expected else "NOT as expected"
        yield f"At risk after the change: {inside} (between {expected.low:,} and {expected.high:,})."


def _attrition(found: Comparison) -> Iterator[str]:
    """Both sides beside each other, step by step; a step that one side lacks is blank there."""
    sides = {when: rows.set_index("step") for when, rows in found.attrition.groupby("version")}
    order = list(dict.fromkeys([*sides["after"].index, *sides["before"].index]))
    title = "Who is lost at each step, and how many are left after it"
    yield from ("", title, _row("", "before", "left", "after", "left"))
    for step in order:
        says = next(str(rows.loc[step, "says"]) for rows in sides.values() if step in rows.index)
        cells = [
            _cell(sides[w].loc[step, c]) if step in sides[w].index else ""
            for w in ("before", "after")
            for c in ("lost", "left")
        ]
        if step == "everyone":
            cells[0] = cells[2] = ""
        yield _row(says, *cells)


def _changes(found: Comparison) -> Iterator[str]:
    yield from ("", "Who moves")
    if found.changes.empty:
        yield "  nobody"
    for was, now, people in found.changes.itertuples(index=False):
        yield f"  {was:>14} → {now:<14} {_cell(people):>9}"


def _groups(found: Preview) -> Iterator[str]:
    yield from ("", "By group: at risk before and after, entering, leaving; share up to date with 95 % limits")
    for row in found.comparison.groups.to_dict("records"):
        numbers = [_cell(row[name]) for name in ("at_risk_before", "at_risk_after", "enter_at_risk", "leave_at_risk")]
        name = (
            "everyone" if row["stratifier"] == "overall" else f"{row['stratifier'].replace('_', ' ')}: {row['stratum']}"
        )
        before, after, change = (_share(row, part) for part in ("coverage_before", "coverage_after", "change"))
        yield f"  {name:<42}{''.join(f'{cell:>8}' for cell in numbers)}   {before:>17} → {after:<17} {change}"


def _ids(found: Preview) -> Iterator[str]:
    if found.movers:
        yield from ("", "Who they are")
    for person, was, was_reason, now, now_reason in found.movers:
        yield f"  {person}: {was}{_why(was_reason)} → {now}{_why(now_reason)}"


def _why(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _row(says: str, *cells: str) -> str:
    return f"  {says:<48}" + "".join(f"{cell:>9}" for cell in cells)


def _cell(value: object) -> str:
    return WITHHELD if pd.isna(value) else f"{value:,}"  # type: ignore[call-overload]


def _share(row: Mapping[Hashable, float], name: str) -> str:
    """``14.2 % (12.0–16.8)``; a change has its sign."""
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if pd.isna(value):
        return WITHHELD
    sign = "+" if name == "change" else ""
    return f"{100 * value:{sign}.1f} % ({100 * low:{sign}.1f} to {100 * high:{sign}.1f})"
