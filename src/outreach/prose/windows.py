"""When a record must lie, in words."""

from __future__ import annotations

from outreach.domain.calendar import Period
from outreach.rulebook.terms import Stretch, Window

_RELATIONS = {
    "starts_in": "{verb} in {when}",
    "ends_in": "that ended in {when}",
    "during": "{verb} and ended in {when}",
    "overlaps": "that held at some time during {when}",
}


def length(period: Period) -> str:
    """``year`` for one of a kind, else ``2 years``: what follows “the last”."""
    return str(period).removeprefix("1 ") if period.count == 1 else str(period)


def last(period: Period) -> str:
    """``in the last 2 years``."""
    return f"in the last {length(period)}"


def when(window: Window, verb: str) -> str:
    """A window in words; ``verb`` is what happened at the record's start: done, begun, prescribed."""
    if window.period is not None:
        return (
            f"{verb} {last(window.period)}" if window.relation == "within" else f"{verb} {window.period} ago or earlier"
        )
    name = f"“{window.stretch.name}”" if window.stretch else "a stretch of days"
    return _RELATIONS[window.relation].format(verb=verb, when=name)


def stretch(found: Stretch) -> str:
    """Which days a named stretch holds."""
    if found.base is None:
        return f"the {length(found.length)} up to and including the day asked about"
    if found.form == "with-before":
        return f"“{found.base.name}” and the {length(found.length)} before it"
    return f"the {length(found.length)} right before “{found.base.name}”"
