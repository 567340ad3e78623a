"""Published risk scores, on bounds: a missing input leaves a range, and the range often decides.

A score knows the population it was derived in; outside it, it does not apply. ``rulebook.scores`` says what
each is made of and what nobody has confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from outreach.assess.gather import Gather
from outreach.assess.scores.bounds import UNBOUNDED
from outreach.assess.scores.cancer import amap, galad, thri
from outreach.assess.scores.child_pugh import child_pugh
from outreach.assess.scores.fibrosis import albi, apri, fib4
from outreach.assess.scores.meld import meld, meld_3, meld_na
from outreach.assess.scores.page_b import mpage_b, page_b
from outreach.assess.scores.score import Score
from outreach.assess.scores.viral_load import cu_hcc, reach_b
from outreach.domain.calendar import Period

__all__ = ["SCORES", "UNBOUNDED", "Score"]

#: By the name a rule uses: asks ``Gather`` for what it needs, of one day, look-back and upper limit of normal.
SCORES: dict[str, Callable[[Gather, date, Period, float | None], Score]] = {
    "fib-4": fib4,
    "apri": apri,
    "albi": albi,
    "page-b": page_b,
    "mpage-b": mpage_b,
    "amap": amap,
    "thri": thri,
    "reach-b": reach_b,
    "cu-hcc": cu_hcc,
    "meld": meld,
    "meld-na": meld_na,
    "meld-3": meld_3,
    "child-pugh": child_pugh,
    "galad": galad,
}
