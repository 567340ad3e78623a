"""The alarm rings once a day, also when clocks change."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.errors import Refused
from outreach.schedule import alarm

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("first", [datetime(2026, 3, 6, tzinfo=NEW_YORK), datetime(2026, 10, 30, tzinfo=NEW_YORK)])
def test_one_night_a_day_over_a_clock_change(first):
    trigger, rung, last = alarm(time(4, 30), NEW_YORK), [], None
    now = first
    for _ in range(5):
        last = trigger.get_next_fire_time(last, now)
        rung.append(last)
        now = last + timedelta(seconds=1)
    assert [(at.day - first.day) % 31 for at in rung] == [0, 1, 2, 3, 4]
    assert {(at.hour, at.minute) for at in rung} == {(4, 30)}


@pytest.mark.parametrize("at", [time(1), time(1, 30), time(2, 59)])
def test_hours_that_a_clock_change_skips_or_repeats_are_refused(at):
    with pytest.raises(Refused, match="clocks change"):
        alarm(at, NEW_YORK)
