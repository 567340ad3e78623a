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
    newest = _newest(reading)
    limit = timedelta(days=reading.whole_every) - _EARLY
    if newest is None or now - datetime.fromisoformat(newest[1].whole_at) >= limit:
        return _whole(reading, newest and newest[0])
    return Changes(reading, *newest).read()


def _newest(reading: Reading) -> tuple[Path, State] | None:
    """The newest tables of this server and Group."""
    usable = [
        (tables, state)
        for tables, state in states(reading.home)
        if (state.source, state.group) == (reading.client.base, reading.group)
    ]
    return max(usable, key=lambda found: datetime.fromisoformat(found[1].at), default=None)


def _whole(reading: Reading, known: Path | None) -> Manifest:
    manifest, report = read_whole(reading, reading.types, known=known)
    at = manifest.transaction_time
    write_state(reading.tables, state_of(reading, at, at, report))
    return manifest
