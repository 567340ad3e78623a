"""The share of each group that is up to date."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from outreach.errors import Refused
from outreach.report.intervals import Column, Estimate, difference, ratio, wilson
from outreach.report.rows import EVERYONE, KEYS, OVERALL, by_stratum, column, with_estimate, with_share
from outreach.report.strata import STRATIFIERS

OVERALL_RATE = "overall rate"
_STATUSES = ["up_to_date", "due", "not_now", "unknown"]


def coverage(counts: pd.DataFrame, references: Mapping[str, str] | None = None) -> pd.DataFrame:
    """How many of those at risk are up to date, by stratum, beside a named reference.

    The denominator ``n`` is everyone at risk or possibly at risk: up to date, due, overdue, not now,
    and unknown. Someone whose status is unknown stays in it: leaving them out would flatter the groups
    we know least about. Three are not in it: those screening cannot help (a denominator exclusion),
    those who opted out (a denominator exception), and those not at risk; they leave between the
    ladder's first two steps (http://terminology.hl7.org/CodeSystem/measure-population).

    The overall rate holds the stratum too, so the two are not independent. Intervals against it are
    those against everyone else, carried over exactly: p - P = (1 - w)(p - p_rest), w = n / N.

    Args:
        counts: from ``counts.count``, or from ``share.withheld``.
        references: stratifier to the stratum it is compared with; others with the overall rate. Where
            nobody belongs to that stratum there is no difference to give.

    Returns:
        One row per stratum and cross, everyone first: programme, stratifier, stratum, n, up_to_date, due
        (the overdue too), not_now, unknown; share, difference (a share minus the reference's) and ratio,
        each with _low and _high (95 %); reference, reference_share; unstable (n below 30, NCHS's older
        rule, PMC6896998 for the newer one); withheld (a number of this row is not shown). A cross has
        n and up_to_date only.

    Raises:
        Refused: ``references`` names no stratifier.
    """
    if unheard_of := sorted(set(references or {}) - set(STRATIFIERS)):
        raise Refused(f"no stratifier is called {unheard_of}. There are: {', '.join(STRATIFIERS)}.")
    rows = by_stratum(counts, most=2).rename(columns={"at_risk": "n"})
    rows = rows[(rows["crossed"] < 2) | (rows["n"] != 0).fillna(True)].reset_index(drop=True)
    crossed = rows["crossed"] == 2
    gone = rows[["n", "up_to_date"]].isna().any(axis=1) | (~crossed & rows[_STATUSES].isna().any(axis=1))
    rows.loc[crossed, ["due", "not_now", "unknown"]] = pd.NA
    rows = _against(with_share(rows, "up_to_date", "n"), references or {})
    estimates = [f"{name}{end}" for name in ("difference", "ratio") for end in ("", "_low", "_high")]
    shares = ["share", "share_low", "share_high", "reference", "reference_share"]
    return rows.assign(withheld=gone)[[*KEYS, "n", *_STATUSES, *shares, *estimates, "unstable", "withheld"]]


def _against(rows: pd.DataFrame, references: Mapping[str, str]) -> pd.DataFrame:
    """The rows with their difference and ratio to the reference; none for the reference itself."""
    at = _reference(rows, references)
    whole_x, whole_n = column(at, "up_to_date"), column(at, "n")
    itself = (rows[KEYS] == at[KEYS]).all(axis=1).to_numpy()
    x, n = (np.where(itself, np.nan, column(rows, name)) for name in ("up_to_date", "n"))
    within = (at["stratifier"] == OVERALL).to_numpy()
    rest_x, rest_n = np.where(within, whole_x - x, whole_x), np.where(within, whole_n - n, whole_n)
    weight = np.where(within, wilson(n, whole_n).value, 0.0)
    rows = rows.assign(reference=at["reference"], reference_share=wilson(whole_x, whole_n).value)
    rows = with_estimate(rows, "difference", _scaled(difference(wilson(x, n), wilson(rest_x, rest_n)), 1 - weight))
    return with_estimate(rows, "ratio", _to_whole(ratio(x, n, rest_x, rest_n), weight))


def _reference(rows: pd.DataFrame, references: Mapping[str, str]) -> pd.DataFrame:
    """For each row the row it is compared with, and the name of that reference."""
    name = rows["stratifier"].map(lambda stratifier: references.get(stratifier, OVERALL_RATE))
    at = rows[["programme", "stratifier"]].assign(stratum=name, reference=name)
    at.loc[name == OVERALL_RATE, ["stratifier", "stratum"]] = [OVERALL, EVERYONE]
    return at.merge(rows[[*KEYS, "n", "up_to_date"]], on=KEYS, how="left")


def _scaled(estimate: Estimate, by: Column) -> Estimate:
    return Estimate(estimate.value * by, estimate.low * by, estimate.high * by)


def _to_whole(estimate: Estimate, weight: Column) -> Estimate:
    """A ratio to everyone else as the ratio to everyone: p/P = r / (w r + 1 - w), increasing in r."""
    return Estimate(*(r / (weight * r + 1 - weight) for r in (estimate.value, estimate.low, estimate.high)))
