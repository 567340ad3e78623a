"""Who plays which part: every archetype at least once among the first 200 people, the rest by chance.

A part is a route into risk (or doubt, or a look-alike) and a course of scanning after it, which together
decide the truth before any record exists.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import cycle
from typing import Literal

from outreach.synth import cirrhosis, hepatitis, page_b
from outreach.synth.courses import ANYONE, BOOKED, CIRRHOSIS_ONLY, NEVER_SINCE, PAUSED_AND_BOOKED, booked
from outreach.synth.decoys import DECOYS
from outreach.synth.doubt import DOUBTS
from outreach.synth.endings import ENDINGS
from outreach.synth.life import Life
from outreach.synth.luck import pick, stream
from outreach.synth.people import BLOCK
from outreach.synth.places import Home
from outreach.synth.truth import Course, Risk

SHOWCASE = 200  #: the first people among whom every archetype stands
Kind = Literal["plain", "risk", "doubt", "decoy"]

DATED = cirrhosis.DATED | page_b.DATED | hepatitis.DATED
ROUTES = DATED | cirrhosis.UNDATED | page_b.UNDATED | hepatitis.UNDATED
OTHER_COURSES = (*NEVER_SINCE, *BOOKED, PAUSED_AND_BOOKED)

#: Shares of people by kind; lower beside the showcase, so that a thousand people look like a million.
_KINDS: tuple[tuple[Kind, float], ...] = (("risk", 0.30), ("doubt", 0.045), ("decoy", 0.05), ("plain", 0.605))
_KINDS_BESIDE: tuple[tuple[Kind, float], ...] = (("risk", 0.30), ("doubt", 0.03), ("decoy", 0.03), ("plain", 0.64))
_COMMON = {"cirrhosis": 8.0, "cirrhosis-resolved": 2.0, "hepatitis-b-score": 5.0, "hepatitis-b-woman": 3.0,
           "hepatitis-b-family": 2.0, "hepatitis-b-africa": 2.0, "hepatitis-b-man": 2.0}  # fmt: skip
_MERGED: tuple[tuple[int, float], ...] = ((2, 0.008), (1, 0.025), (0, 1.0))


@dataclass(frozen=True, slots=True)
class Part:
    """One person's archetype; ``losers`` further records of the same person were merged into theirs."""

    kind: Kind
    route: str = ""
    course: str = ""
    losers: int = 0

    @property
    def seats(self) -> int:
        return 1 + self.losers

    def names(self) -> list[str]:
        """What the report counts."""
        names = [f"{self.kind}:{self.route}"] if self.route else [self.kind]
        names += [f"course:{self.course}"] if self.course else []
        return names + ([f"merged:{self.losers}"] if self.losers else [])


def _showcase() -> list[Part]:
    """Every route, course, doubt, look-alike and merge once."""
    everybody, cirrhotic, dated = cycle(ROUTES), cycle(cirrhosis.DATED), cycle(DATED)
    parts = [Part("risk", next(everybody), course) for course in (*ANYONE, *BOOKED, PAUSED_AND_BOOKED)]
    parts += [Part("risk", next(cirrhotic), course) for course in CIRRHOSIS_ONLY]
    parts += [Part("risk", next(dated), course) for course in NEVER_SINCE]
    parts += [Part("doubt", name) for name in DOUBTS]
    parts += [Part("decoy", name) for name in DECOYS]
    parts += [Part("risk", "cirrhosis", "overdue", 1), Part("risk", "hepatitis-b-score", "up-to-date", 2)]
    parts += [Part("risk", "hepatitis-b-family", "opted-out", 1), Part("plain", losers=1)]
    return parts


def _weighted(table: dict[str, float]) -> list[tuple[str, float]]:
    total = sum(table.values())
    return [(name, weight / total) for name, weight in table.items()]


_TABLE = ANYONE | CIRRHOSIS_ONLY
_ROUTE_WEIGHTS = _weighted({name: _COMMON.get(name, 0.5) for name in ROUTES})
_COURSES = {name: weight for name, (_, weight) in ANYONE.items()}
_ANY_COURSE = _weighted(_COURSES | dict.fromkeys((*BOOKED, PAUSED_AND_BOOKED), 0.004))
_CIRRHOSIS_COURSE = _weighted(dict(_ANY_COURSE) | {name: weight for name, (_, weight) in CIRRHOSIS_ONLY.items()})
_DATED_COURSE = _weighted(dict(_ANY_COURSE) | dict.fromkeys(NEVER_SINCE, 0.006))


def _at_risk(draw: random.Random, losers: int) -> Part:
    route = pick(_ROUTE_WEIGHTS, draw.random())
    courses = _CIRRHOSIS_COURSE if route.startswith("cirrhosis") else _DATED_COURSE if route in DATED else _ANY_COURSE
    return Part("risk", route, pick(courses, draw.random()), losers)


def _part(draw: random.Random, kinds: tuple[tuple[Kind, float], ...]) -> Part:
    kind, losers = pick(kinds, draw.random()), pick(_MERGED, draw.random())
    if kind == "risk":
        return _at_risk(draw, losers)
    if kind == "doubt":
        ended = draw.choice(list(ENDINGS)) if draw.random() < 0.12 else ""
        return Part("doubt", draw.choice(list(DOUBTS)), ended, losers)
    if kind == "decoy":
        course = draw.choice(list(ANYONE)) if draw.random() < 0.2 else ""
        return Part("decoy", draw.choice(list(DECOYS)), course, losers)
    return Part("plain", losers=losers if draw.random() < 0.3 else 0)


def cast_block(seed: int, block: int, size: int) -> list[Part]:
    """Parts that fill ``size`` seats of a block exactly; the first seats do not depend on ``size``."""
    draw = stream(seed, "cast", block)
    parts = _showcase() if block == 0 else []
    while sum(part.seats for part in parts) < SHOWCASE and block == 0:
        parts.append(Part("plain"))
    draw.shuffle(parts)
    taken = sum(part.seats for part in parts)
    while taken < BLOCK:
        parts.append(_part(draw, _KINDS if block else _KINDS_BESIDE))
        taken += parts[-1].seats
    return _cut(parts, size)


def _cut(parts: list[Part], size: int) -> list[Part]:
    """The parts up to ``size`` seats; one that does not fit is played by people nothing is said of."""
    kept: list[Part] = []
    left = size
    for part in parts:
        if part.seats > left:
            return kept + [Part("plain")] * left
        kept.append(part)
        left -= part.seats
    return kept


def play(part: Part, life: Life, home: Home) -> tuple[Risk, Course]:
    """Live the part: the person's facts are planned, and what is true of them is returned."""
    if part.kind == "doubt":
        risk = DOUBTS[part.route](life)
    elif part.kind == "decoy":
        DECOYS[part.route](life)
        risk = Risk("no")
    else:
        first = NEVER_SINCE[part.course](life.as_of, life.draw) if part.course in NEVER_SINCE else None
        risk = ROUTES[part.route](life, first)
    return risk, _course(part.course, life, risk, home)


def _course(name: str, life: Life, risk: Risk, home: Home) -> Course:
    if not name:
        return Course(None)
    if name in BOOKED or name == PAUSED_AND_BOOKED:
        return booked(name, life, risk, home)
    return _TABLE["never" if name in NEVER_SINCE else name][0](life, risk)
