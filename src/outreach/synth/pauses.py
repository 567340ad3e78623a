"""People who must not be invited now (in work-up, a result unread, already booked), and those who only look so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from outreach.synth import codes, labs, moments
from outreach.synth.days import plus_days, plus_months
from outreach.synth.facts import Order, Report
from outreach.synth.life import Life
from outreach.synth.scans import any_scan, earlier, procedure, report
from outreach.synth.truth import Course, Risk, due_after_scan


def positive(result: str, life: Life, _: Risk) -> Course:
    """The latest scan is US-3, or a CT or MRI that is not clear."""
    day = life.ago(0, 200)
    life.add(report(life, day, result))
    earlier(life, day)
    return Course(None, pause="work-up")


def positive_then_clear(life: Life, _: Risk) -> Course:
    """US-3, and a later CT or MRI said it was nothing."""
    day = life.ago(1, 260)
    life.add(report(life, day, "clear"), report(life, plus_days(day, -life.draw.randint(1, 50)), "US-3"))
    earlier(life, plus_days(day, -51))
    return Course(due_after_scan(day, "clear"))


def _work_up(course: Course) -> Course:
    return replace(course, pause="work-up")


def afp_of(value: float, unit: str, life: Life, risk: Risk) -> Course:
    """The latest AFP is at or over 20 ng/mL."""
    life.afp_planned = True
    course, day = any_scan(life, risk), life.ago(0, 150)
    life.add(labs.afp(life.draw, value, day, shown=unit))
    if life.draw.random() < 0.5:
        life.add(labs.afp(life.draw, 4.1, plus_days(day, -life.draw.randint(100, 300))))
    return _work_up(course)


def afp_unreadable(life: Life, risk: Risk) -> Course:
    """The latest AFP stands under a code for mass and in international units: it may be anything."""
    life.afp_planned = True
    course = any_scan(life, risk)
    life.add(labs.afp(life.draw, 5.0, life.ago(120, 300)))
    life.add(labs.afp_arbitrary(life.draw, 9.0, life.ago(3, 100), codes.AFP[0]))
    return replace(course, pause="cannot-tell")


def afp_after_clear_ct(life: Life, _: Risk) -> Course:
    """A high AFP the day after a clear CT or MRI, which therefore closes nothing."""
    life.afp_planned = True
    day = life.ago(2, 230)
    life.add(report(life, day, "clear"), labs.afp(life.draw, 27.5, plus_days(day, 1)))
    return _work_up(Course(due_after_scan(day, "clear")))


def afp_rising(life: Life, risk: Risk) -> Course:
    """Three in twelve months, each higher, all below 20; the first on the first day that counts."""
    life.afp_planned = True
    course = any_scan(life, risk)
    first = plus_months(life.as_of, -12) if life.draw.random() < 0.5 else life.ago(280, 350)
    for value, day in ((4.2, first), (7.9, life.ago(140, 240)), (13.5, life.ago(2, 100))):
        life.add(labs.afp(life.draw, value, day))
    if life.draw.random() < 0.5:  # higher long ago: only the last three matter
        life.add(labs.afp(life.draw, 9.0, plus_days(first, -life.draw.randint(20, 400))))
    return _work_up(course)


def unclear_ct(life: Life, _: Risk) -> Course:
    """A high AFP, a CT that was not clear, and a later negative ultrasound: nothing has been closed."""
    life.afp_planned = True
    day = life.ago(10, 120)
    life.add(report(life, day, "US-1"), report(life, plus_days(day, -life.draw.randint(5, 20)), "not-clear"))
    life.add(labs.afp(life.draw, 31.0, plus_days(day, -life.draw.randint(21, 60))))
    return _work_up(Course(due_after_scan(day, "US-1")))


def open_order(life: Life, risk: Risk) -> Course:
    """A liver CT or MRI has been ordered and not done."""
    course = any_scan(life, risk)
    life.add_here(Order(life.draw.choice((codes.CT, codes.MRI)), moments.stamp(life.draw, life.ago(1, 90))))
    return _work_up(course)


def closed_order(life: Life, risk: Risk) -> Course:
    """The order was done, withdrawn or never sent."""
    course = any_scan(life, risk)
    status = life.draw.choice(("completed", "revoked", "draft", "entered-in-error"))
    life.add_here(Order(life.draw.choice((codes.CT, codes.MRI)), moments.stamp(life.draw, life.ago(5, 200)), status))
    return course


def afp_closed(days: int, life: Life, _: Risk) -> Course:
    """A high AFP, and a clear CT or MRI so many days later (0: the same day), then sometimes an ultrasound."""
    life.afp_planned = True
    day = life.ago(40, 230)
    life.add(labs.afp(life.draw, 44.0, plus_days(day, -days)), report(life, day, "clear"))
    if life.draw.random() < 0.4:
        later = plus_days(day, life.draw.randint(5, 39))
        life.add(report(life, later, "US-1"))
        return Course(due_after_scan(later, "US-1"))
    return Course(due_after_scan(day, "clear"))


def _high_then_low(life: Life) -> None:
    life.add(labs.afp(life.draw, 55.0, life.ago(150, 350)), labs.afp(life.draw, 8.0, life.ago(5, 120)))


def _just_under(life: Life) -> None:
    life.add(labs.afp(life.draw, 19.9, life.ago(3, 300)))


def _arbitrary(life: Life) -> None:
    life.add(labs.afp(life.draw, 5.0, life.ago(120, 300)), labs.afp_arbitrary(life.draw, 90.0, life.ago(3, 100)))


def _not_final(life: Life) -> None:
    wrong = labs.not_counting(life.draw)
    life.add(labs.afp(life.draw, 5.0, life.ago(120, 300)), labs.afp(life.draw, 300.0, life.ago(3, 100), wrong))


def _dated_later(life: Life) -> None:
    life.add(labs.afp(life.draw, 300.0, plus_days(life.as_of, life.draw.randint(1, 20))))


def _level(life: Life) -> None:
    for value, day in ((5.0, life.ago(250, 350)), (5.0, life.ago(140, 240)), (6.0, life.ago(2, 100))):
        life.add(labs.afp(life.draw, value, day))


def _risen_and_fallen(life: Life) -> None:
    for value, low, high in ((4.0, 300, 350), (6.0, 200, 280), (9.0, 120, 180), (7.0, 2, 100)):
        life.add(labs.afp(life.draw, value, life.ago(low, high)))


def _rising_slowly(life: Life) -> None:
    """Three rising values, the first a day too old."""
    first = plus_days(plus_months(life.as_of, -12), -1)
    for value, day in ((4.0, first), (6.0, life.ago(150, 240)), (9.0, life.ago(2, 100))):
        life.add(labs.afp(life.draw, value, day))


#: AFP values that are no reason to pause.
HARMLESS: dict[str, Callable[[Life], None]] = {
    "high-then-low": _high_then_low,
    "just-under-20": _just_under,
    "arbitrary-units": _arbitrary,
    "not-final": _not_final,
    "dated-later": _dated_later,
    "level": _level,
    "risen-and-fallen": _risen_and_fallen,
    "rising-too-slowly": _rising_slowly,
}


def harmless_afp(name: str, life: Life, risk: Risk) -> Course:
    """A usual course, with AFP values that only look alarming."""
    life.afp_planned = True
    course = any_scan(life, risk)
    HARMLESS[name](life)
    return course


def unread(how: str, life: Life, _: Risk) -> Course:
    """The latest scan has no coded result: words only, silence, only the bill, or only a preliminary report."""
    day = life.ago(0, 300)
    if how in ("words", "silent"):
        told = report(life, day, "")
        words = told.conclusion or "Limited by bowel gas." if how == "words" else ""
        life.add(Report(told.code, told.when, None, words, told.status))
    else:
        life.add(procedure(life, day))
    if how == "preliminary":
        life.add(report(life, day, "US-1", status="preliminary"))
    earlier(life, day)
    return Course(None, pause="unread")
