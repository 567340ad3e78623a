"""What may leave the care team, one small table at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from outreach.report.counts import DIMENSIONS, MEASURES, count
from outreach.report.margins import Margins
from outreach.report.share import withheld
from outreach.report.suppress import withhold
from outreach.report.table import Table
from unit.test_report_night import AS_OF, PORTAL, write_night


def shown(total: int, *parts: int, printed: str = "", before: dict[int, float] | None = None) -> str:
    """A total and its parts as a page prints them: a dot is withheld, a minus is never printed."""
    values = np.array([total, *parts])
    published = np.array([mark != "-" for mark in printed or "x" * len(values)])
    earlier = np.array([(before or {}).get(cell, np.nan) for cell in range(len(values))])
    partitions = ((0, tuple(range(1, len(values)))),)
    hidden = withhold(Table(values, published, earlier, np.maximum(values, 1) * 1.0, partitions))
    return " ".join("-" if not p else "." if h else str(v) for v, p, h in zip(values, published, hidden, strict=True))


@pytest.mark.parametrize(
    ("counts", "page"),
    [
        ((100, 60, 40), "100 60 40"),
        ((100, 89, 11), "100 89 11"),
        ((100, 100, 0), "100 100 0"),
        ((100, 90, 10), "100 . ."),
        ((100, 99, 1), "100 . ."),
        ((100, 50, 45, 5), "100 50 . ."),
        ((100, 60, 20, 12, 8), "100 60 20 . ."),
        ((30, 0, 25, 5), "30 0 . ."),
        ((7, 7, 0), ". . 0"),
        ((0, 0, 0), "0 0 0"),
    ],
)
def test_a_small_count_takes_the_cheapest_other_with_it(counts, page):
    assert shown(*counts) == page


def test_small_counts_hide_each_other_only_if_they_may_be_anything_from_1_to_10():
    """3 and 2 out of 50 would be known to lie below 6; 8 and 7 may each be anything from 1 to 10."""
    assert shown(50, 45, 3, 2) == "50 . . ."
    assert shown(50, 35, 8, 7) == "50 35 . ."


def test_two_tens_do_not_hide_each_other_from_one_who_knows_that_both_are_small():
    assert shown(60, 40, 10, 10) == "60 . . ."


def test_a_remainder_that_is_never_printed_is_protected_as_well():
    """95 of 100 up to date: the 5 who are not are nobody's to know."""
    assert shown(100, 95, 5, printed="xx-") == "100 . -"
    assert shown(100, 80, 20, printed="xx-") == "100 80 -"


def test_a_count_that_moved_by_a_few_since_the_last_page_is_withheld():
    assert shown(100, 60, 40, before={1: 57.0, 2: 43.0, 0: 100.0}) == "100 . ."
    assert shown(100, 60, 40, before={1: 40.0, 2: 60.0, 0: 100.0}) == "100 60 40"
    assert shown(100, 60, 40, before={1: 60.0, 2: 40.0, 0: 100.0}) == "100 60 40"


@pytest.fixture(scope="module")
def two_programmes(tmp_path_factory):
    tables = write_night(tmp_path_factory.mktemp("night"), people=150, rules=("one", "two"))
    assessed = pd.read_parquet(tables / "assessment.parquet").replace({"reason": {"merged": "made-up"}})
    assessed.to_parquet(tables / "assessment.parquet")
    return withheld(count(tables, AS_OF, PORTAL))


def test_one_programme_does_not_show_the_cohort_that_another_withholds(two_programmes):
    page = two_programmes
    one, two = (page[page["programme"] == name].reset_index(drop=True)["cohort"] for name in ("one", "two"))
    assert (one.isna() == two.isna()).all()
    assert one.isna().any()


def test_one_set_of_people_is_one_cell_in_whichever_table_it_stands():
    """Those without a race are a race stratum and a line of the quality table: withheld in both or in none."""
    margins = Margins(one_cohort=False)

    def cell(**group: str) -> int:
        row = dict.fromkeys(DIMENSIONS) | group | {"programme": "one"} | dict.fromkeys(MEASURES, 5)
        return margins.add(row)["at_risk"]

    assert cell(race="Not recorded") == cell(lacks_race="Not recorded")
    assert cell(race="Not recorded", language="Somali") == cell(lacks_race="Not recorded", language="Somali")
    assert cell(race="White", language="Not recorded") == cell(race="White", lacks_language="Not recorded")
    assert cell(race="White") != cell(race="Asian")


def test_a_page_of_large_counts_only_is_shown_whole():
    row = dict.fromkeys(["cohort", "at_risk", "up_to_date", "due", "not_now", "unknown", "overdue"], 0)
    row |= {"cohort": 900, "at_risk": 400, "up_to_date": 200, "due": 100, "not_now": 50, "unknown": 50, "overdue": 60}
    row |= {"ready": 40, "offered": 20, "sent": 15, "handed_over": 14}
    counts = pd.DataFrame([row | dict.fromkeys(DIMENSIONS) | {"programme": "one"}])
    counts = counts.astype(dict.fromkeys(MEASURES, "Int64"))
    assert withheld(counts)[list(MEASURES)].notna().all(axis=None)
