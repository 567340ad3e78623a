"""Regions of the invented health system: clinics, staff, and when the pop-up imaging clinics are open.

A region serves eight blocks of people and each block has five of its sessions, so a person's places and
days never depend on how many people there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from outreach.synth.days import days_between, plus_days
from outreach.synth.luck import stream

BLOCKS_PER_REGION = 8
CLINICS = 3  #: places with a pop-up clinic; one more place in each region has none
STAFF = 6
NOTICE_DAYS, WEEKS = 2, 3
SLOT_MINUTES, SLOTS = 30, 8  #: a session is four hours
SESSIONS = 5  #: of a region's 45, those that one block's people come in beside

_TOWNS = ("Riverton", "Lakemont", "Ashbourne", "Millbrook", "Fairhaven", "Oakhurst", "Stonebridge", "Westfield")
_KINDS = ("Community Health Center", "Family Clinic", "Specialty Pavilion", "Wellness Annex")


@dataclass(frozen=True, slots=True)
class Session:
    """Four hours of a pop-up ultrasound clinic; ``start`` in minutes after local midnight."""

    place: str
    day: date
    start: int


@dataclass(frozen=True, slots=True)
class Home:
    """Where a block of people lives: a region, and the sessions near their visits."""

    number: int  #: of the region
    block: int
    sessions: tuple[Session, ...]  #: in the order in which they are filled

    @property
    def organization(self) -> str:
        return f"org-{self.number}"

    @property
    def name(self) -> str:
        return f"{self.city} Health Network"

    @property
    def city(self) -> str:
        return _TOWNS[self.number % len(_TOWNS)]

    @property
    def places(self) -> tuple[str, ...]:
        """Location ids: the clinics first, then the place without one."""
        return tuple(f"loc-{self.number}-{one}" for one in range(CLINICS + 1))

    def place_name(self, one: int) -> str:
        return f"{self.city} {_KINDS[one]}"

    def zip_code(self, at: float) -> str:
        return f"19{(self.number * 7 + int(at * 12)) % 800 + 100}"

    def practitioner(self, at: float) -> str:
        return f"prac-{self.number}-{int(at * STAFF)}"


@lru_cache(64)
def _sessions(seed: int, number: int, as_of: date) -> tuple[Session, ...]:
    """One session per clinic and weekday of the next three weeks, mornings or afternoons, in a shuffled order."""
    draw = stream(seed, "sessions", number)
    first = plus_days(as_of, NOTICE_DAYS)
    days = [day for day in days_between(first, plus_days(first, 7 * WEEKS - 1)) if day.weekday() < 5]
    sessions = [
        Session(f"loc-{number}-{clinic}", day, draw.choice((8 * 60, 8 * 60 + 30, 12 * 60 + 30, 13 * 60)))
        for day in days
        for clinic in range(CLINICS)
    ]
    draw.shuffle(sessions)
    return tuple(sessions)


def home(seed: int, block: int, as_of: date) -> Home:
    """Where a block's people live."""
    region, place = divmod(block, BLOCKS_PER_REGION)
    sessions = _sessions(seed, region, as_of)
    return Home(region, block, sessions[place * SESSIONS : (place + 1) * SESSIONS])


def regions(seed: int, blocks: int, as_of: date) -> Iterator[list[Home]]:
    """The homes of so many blocks, a list for each region."""
    for first in range(0, blocks, BLOCKS_PER_REGION):
        yield [home(seed, block, as_of) for block in range(first, min(first + BLOCKS_PER_REGION, blocks))]
