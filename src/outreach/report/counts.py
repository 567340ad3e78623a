"""The counts every table of the report is made from, taken once, with nobody's identity in them.

One row per programme and group; a group is what its ``DIMENSIONS`` say, NULL meaning "any". Columns:

- cohort: people the rule looked at (a record merged into another is not a person)
- at_risk: known or possibly at risk, and neither excluded nor an exception
- up_to_date, due, not_now, unknown: the four ways to be at risk; ``due`` holds the overdue too
- overdue ⊇ ready: not stopped by a guard or a doubt about the data
- ready = sent + handed_over + those for whom nothing was possible tonight; offered: a slot was proposed
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path

import duckdb
import pandas as pd

from outreach.domain.query import exact
from outreach.errors import OutreachError
from outreach.report.strata import CROSSES, LACKS, STRATIFIERS, groups
from outreach.report.unread import read_unread

#: What somebody's records may suffer from: "Yes" or "No" of each person. See ``unread``.
TROUBLES = ("unreadable_line", "lost_field", "unreadable_unit")
DIMENSIONS = (*STRATIFIERS, *LACKS, *TROUBLES)
MEASURES = {
    "cohort": "true",
    "at_risk": "status IN ('up-to-date', 'due', 'overdue', 'not-now', 'unknown')",
    "up_to_date": "status = 'up-to-date'",
    "due": "status IN ('due', 'overdue')",
    "not_now": "status = 'not-now'",
    "unknown": "status = 'unknown'",
    "overdue": "status = 'overdue'",
    "ready": "status = 'overdue' AND bucket IN ('sent', 'handed_over', 'deferred')",
    "offered": "status = 'overdue' AND bucket IN ('sent', 'handed_over', 'deferred') AND offered",
    "sent": "status = 'overdue' AND bucket = 'sent'",
    "handed_over": "status = 'overdue' AND bucket = 'handed_over'",
}

_PEOPLE = """
SELECT a.rule AS programme, a.status, o.bucket, o.offered, g.*,
  coalesce(t.unreadable_line, 'No') AS unreadable_line, coalesce(t.lost_field, 'No') AS lost_field,
  coalesce(t.unreadable_unit, 'No') AS unreadable_unit
FROM read_parquet($assessment) AS a
LEFT JOIN groups AS g ON g.person = a.person
LEFT JOIN troubles AS t ON t.person = a.person
LEFT JOIN read_parquet($outcomes) AS o ON o.person = a.person AND o.programme = a.rule
WHERE NOT (a.status = 'not-applicable' AND coalesce(a.reason, '') = 'merged')
"""
_ASSESSED = """
SELECT count(*) FROM read_parquet(?) WHERE NOT (status = 'not-applicable' AND coalesce(reason, '') = 'merged')
"""
_DOUBTS = {"nobody": "person IS NULL", "lost": "status = 'overdue' AND bucket IS NULL"}


class TablesDisagree(OutreachError):
    """Two tables of one night do not speak of the same people, so no count would be true."""


def grouping_sets(crosses: Sequence[tuple[str, str]] = CROSSES) -> list[tuple[str, ...]]:
    """Every group by which people are counted. What is lacking is not counted by itself."""
    by_lack = [pair for pair in product((*LACKS, *TROUBLES), STRATIFIERS) if LACKS.get(pair[0]) != pair[1]]
    return [(), *((name,) for name in DIMENSIONS), *crosses, *by_lack]


def count(tables: Path, as_of: date, portal_system: str, crosses: Sequence[tuple[str, str]] = CROSSES) -> pd.DataFrame:
    """The counts of one night: programme, one column per dimension (None for any), one per measure.

    Rows come in the order of programme, then of the dimensions. A group nobody belongs to has no row.

    Raises:
        TablesDisagree: a person is missing from, or twice in, one of the three tables.
    """
    with duckdb.connect() as db:
        groups(db, tables, as_of, portal_system).create_view("groups")
        read_unread(db, tables)
        given = {name: exact(tables / f"{name}.parquet") for name in ("assessment", "outcomes")}
        columns = ", ".join(("programme", *DIMENSIONS))
        tests = {**MEASURES, **_DOUBTS}
        tallies = ", ".join(f"count(*) FILTER (WHERE {test}) AS {name}" for name, test in tests.items())
        db.sql(_PEOPLE, params=given).aggregate(f"{columns}, {tallies}", columns).create("finest")
        _refuse_doubts(db, given["assessment"])
        sets = ", ".join(f"({', '.join(('programme', *names))})" for names in grouping_sets(crosses))
        sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in MEASURES)
        found: pd.DataFrame = db.table("finest").aggregate(f"{columns}, {sums}", f"GROUPING SETS ({sets})").df()
    found = found.astype(dict.fromkeys(MEASURES, "Int64"))
    return found.sort_values(["programme", *DIMENSIONS], na_position="first", ignore_index=True)


def _refuse_doubts(db: duckdb.DuckDBPyConnection, assessment: str) -> None:
    people, nobody, lost = db.sql("SELECT sum(cohort), sum(nobody), sum(lost) FROM finest").fetchall()[0]
    assessed = db.execute(_ASSESSED, [assessment]).fetchall()[0][0]
    if (people or 0) != assessed or nobody or lost:
        raise TablesDisagree(
            f"the tables of one night disagree: {(people or 0) - assessed} people too many (twice in person or "
            f"outcomes), {nobody or 0} assessed people not in person, {lost or 0} overdue people without an outcome. "
            "Run the night again from flatten."
        )
