"""What is not recorded, by group: the limits of every other table."""

from __future__ import annotations

import pandas as pd

from outreach.report.counts import grouping_sets
from outreach.report.crosswalk import NOT_RECORDED
from outreach.report.rows import KEYS, OVERALL, by_stratum, named, with_share
from outreach.report.strata import LACKS


def quality(counts: pd.DataFrame) -> pd.DataFrame:
    """How many of those at risk have no race, language, birth date or birthplace on record.

    Args:
        counts: from ``counts.count``, or from ``share.withheld``.

    Returns:
        One row per field and stratum, everyone first: programme, field, stratifier, stratum, n (at risk),
        missing, share with _low and _high (0 to 1, Wilson 95 %), unstable (n below 30), withheld.
    """
    rows = by_stratum(counts, most=1).rename(columns={"at_risk": "n"})[[*KEYS, "n"]]
    rows = rows.assign(place=range(len(rows))).merge(_asked(), on="stratifier")
    rows = rows.merge(_lacking(counts), on=[*KEYS, "field"], how="left")
    rows["missing"] = rows["missing"].mask(rows["there"].isna(), 0)
    rows = with_share(rows.sort_values(["programme", "field", "place"], ignore_index=True), "missing", "n")
    gone = rows[["n", "missing"]].isna().any(axis=1)
    shares = ["share", "share_low", "share_high", "unstable"]
    return rows.assign(withheld=gone)[["programme", "field", *KEYS[1:], "n", "missing", *shares, "withheld"]]


def _asked() -> pd.DataFrame:
    """Which field is reported by which stratifier: none by itself."""
    pairs = [(name, sets) for sets in grouping_sets() for name in sets if name in LACKS]
    return pd.DataFrame({
        "field": [name.removeprefix("lacks_") for name, _ in pairs],
        "stratifier": [sets[1] if len(sets) == 2 else OVERALL for _, sets in pairs],
    })  # fmt: skip


def _lacking(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of those who lack a field; a group in which nobody does has no row here."""
    found = [named(counts[counts[name] == NOT_RECORDED]).assign(field=name.removeprefix("lacks_")) for name in LACKS]
    rows = pd.concat(found).rename(columns={"at_risk": "missing"})
    return rows[[*KEYS, "field", "missing"]].assign(there=True)
