"""Where each group falls behind: the steps from the cohort to a person reached."""

from __future__ import annotations

import pandas as pd

from outreach.report.rows import KEYS, by_stratum, with_share

#: Each step and the step it is a share of. ``sent`` and ``handed_over`` share one parent: the two doors.
STEPS = {
    "cohort": None,
    "at_risk": "cohort",
    "due": "at_risk",
    "overdue": "due",
    "ready": "overdue",
    "offered": "ready",
    "sent": "ready",
    "handed_over": "ready",
}


def ladder(counts: pd.DataFrame) -> pd.DataFrame:
    """The steps by stratum: how many reach each, and their share of the step before.

    cohort; at_risk (known or possible); due (or overdue); overdue; ready (no guard and no doubt about
    the data stops an invitation); then, of the ready: offered (a slot beside a visit), sent (a portal
    message was sent, which is not yet being read) and handed_over (a person calls or writes).

    Args:
        counts: from ``counts.count``, or from ``share.withheld``.

    Returns:
        Rows by stratum, everyone first, steps in order: programme, stratifier, stratum, step, of, n (how
        many in ``of``), count, share with _low and _high (0 to 1, Wilson 95 %), unstable (n below 30),
        withheld (n or count is not shown).
    """
    rows = by_stratum(counts, most=1)
    nobody = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    steps = [
        rows[KEYS].assign(step=step, of=of, n=rows[of] if of else nobody, count=rows[step], place=rows.index, order=i)
        for i, (step, of) in enumerate(STEPS.items())
    ]
    long = pd.concat(steps).astype({"of": "str"}).sort_values(["place", "order"], ignore_index=True)
    long = with_share(long, "count", "n")
    gone = long["count"].isna() | (long["n"].isna() & (long["step"] != "cohort"))
    shares = ["share", "share_low", "share_high", "unstable"]
    return long.assign(withheld=gone)[[*KEYS, "step", "of", "n", "count", *shares, "withheld"]]
