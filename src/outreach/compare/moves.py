"""Who moves from which status to which, by group: one long table."""

from __future__ import annotations

import pandas as pd

from outreach.compare.counts import moving
from outreach.compare.people import Assessed, Ground, pairs
from outreach.compare.sides import Steps
from outreach.compare.steps import steps

COLUMNS = ["stratifier", "stratum", "was", "now", "people", "withheld"]
SETS_SAID = {
    ("at_risk", "enter"): ("not at risk", "at risk"),
    ("at_risk", "leave"): ("at risk", "not at risk"),
    ("overdue", "enter"): ("not overdue", "overdue"),
    ("overdue", "leave"): ("overdue", "not overdue"),
}


def moves(was: Assessed, now: Assessed, ground: Ground, *, care_team: bool = False) -> pd.DataFrame:
    """Everyone who moves, by stratum.

    Args:
        care_team: True shows every count; else those of 1 to 10 are withheld with whatever gives them back, and
            strata have only whoever enters or leaves: more would hide more than it shows.

    Returns:
        Rows by stratum, everyone first: stratifier, stratum, was, now, people (NA where withheld), withheld. A
        status; or, for whoever enters or leaves them, all who are at risk, or overdue.
    """
    counted = pairs(was, now, ground)
    made = moving(counted, Steps(steps(was.rule), steps(now.rule)), by_group=care_team)
    shown = set(made.number) if care_team else made.shown()
    rows = []
    for key in made.number:
        said = SETS_SAID.get(key[1:]) or (tuple(key[2].split("→")) if key[1] == "change" else None)
        if said is None or said[0] == said[1]:
            continue
        people = made.value(key) if key in shown else None
        rows.append((key[0][0] or "overall", key[0][1], *said, people, key not in shown))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"people": "Int64", "withheld": "bool"})
