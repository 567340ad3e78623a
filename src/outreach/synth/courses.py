"""The table of courses: every way things may have gone for somebody at risk, by name and weight."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from functools import partial

from outreach.synth.days import plus_days
from outreach.synth.endings import CHILD_PUGH, ENDINGS, GOES_ON
from outreach.synth.life import Life
from outreach.synth.pauses import (
    HARMLESS,
    afp_after_clear_ct,
    afp_closed,
    afp_of,
    afp_rising,
    afp_unreadable,
    closed_order,
    harmless_afp,
    open_order,
    positive,
    positive_then_clear,
    unclear_ct,
    unread,
)
from outreach.synth.places import Home
from outreach.synth.scans import (
    USUAL,
    CourseOf,
    any_scan,
    exactly,
    months_before,
    on_a_month_end,
    records_of_one_day,
    usual,
    written,
)
from outreach.synth.truth import NEVER_SCANNED_GRACE, Course, Risk
from outreach.synth.unscanned import NEVER_BUT, NO_SCANS, never, never_but, positive_then, then
from outreach.synth.visits import booked_for_liver

Weighted = dict[str, tuple[CourseOf, float]]


def _even(courses: dict[str, CourseOf], share: float) -> Weighted:
    """The courses with a share divided evenly."""
    return {name: (course, share / len(courses)) for name, course in courses.items()}


_USUAL_WEIGHTS = {
    "up-to-date": 0.15, "up-to-date-after-us-2": 0.02, "up-to-date-after-ct": 0.02, "due": 0.07, "due-after-us-2": 0.02,
    "due-after-ct": 0.01, "overdue": 0.46, "overdue-after-us-2": 0.03, "overdue-after-ct": 0.03,
}  # fmt: skip
_EDGES: dict[str, CourseOf] = {
    "due-today": partial(exactly, "due", 0),
    "due-tomorrow": partial(exactly, "due", 1),
    "overdue-today": partial(exactly, "overdue", 0),
    "overdue-tomorrow": partial(exactly, "overdue", 1),
    "scanned-on-a-month-end": on_a_month_end,
}
_WRITTEN: dict[str, CourseOf] = {
    **{f"scan-date-{how}": partial(written, how) for how in ("partial", "issued", "period", "evening")},
    "scan-corrected": partial(written, "corrected"),
    "scan-and-bill": partial(records_of_one_day, "bill"),
    "scan-beside-uncoded": partial(records_of_one_day, "uncoded"),
}
_AFTER: dict[str, CourseOf] = {
    **{f"then-{name}": partial(then, name) for name in NO_SCANS},
    **{f"never-but-{name}": partial(never_but, name) for name in NEVER_BUT},
    "positive-then-us-1": partial(positive_then, "US-1"),
    "positive-then-us-2": partial(positive_then, "US-2"),
    "positive-then-clear": positive_then_clear,
}
_PAUSES: dict[str, CourseOf] = {
    "positive": partial(positive, "US-3"),
    "ct-not-clear": partial(positive, "not-clear"),
    "afp-20": partial(afp_of, 20.0, "ng/mL"),
    "afp-high": partial(afp_of, 64.0, "ug/L"),
    "afp-after-clear-ct": afp_after_clear_ct,
    "afp-rising": afp_rising,
    "afp-unreadable": afp_unreadable,
    "afp-unclear-ct": unclear_ct,
    "ct-ordered": open_order,
    "unread-words": partial(unread, "words"),
    "unread-silent": partial(unread, "silent"),
    "unread-bill-only": partial(unread, "bill"),
    "unread-preliminary": partial(unread, "preliminary"),
}
_NO_PAUSES: dict[str, CourseOf] = {
    "ct-order-closed": closed_order,
    "afp-closed-same-day": partial(afp_closed, 0),
    "afp-closed-later": partial(afp_closed, 20),
    **{f"afp-{name}": partial(harmless_afp, name) for name in HARMLESS},
}

#: Courses anybody at risk may take.
ANYONE: Weighted = {
    **{name: (partial(usual, *USUAL[name]), weight) for name, weight in _USUAL_WEIGHTS.items()},
    "never": (never, 0.20),
    **_even(_EDGES, 0.04),
    **_even(_WRITTEN, 0.05),
    **_even(_AFTER, 0.05),
    **_even(_PAUSES, 0.10),
    **_even(_NO_PAUSES, 0.03),
    **_even(ENDINGS, 0.07),
    **_even(GOES_ON, 0.03),
}
#: Courses only for people with cirrhosis.
CIRRHOSIS_ONLY: Weighted = _even(CHILD_PUGH, 0.08)
#: Never scanned, and first at risk on a day that matters.
NEVER_SINCE: dict[str, Callable[[date, random.Random], date]] = {
    "never-new": lambda as_of, draw: plus_days(as_of, -draw.randint(3, 50)),
    "never-since-today": lambda as_of, _: as_of,
    "never-overdue-today": lambda as_of, _: months_before(as_of, NEVER_SCANNED_GRACE),
    "never-overdue-tomorrow": lambda as_of, _: months_before(plus_days(as_of, 1), NEVER_SCANNED_GRACE),
}


def _booked(days: int, status: str, pause: str, life: Life, risk: Risk, home: Home) -> Course:
    course = any_scan(life, risk)
    booked_for_liver(plus_days(life.as_of, days), status, life, home)
    return Course(course.due, pause=pause)


def _paused_and_booked(life: Life, risk: Risk, home: Home) -> Course:
    """Two reasons to pause: the first in the rule's order is given."""
    course = positive("US-3", life, risk) if life.draw.random() < 0.5 else unread("words", life, risk)
    booked_for_liver(plus_days(life.as_of, 4), "booked", life, home)
    return course


PAUSED_AND_BOOKED = "paused-and-booked"
#: Courses that need to know the places: (days ahead, status, pause).
BOOKED = {
    "booked-ahead": (9, "booked", "booked"),
    "booked-today": (0, "booked", "booked"),
    "booked-yesterday": (-1, "booked", ""),
    "booked-then-cancelled": (6, "cancelled", ""),
    "booked-not-settled": (6, "pending", ""),
}


def booked(name: str, life: Life, risk: Risk, home: Home) -> Course:
    """A course that turns on an appointment for liver imaging."""
    if name == PAUSED_AND_BOOKED:
        return _paused_and_booked(life, risk, home)
    return _booked(*BOOKED[name], life, risk, home)
