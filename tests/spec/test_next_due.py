"""When the next scan is due."""

title = "When the next scan is due"


def test_a_small_spot_shortens_the_wait(spec):
    """A spot under 10 mm is looked at again after three months, not six."""
    spec(
        rule="liver/hcc-surveillance",
        as_of="2026-03-01",
        given="""
            who | born       | cirrhosis  | scan       | category
            ----+------------+------------+------------+---------
            ana | 1962-05-10 | 2020-01-15 | 2025-10-01 | US-1
            bea | 1962-05-10 | 2020-01-15 | 2025-10-01 | US-2
            cam | 1962-05-10 | 2020-01-15 | 2025-10-01 | uncoded
        """,
        then="""
            who | status     | due on     | because
            ----+------------+------------+--------
            ana | up-to-date | 2026-04-01 |
            bea | due        | 2026-01-01 |
            cam | not-now    |            | unread
        """,
    )


def test_months_are_calendar_months(spec):
    """The day of the month is kept; where there is no such day, the month's last day is taken."""
    spec(
        rule="liver/hcc-surveillance",
        as_of="2024-03-15",
        given="""
            who | born       | cirrhosis  | scan       | category
            ----+------------+------------+------------+---------
            leap| 1962-05-10 | 2020-01-15 | 2023-08-31 | US-1
            long| 1962-05-10 | 2020-01-15 | 2023-12-31 | US-1
            same| 1962-05-10 | 2020-01-15 | 2023-09-15 | US-1
        """,
        then="""
            who | status     | due on
            ----+------------+-----------
            leap| due        | 2024-02-29
            long| up-to-date | 2024-06-30
            same| due        | 2024-03-15
        """,
    )
