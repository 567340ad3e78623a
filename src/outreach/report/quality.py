"""What is not recorded or could not be read, by group: the limits of every other table."""

from __future__ import annotations

import pandas as pd

from outreach.report.counts import TROUBLES, grouping_sets
from outreach.report.crosswalk import NOT_RECORDED
from outreach.report.rows import KEYS, OVERALL, by_stratum, named, with_share
from outreach.report.strata import LACKS


def quality(counts: pd.DataFrame) -> pd.DataFrame:
    """How many have no race, language, sex, birth date or birthplace on record, or records that could not be read.

    What is not recorded is asked of those at risk. What could not be read is asked of everyone in the cohort: an
    unread diagnosis is what keeps somebody from being at risk. ``unreadable_line``: a line of theirs was set aside, or
    an export could not bring something of theirs; ``lost_field``: a record of theirs has a field that could not be
    read; ``unreadable_unit``: a measurement in a unit that is not known, of a code that others have in one that is.

    Args:
        counts: from ``counts.count``, or from ``share.withheld``.

    Returns:
        One row per field and stratum, everyone first: programme, field, of (at_risk or cohort), stratifier, stratum,
        n, missing, share with _low and _high (0 to 1, Wilson 95 %), unstable (n below 30), withheld.
    """
    rows = by_stratum(counts, most=1)
    rows = rows.assign(place=range(len(rows))).merge(_asked(), on="stratifier")
    rows["n"] = rows["at_risk"].where(rows["of"] == "at_risk", rows["cohort"])
    rows = rows[[*KEYS, "field", "of", "place", "n"]].merge(_lacking(counts), on=[*KEYS, "field"], how="left")
    rows["missing"] = rows["missing"].mask(rows["there"].isna(), 0)
    rows = with_share(rows.sort_values(["programme", "field", "place"], ignore_index=True), "missing", "n")
    gone = rows[["n", "missing"]].isna().any(axis=1)
    shares = ["share", "share_low", "share_high", "unstable"]
    return rows.assign(withheld=gone)[["programme", "field", "of", *KEYS[1:], "n", "missing", *shares, "withheld"]]


def _of(name: str) -> str:
    return "at_risk" if name in LACKS else "cohort"


def _asked() -> pd.DataFrame:
    """Which field is reported by which stratifier: none by itself."""
    pairs = [(name, sets) for sets in grouping_sets() for name in sets if name in LACKS or name in TROUBLES]
    return pd.DataFrame({
        "field": [name.removeprefix("lacks_") for name, _ in pairs],
        "of": [_of(name) for name, _ in pairs],
        "stratifier": [sets[1] if len(sets) == 2 else OVERALL for _, sets in pairs],
    })  # fmt: skip


def _lacking(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of those who lack a field; a group in which nobody does has no row here."""
    found = []
    for name in (*LACKS, *TROUBLES):
        rows = named(counts[counts[name] == (NOT_RECORDED if name in LACKS else "Yes")])
        found.append(rows.assign(field=name.removeprefix("lacks_"), missing=rows[_of(name)]))
    return pd.concat(found)[[*KEYS, "field", "missing"]].assign(there=True)
