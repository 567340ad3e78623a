"""What may leave the care team."""

from __future__ import annotations

import pandas as pd

from outreach.report.counts import DIMENSIONS, MEASURES
from outreach.report.margins import Margins, group_of
from outreach.report.suppress import withhold


def withheld(counts: pd.DataFrame, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """The counts that may leave the care team: the same rows, with NA where a number is withheld.

    Withheld are counts of 1 to 10, counts that moved by 1 to 10 since an earlier page that the reader may
    hold beside this one, and whatever would give either back.

    Args:
        counts: from ``counts.count``; all groups and programmes together, for they are protected together.
        earlier: what this function returned for the page shared before, if one was.
    """
    past = {} if earlier is None else {(r["programme"], group_of(r)): r for r in earlier.to_dict("records")}
    margins = Margins(one_cohort=_one_cohort(counts))
    rows = [margins.add(row, past.get((row["programme"], group_of(row)))) for row in counts.to_dict("records")]
    table = margins.table()
    shown = table.published & ~withhold(table)
    shared = counts.copy()
    for measure in MEASURES:
        shared.loc[[measure not in row or not shown[row[measure]] for row in rows], measure] = pd.NA
    return shared


def _one_cohort(counts: pd.DataFrame) -> bool:
    """Whether every programme looks at the same people, group by group."""
    by_group = counts.fillna(dict.fromkeys(DIMENSIONS, "")).groupby(list(DIMENSIONS))["cohort"]
    return bool((by_group.nunique() == 1).all() and (by_group.size() == counts["programme"].nunique()).all())
