"""An alarm clock, and nothing more: the ledger, not the scheduler, knows what has run.

One job in memory. A start that comes late is still made, several missed ones count as one, and two never
overlap. A timer of the operating system that calls ``outreach run`` does as well.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from outreach.errors import Refused


def alarm(at: time, zone: ZoneInfo) -> CronTrigger:
    """Once a day at a wall-clock time of the site.

    Raises:
        Refused: the time lies in the hours that clock changes skip or repeat.
    """
    if 1 <= at.hour < 3:
        raise Refused(f"{at:%H:%M} is skipped or comes twice when clocks change: choose a time outside 01:00 to 02:59")
    return CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)


def keep_time(night: Callable[[], None], at: time, zone: ZoneInfo) -> None:
    """Call ``night`` once a day until interrupted."""
    scheduler = BlockingScheduler(timezone=zone)
    scheduler.add_job(night, alarm(at, zone), coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
