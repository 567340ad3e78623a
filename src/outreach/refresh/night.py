"""A night's tables: an earlier night's and what the server changed since (``changes``), or everything read anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from outreach.pull import Manifest
from outreach.refresh.changes import Changes
from outreach.refresh.reading import Reading
from outreach.refresh.state import State, state_of, states, write_state
from outreach.refresh.whole import read_whole

#: A night that starts a little early still counts as a day later.
_EARLY = timedelta(hours=6)


def read_night(reading: Reading, now: datetime) -> Manifest:
    """Make tonight's tables.

    Raises:
        PullIncomplete: not everything could be had, or it does not add up.
        ServerRefused: the login or a scope was refused.
    """
    base = _base(reading, now)
    if base is None:
        return _whole(reading)
    return Changes(reading, *base).read()


def _base(reading: Reading, now: datetime) -> tuple[Path, State] | None:
    """The newest tables of this server and Group, unless it is time to read everything."""
    limit = timedelta(days=reading.whole_every) - _EARLY
    usable = [
        (tables, state)
        for tables, state in states(reading.home)
        if (state.source, state.group) == (reading.client.base, reading.group)
        and now - datetime.fromisoformat(state.whole_at) < limit
    ]
    return max(usable, key=lambda found: datetime.fromisoformat(found[1].at), default=None)


def _whole(reading: Reading) -> Manifest:
    manifest, report = read_whole(reading, reading.types)
    at = manifest.transaction_time
    write_state(reading.tables, state_of(reading, at, at, report))
    return manifest
