"""Withholding small counts, and whatever would give them back.

A count of 1 to 10 is a secret, whether it is printed or can be had by subtraction. The rule is CMS's:
no such cell, and no percentage or other cell from which one can be derived; 0 may be shown
(https://resdac.org/node/1506). Withholding the secrets is not enough, for the page prints totals. So
further counts are withheld, the least costly first, until a reader who solves the whole system of
equations (``attack``) can no longer narrow a secret down.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from outreach.report.attack import Attacker
from outreach.report.narrow import quickly_given_away
from outreach.report.table import Booleans, Table


def withhold(table: Table, also: Booleans | None = None) -> Booleans:
    """Which published counts must not be printed.

    What is left is safe in this sense: every secret may still be anything from 1 to 10, and every
    withheld count has another possible value, even for a reader who knows which counts are small.

    Args:
        also: further counts to withhold, for a reason that the numbers themselves do not show.

    Returns:
        One truth value per cell of ``table``; only published cells that are not 0 are ever true.
    """
    hidden = (table.secret if also is None else table.secret | (also & (table.values > 0))) & table.published
    attacker = Attacker(table)
    while givers := quickly_given_away(table, hidden) or attacker.given_away(hidden):
        hidden = hidden | _cover(table, givers)
    return hidden


def _cover(table: Table, givers: list[set[int]]) -> Booleans:
    """At least one count out of each set, the cheapest for what it serves (greedy weighted set cover)."""
    chosen = np.zeros(len(table.values), dtype=bool)
    while givers:
        served = Counter(cell for cells in givers for cell in cells)
        best = min(served, key=lambda c: (table.cost[c] / served[c], c))
        chosen[best] = True
        givers = [cells for cells in givers if best not in cells]
    return chosen
