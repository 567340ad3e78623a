"""What a site has decided about matching people to slots, and who goes first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from outreach.domain.slot import Overdue


@dataclass(frozen=True)
class Policy:
    """A site's rules of matching, in its own units.

    Raises:
        ValueError: a length is negative, or the bands do not rise.
    """

    zone: ZoneInfo  #: "the same day" is read on this clock
    longest_wait_minutes: int  #: between the end of the one and the start of the other
    notice_hours: int  #: from now to the slot: the fast, and time to read the message before it
    horizon_days: int  #: visits later than this many days from today are another night's work
    risk_groups: tuple[str, ...]  #: greatest need first; a group not named here comes last
    buffer_minutes: int = 10  #: to walk from the one to the other
    overdue_bands_months: tuple[int, ...] = (6, 12, 24)  #: months overdue at which need rises a step

    def __post_init__(self) -> None:
        lengths = (self.longest_wait_minutes, self.notice_hours, self.horizon_days, self.buffer_minutes)
        if min(lengths) < 0:
            raise ValueError("a matching policy has a negative length of time")
        if list(self.overdue_bands_months) != sorted(set(self.overdue_bands_months)):
            raise ValueError("overdue_bands_months must rise")


class Need(NamedTuple):
    """A priority; the smaller goes first. Each element is a reason."""

    group: int  #: place of the risk group in the policy, from 0
    waited: int  #: minus the steps of ``overdue_bands_months`` passed: the longest overdue first


@dataclass(frozen=True)
class Draw:
    """One ticket of the lottery, for the audit. Equal ``need`` is one band; within it the smaller lot goes first."""

    person: str
    need: Need
    lot: str  #: SHA-256 of seed and person, hex: anyone with the seed can draw it again
    rank: int  #: place within the band, from 0


def need(person: Overdue, policy: Policy, today: date) -> Need:
    """How much a person needs a slot: by the risk group and the day overdue, nothing else."""
    groups, since = policy.risk_groups, person.overdue_on
    group = groups.index(person.risk_group) if person.risk_group in groups else len(groups)
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return Need(group, -bisect_right(policy.overdue_bands_months, months))


def queue(people: Iterable[Overdue], policy: Policy, today: date, seed: int) -> tuple[Draw, ...]:
    """Everybody in the order of need, then of lot.

    A lot depends on the seed and the person alone: not on who else is there, nor on the order they
    came in. Give each night its own seed, or the same people lose every night.
    """
    tickets = sorted((need(p, policy, today), _lot(seed, p.person), p.person) for p in people)
    draws: list[Draw] = []
    for band, lot, person in tickets:
        rank = draws[-1].rank + 1 if draws and draws[-1].need == band else 0
        draws.append(Draw(person, band, lot, rank))
    return tuple(draws)


def _lot(seed: int, person: str) -> str:
    return sha256(f"{seed}\n{person}".encode()).hexdigest()
