"""How scanning went: when the last scan was, what it said, and what must not be taken for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from outreach.synth import codes, labs, moments
from outreach.synth.days import days_between, month_end, plus_days, plus_months
from outreach.synth.facts import Operation, Report
from outreach.synth.life import Life
from outreach.synth.truth import INTERVALS, Course, Risk, due_after_scan, standing

CourseOf = Callable[[Life, Risk], Course]

CONCLUSIONS = {
    "US-1": "No focal liver lesion seen.",
    "US-2": "Observation smaller than 10 mm.",
    "US-3": "Observation of 10 mm or more.",
    "clear": "No suspicious liver lesion.",
    "not-clear": "Liver observation, further work-up advised.",
    "": "Report dictated; category not assigned.",
}


def _study(life: Life, result: str) -> codes.Code:
    if result in ("clear", "not-clear"):
        return life.draw.choice((codes.CT, codes.MRI))
    return life.draw.choice(codes.ULTRASOUND)


def report(
    life: Life, day: date, result: str, when: str = "", status: str = "", study: codes.Code | None = None
) -> Report:
    """A report of a scan on ``day``; an empty ``result`` is one that nobody coded."""
    words = CONCLUSIONS[result] if life.draw.random() < 0.7 else ""
    return Report(
        study or _study(life, result),
        when or moments.reported(life.draw, day),
        codes.RESULTS.get(result),
        words,
        status or labs.counting(life.draw),
    )


def procedure(life: Life, day: date, status: str = "completed") -> Operation:
    """The same ultrasound as the billing system knows it."""
    return Operation(codes.ULTRASOUND_PROCEDURE, moments.happened(life.draw, day, "performed"), status)


def scanned(life: Life, day: date, result: str) -> None:
    """A scan that counts, as one record or several of one day, and the scans before it."""
    life.add(report(life, day, result))
    roll = life.draw.random()
    if result.startswith("US") and roll < 0.15:
        life.add(procedure(life, day))
    elif result.startswith("US") and roll < 0.20:
        life.add(report(life, day, "", study=codes.LIVER_ULTRASOUND))
    earlier(life, day)


def earlier(life: Life, day: date) -> None:
    """Older scans, of any result but a positive one, with a low and steady AFP beside some."""
    level = round(life.draw.uniform(2.0, 6.0), 1)
    results = ("US-1", "US-1", "US-1", "US-2", "") + (() if life.afp_planned else ("clear",))
    if not life.afp_planned and life.draw.random() < 0.6:
        life.add(labs.afp(life.draw, level, day))
    for _ in range(life.draw.choice((0, 0, 1, 1, 2))):
        day = plus_days(day, -life.draw.randint(120, 420))
        life.add(report(life, day, life.draw.choice(results)))
        if not life.afp_planned and life.draw.random() < 0.4:
            life.add(labs.afp(life.draw, level + life.draw.randint(0, 3), day))


def day_of_scan(life: Life, result: str, want: str) -> date:
    """A day whose scan puts a person where ``want`` says today."""
    due, overdue = INTERVALS[result]
    last, first = {
        "up-to-date": (life.as_of, plus_months(life.as_of, -due)),
        "due": (plus_months(life.as_of, -due), plus_months(life.as_of, -overdue)),
        "overdue": (plus_months(life.as_of, -overdue), plus_months(life.as_of, -overdue - 20)),
    }[want]
    while True:
        day = plus_days(last, -life.draw.randint(0, (last - first).days))
        if _stands(life, day, result) == want:
            return day


def _stands(life: Life, day: date, result: str) -> str:
    due = due_after_scan(day, result)
    return standing(due, life.as_of) if due else ""


def usual(want: str, result: str, life: Life, _: Risk) -> Course:
    """The last scan said ``result``, and the person is now ``want``."""
    day = day_of_scan(life, result, want)
    scanned(life, day, result)
    return Course(due_after_scan(day, result))


def any_scan(life: Life, risk: Risk) -> Course:
    """One of the usual ways, for a course whose point is something else (a clear CT would close a planned AFP)."""
    want = life.draw.choice(("up-to-date", "due", "overdue", "overdue"))
    result = life.draw.choice(("US-1", "US-1", "US-2", "US-1" if life.afp_planned else "clear"))
    return usual(want, result, life, risk)


def months_before(target: date, months: int) -> date:
    """The last day that, so many months later, is ``target``, or else the nearest day before it.

    The calendar skips some: no day + 6 months is 31 August; 28 to 31 August + 6 months are all 28 February.
    """
    near = plus_months(target, -months)
    return max(day for day in days_between(near, plus_days(near, 4)) if plus_months(day, months) <= target)


def exactly(edge: Literal["due", "overdue"], ahead: int, life: Life, _: Risk) -> Course:
    """A scan whose due (or overdue) day falls exactly so many days ahead, or as near as the calendar lets it."""
    target = plus_days(life.as_of, ahead)
    waits = {result: months[0 if edge == "due" else 1] for result, months in INTERVALS.items()}
    days = {result: months_before(target, wait) for result, wait in waits.items()}
    nearest = max(plus_months(day, waits[result]) for result, day in days.items())
    result = life.draw.choice([one for one, day in days.items() if plus_months(day, waits[one]) == nearest])
    scanned(life, days[result], result)
    return Course(due_after_scan(days[result], result))


def on_a_month_end(life: Life, _: Risk) -> Course:
    """Scanned on the 29th to 31st, due in a month that has no such day."""
    spans = [plus_months(life.as_of.replace(day=1), -back) for back in range(1, 13)]
    pairs = [(month_end(span.year, span.month), result) for span in spans for result in INTERVALS]
    clipped = [(day, result) for day, result in pairs if plus_months(day, INTERVALS[result][0]).day < day.day]
    day, result = life.draw.choice(clipped)
    scanned(life, day, result)
    return Course(due_after_scan(day, result))


def written(how: str, life: Life, _: Risk) -> Course:
    """The last scan's date or status is written in a way of its own."""
    day, result = day_of_scan(life, "US-1", life.draw.choice(("up-to-date", "due", "overdue"))), "US-1"
    if how == "partial":
        day = day.replace(day=1) if life.draw.random() < 0.6 else date(day.year, 1, 1)
    when = {
        "partial": f'"effectiveDateTime":"{day:%Y}",' if day.month == 1 else f'"effectiveDateTime":"{day:%Y-%m}",',
        "issued": moments.issued_only(life.draw, day),
        "period": f'"effectivePeriod":{{"start":"{day}","end":"{plus_days(day, 1)}"}},',
        "evening": f'"effectiveDateTime":"{day}T23:{life.draw.randint(10, 59)}:00{moments.offset(day)}",',
        "corrected": "",
    }[how]
    status = life.draw.choice(("amended", "corrected")) if how == "corrected" else ""
    life.add(report(life, day, result, when, status))
    earlier(life, day)
    return Course(due_after_scan(day, result))


def records_of_one_day(extra: str, life: Life, _: Risk) -> Course:
    """A coded report, and on the same day the bill or a second report that nobody coded."""
    day = day_of_scan(life, "US-2", life.draw.choice(("up-to-date", "due", "overdue")))
    life.add(report(life, day, "US-2"))
    life.add(procedure(life, day) if extra == "bill" else report(life, day, ""))
    earlier(life, day)
    return Course(due_after_scan(day, "US-2"))


USUAL: dict[str, tuple[str, str]] = {
    "up-to-date": ("up-to-date", "US-1"),
    "up-to-date-after-us-2": ("up-to-date", "US-2"),
    "up-to-date-after-ct": ("up-to-date", "clear"),
    "due": ("due", "US-1"),
    "due-after-us-2": ("due", "US-2"),
    "due-after-ct": ("due", "clear"),
    "overdue": ("overdue", "US-1"),
    "overdue-after-us-2": ("overdue", "US-2"),
    "overdue-after-ct": ("overdue", "clear"),
}
