"""The compiled rule and an independent plain evaluator agree, on made-up rules and made-up people.

Rules are made as text and people as FHIR JSON, so that the reader, flatten and the compiler are all in the loop;
``plain`` shares no code with them. Both must agree on status, reason, due days, risk group, list, flags and on
the truth of every line and every word. What is not covered stands in ``plain``'s docstring.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from properties.both import judged, smallest
from properties.reached import wanted_outcomes
from properties.the_grammar import LEAVES, SCORE_NAMES, wanted_nodes
from properties.told import Lot, Told

#: An ordinary day, 29 February, and days after which months have no such day.
DAYS = (date(2026, 3, 1), date(2024, 2, 29), date(2026, 8, 31), date(2025, 3, 31), date(2026, 12, 31))
LONG = [Lot(DAYS[seeded % len(DAYS)], seeded, people=45, rules=130) for seeded in range(100, 124)]
#: What is drawn differs from process to process: more lots, two at a time, until the rarest word has come often enough.
MORE = [Lot(DAYS[seeded % len(DAYS)], seeded, people=45, rules=130) for seeded in range(124, 140)]
LEAST_OF_A_NODE, LEAST_OF_AN_OUTCOME = 5, 20


def _agree(told: Told, folder: Path) -> None:
    assert not told.unlike, f"{len(told.unlike)} differences; the first: {smallest(told.unlike[0], folder)}"


def _unreached(told: Told, wanted: set[tuple[str, ...]], least: int) -> dict[tuple[str, ...], int]:
    return {name: told.reached[name] for name in sorted(wanted) if told.reached[name] < least}


def _judged(lots: Sequence[Lot], folder: Path) -> Told:
    """The lots judged by two processes: compiling rules keeps one core busy."""
    told, more = Told(), list(MORE)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        while lots:
            for each in workers.map(partial(judged, folder=folder), lots):
                told.add(each)
            lots = [more.pop(), more.pop()] if more and _unreached(told, wanted_nodes(), LEAST_OF_A_NODE) else []
    return told


def test_both_agree_on_a_few_hundred_pairs(tmp_path):
    told = judged(Lot(date(2026, 3, 1), seeded=1, people=25, rules=40), tmp_path)
    _agree(told, tmp_path)
    assert told.pairs >= 400
    assert told.refused <= len(told.rules) / 2


@pytest.mark.long
@pytest.mark.matrix
def test_both_agree_on_forty_thousand_pairs_that_reach_every_node_of_the_grammar(tmp_path):
    """At least 2,000 rules, every word, option and choice of the language, every truth that a word can have."""
    told = _judged(LONG, tmp_path)
    print(f"{told.pairs} pairs, {len(told.rules)} rules, {told.refused} refused, {len(told.unlike)} differences")
    _agree(told, tmp_path)
    assert told.pairs >= 40_000
    assert len(told.rules) >= 2_000
    assert _unreached(told, wanted_nodes(), LEAST_OF_A_NODE) == {}
    assert _unreached(told, wanted_outcomes(LEAVES, SCORE_NAMES), LEAST_OF_AN_OUTCOME) == {}
