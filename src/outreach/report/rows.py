"""Names for the rows of a table of counts: which stratifier, which stratum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from outreach.report.counts import DIMENSIONS
from outreach.report.intervals import Column, Estimate, wilson
from outreach.report.strata import BETWEEN, STRATIFIERS

OVERALL = "overall"
EVERYONE = "Everyone"
KEYS = ["programme", "stratifier", "stratum"]
FEW = 30  #: below this many people a share is unstable: NCHS's older rule, reference in ``coverage``


def named(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts with stratifier and stratum in words and, as ``crossed``, how many stratifiers are crossed."""
    parts = [
        [(d, str(v)) for d, v in zip(STRATIFIERS, row, strict=True) if isinstance(v, str)]
        for row in counts[list(STRATIFIERS)].to_numpy()
    ]
    return counts.assign(
        stratifier=[BETWEEN.join(d for d, _ in p) or OVERALL for p in parts],
        stratum=[BETWEEN.join(v for _, v in p) or EVERYONE for p in parts],
        crossed=[len(p) for p in parts],
    )


def by_stratum(counts: pd.DataFrame, most: int) -> pd.DataFrame:
    """The named counts by stratum, crosses of up to ``most``: everyone first, then in name order."""
    others = [name for name in DIMENSIONS if name not in STRATIFIERS]
    rows = named(counts[counts[others].isna().all(axis=1)])
    rows = rows[rows["crossed"] <= most]
    return rows.sort_values(["programme", "crossed", "stratifier", "stratum"], ignore_index=True)


def column(frame: pd.DataFrame, name: str) -> Column:
    """A column of counts as floats; NaN where a count is withheld."""
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def with_share(frame: pd.DataFrame, count: str, of: str) -> pd.DataFrame:
    """The frame with share, share_low, share_high (0 to 1, Wilson), and unstable: fewer than 30 people."""
    share = with_estimate(frame, "share", wilson(column(frame, count), column(frame, of)))
    return share.assign(unstable=(frame[of] < FEW).astype("boolean"))


def with_estimate(frame: pd.DataFrame, name: str, estimate: Estimate) -> pd.DataFrame:
    """The frame with an estimate in three columns: ``name``, ``name_low``, ``name_high``."""
    return frame.assign(**{name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high})
