"""Until when a place is held, as the letter says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.post import PostSettings
from outreach.post.writing import reply_by

ZONE = ZoneInfo("America/New_York")
SETTINGS = PostSettings(
    zone=ZONE, sender="", portal_system="", notice=timedelta(hours=24), reply_within=timedelta(days=7)
)


@pytest.mark.parametrize(
    ("now", "start", "until"),
    [
        ("2026-03-02 01:30", "2026-03-05 10:00", "2026-03-04 17:00"),
        ("2026-03-02 01:30", "2026-03-20 10:00", "2026-03-09 17:00"),
        ("2026-03-02 18:00", "2026-03-03 18:30", "2026-03-03 06:15"),
        ("2026-03-06 01:30", "2026-03-09 08:00", "2026-03-08 17:00"),
    ],
    ids=["the day before the slot", "a week after the send", "too near for either: halfway", "over the clock change"],
)
def test_an_answer_is_asked_for_by_five_in_the_afternoon(now, start, until):
    """At the site's own clock, and always before the slot and after the send."""
    at = [datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (now, start, until)]
    assert reply_by(at[0], at[1], SETTINGS) == at[2]
    assert at[0] < at[2] < at[1]
