"""The tables of a comparison as data frames, numbers that may not be shown left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from outreach.compare.counts import versions
from outreach.compare.people import Assessed, Ground, pairs
from outreach.compare.sides import EVERYONE, SETS, SIDES, Group, Key, Side, Steps
from outreach.compare.steps import steps
from outreach.compare.system import System
from outreach.report.intervals import Estimate, difference, wilson
from outreach.report.rows import column, with_estimate

WHEN = {"was": "before", "now": "after"}
_STATUSES = ("not-applicable", "excluded", "exception", "unknown", "not-now", "up-to-date", "due", "overdue")


@dataclass(frozen=True)
class Comparison:
    """Two rules over the same people. Counts are whole numbers, NA where withheld; shares run from 0 to 1.

    - attrition: version (before, after), place, step, says, lost, left; everyone at place 0
    - changes: was, now (statuses, in which nobody stayed), people
    - groups: by stratum, everyone first: each status before and after, at_risk (as the report counts it), who
      enters and leaves, the share up to date before and after with Wilson's 95 % limits, and its change
    """

    attrition: pd.DataFrame
    changes: pd.DataFrame
    groups: pd.DataFrame


def compare(was: Assessed, now: Assessed, ground: Ground, *, care_team: bool = False) -> Comparison:
    """Compare what two rules say of the same people.

    Args:
        care_team: True shows every count; else those of 1 to 10 are withheld with whatever gives them back.
    """
    both = Steps(steps(was.rule), steps(now.rule))
    counted = pairs(was, now, ground)
    made = versions(counted, both)
    cells = Cells(made, set(made.number) if care_team else made.shown())
    found = dict.fromkeys((str(a), str(b)) for a, b in zip(counted["stratifier"], counted["stratum"], strict=True))
    return Comparison(_attrition(cells, both), _changes(cells), _groups(cells, list(found)))


@dataclass(frozen=True)
class Cells:
    """The counts by key, each with whether it may be shown."""

    made: System[Key]
    shown: set[Key]

    def get(self, group: Group, table: str, what: str) -> int | None:
        """A count; None where it may not be shown, 0 where nobody is."""
        key = (group, table, what)
        if key not in self.made.number:
            return 0
        return self.made.value(key) if key in self.shown else None


def _attrition(cells: Cells, both: Steps) -> pd.DataFrame:
    rows = [row for side in SIDES for row in _steps(cells, both, side)]
    names = ["version", "place", "step", "says", "lost", "left"]
    return _whole(pd.DataFrame(rows, columns=names), ["lost", "left"])


def _steps(cells: Cells, both: Steps, side: Side) -> list[tuple[object, ...]]:
    """Each step with who is lost; who is left is the subtraction a reader can do, and NA once it cannot be done."""
    left = cells.get(EVERYONE, "all", "everyone")
    rows: list[tuple[object, ...]] = [(WHEN[side], 0, "everyone", "everyone on record", None, left)]
    for place, step in enumerate(both.of(side), 1):
        lost = cells.get(EVERYONE, f"{side}:lost", step.key)
        left = None if left is None or lost is None else left - lost
        if step.key == _last_before_risk(both, side):
            left = cells.get(EVERYONE, f"{side}:status", "at_risk")
        rows.append((WHEN[side], place, step.key, step.says, lost, left))
    return rows


def _last_before_risk(both: Steps, side: Side) -> str:
    """The step after which exactly those at risk are left."""
    return [step.key for step in both.of(side) if step.status in _STATUSES[:3]][-1]


def _changes(cells: Cells) -> pd.DataFrame:
    keys = [key for key in cells.made.number if key[:2] == (EVERYONE, "change")]
    pairs_ = [(*key[2].split("→"), cells.get(*key)) for key in keys]
    moved = [pair for pair in pairs_ if pair[0] != pair[1]]
    order = {status: place for place, status in enumerate(_STATUSES)}
    moved.sort(key=lambda pair: (order[str(pair[0])], order[str(pair[1])]))
    return _whole(pd.DataFrame(moved, columns=["was", "now", "people"]), ["people"])


def _groups(cells: Cells, groups: Sequence[Group]) -> pd.DataFrame:
    frame = pd.DataFrame([_group(cells, group) for group in groups])
    counts = [name for name in frame.columns if name not in ("stratifier", "stratum")]
    return _shares(_whole(frame, counts))


def _group(cells: Cells, group: Group) -> dict[str, object]:
    row: dict[str, object] = {"stratifier": group[0] or "overall", "stratum": group[1]}
    row["people"] = cells.get(group, "all", "everyone")
    for side in SIDES:
        for status in ("at_risk", *_STATUSES):
            row[f"{status.replace('-', '_')}_{WHEN[side]}"] = cells.get(group, f"{side}:status", status)
    for name in SETS:
        row |= {f"{what}_{name}": cells.get(group, name, what) for what in ("enter", "leave")}
    return row


def _shares(frame: pd.DataFrame) -> pd.DataFrame:
    """The share up to date before and after, and its change.

    The two shares are of nearly the same people, so Newcombe's limits of the change, which take them for two
    groups, are too wide: what they call sure is sure.
    """
    before, after = (_share(frame, when) for when in WHEN.values())
    for name, estimate in (("coverage_before", before), ("coverage_after", after)):
        frame = with_estimate(frame, name, estimate)
    return with_estimate(frame, "change", difference(after, before))


def _share(frame: pd.DataFrame, when: str) -> Estimate:
    return wilson(column(frame, f"up_to_date_{when}"), column(frame, f"at_risk_{when}"))


def _whole(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(columns, "Int64"))
