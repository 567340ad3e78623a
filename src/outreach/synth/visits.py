"""The visits people already have, near a pop-up clinic or not, and the orders that let it scan them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import accumulate

from outreach.synth import codes, moments
from outreach.synth.codes import SNOMED, Code
from outreach.synth.days import plus_days
from outreach.synth.facts import Order, Visit
from outreach.synth.life import Life
from outreach.synth.luck import pick
from outreach.synth.places import SLOT_MINUTES, SLOTS, Home, Session

SERVICES = (
    Code(SNOMED, "394802001", "General medicine"),
    Code(SNOMED, "394584008", "Gastroenterology"),
    Code(SNOMED, "394579002", "Cardiology"),
    Code(SNOMED, "408443003", "General medical practice"),
    Code(SNOMED, "394814009", "General practice"),
)


def instant(draw: random.Random, day: date, minute: int, utc_share: float = 0.15) -> str:
    """A local time of day as an instant, with the site's offset or (sometimes) in UTC."""
    text = moments.offset(day)
    if draw.random() >= utc_share:
        return f"{day}T{minute // 60:02d}:{minute % 60:02d}:00{text}"
    hours = timedelta(hours=int(text[:3]))
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=timezone(hours))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def visit(
    draw: random.Random, day: date, start: int, minutes: int, place: str,
    status: str = "booked", service: Code | None = None,
) -> Visit:  # fmt: skip
    """An appointment of so many minutes at a place."""
    begins, ends = instant(draw, day, start), instant(draw, day, start + minutes)
    return Visit(service or draw.choice(SERVICES), begins, ends, place, status)


def likely_session(draw: random.Random, home: Home) -> Session:
    """A session, the earlier in the filling order the likelier: visits crowd where clinics will be."""
    return draw.choices(home.sessions, cum_weights=_crowding(len(home.sessions)))[0]


@lru_cache
def _crowding(sessions: int) -> list[float]:
    """Cumulative weights 1, 1/2, 1/3, …"""
    return list(accumulate(1 / (rank + 1) for rank in range(sessions)))


def _same_place(draw: random.Random, home: Home) -> Visit:
    """Beside or within a session, short: a scan before or after it is easy."""
    session = likely_session(draw, home)
    start = session.start + SLOT_MINUTES * draw.randint(-2, SLOTS + 1)
    return visit(draw, session.day, start, draw.choice((20, 30)), session.place)


def _all_session_long(draw: random.Random, home: Home) -> Visit:
    """An infusion, say: it covers every slot of the day."""
    session = likely_session(draw, home)
    return visit(draw, session.day, session.start - 30, SLOT_MINUTES * SLOTS + 60, session.place)


def _other_place(draw: random.Random, home: Home) -> Visit:
    """The right day, and another place."""
    session = likely_session(draw, home)
    place = draw.choice([each for each in home.places if each != session.place])
    return visit(draw, session.day, session.start + 30, 30, place)


def _hours_away(draw: random.Random, home: Home) -> Visit:
    """The right day and place, more than two hours from the last (or first) slot."""
    session = likely_session(draw, home)
    morning = session.start < 12 * 60
    start = session.start + SLOT_MINUTES * SLOTS + 150 if morning else session.start - 300
    return visit(draw, session.day, start, 30, session.place)


def _telehealth(draw: random.Random, home: Home) -> Visit:
    """From home, by video: nobody comes in."""
    session = likely_session(draw, home)
    return visit(draw, session.day, session.start, 30, draw.choice(("", session.place)), service=codes.TELEHEALTH)


def _not_coming(draw: random.Random, home: Home) -> Visit:
    """Cancelled, missed, or not settled yet."""
    session, status = likely_session(draw, home), draw.choice(("cancelled", "noshow", "pending"))
    return visit(draw, session.day, session.start + 30, 30, session.place, status)


def _placeless(draw: random.Random, home: Home) -> Visit:
    """Booked, and nobody wrote where."""
    session = likely_session(draw, home)
    return visit(draw, session.day, session.start + 60, 30, "")


def _past(draw: random.Random, home: Home) -> Visit:
    """Booked for a day gone by and never closed."""
    return visit(draw, plus_days(home.sessions[0].day, -draw.randint(40, 90)), 9 * 60, 30, draw.choice(home.places))


VISITS: tuple[tuple[Callable[[random.Random, Home], Visit], float], ...] = (
    (_same_place, 0.58), (_all_session_long, 0.07), (_other_place, 0.10), (_hours_away, 0.08),
    (_telehealth, 0.06), (_not_coming, 0.06), (_placeless, 0.02), (_past, 0.03),
)  # fmt: skip
IN_PERSON = (_same_place, _all_session_long, _other_place, _hours_away)


def coming_in(life: Life, home: Home) -> bool:
    """Plan the visits of somebody overdue; True when one of them is booked, in person and ahead."""
    if life.draw.random() > 0.62:
        return False
    ways = [pick(VISITS, life.draw.random()) for _ in range(life.draw.choice((1, 1, 1, 2)))]
    life.add_here(*(way(life.draw, home) for way in ways))
    return any(way in IN_PERSON for way in ways)


def ordered(life: Life) -> None:
    """The order of somebody overdue: mostly ready to use; else missing, unsigned, unsent, withdrawn or used up."""
    on = moments.stamp(life.draw, life.ago(3, 200))
    status, requester = pick(
        ((("active", True), 0.80), (("active", False), 0.05), (("draft", True), 0.03), (("revoked", True), 0.03),
         (("completed", True), 0.03), (("", False), 0.06)), life.draw.random(),
    )  # fmt: skip
    if status:
        life.add_here(Order(codes.LIVER_ULTRASOUND, on, status, requester))


def booked_for_liver(day: date, status: str, life: Life, home: Home) -> None:
    """An appointment for liver imaging itself."""
    study = life.draw.choice((codes.LIVER_ULTRASOUND, codes.LIVER_ULTRASOUND, codes.MRI))
    minute = life.draw.randrange(9 * 60, 16 * 60, 15)
    life.add_here(visit(life.draw, day, minute, 45, home.places[0], status, study))
