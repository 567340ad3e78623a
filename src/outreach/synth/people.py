"""A person, and how a block of them is sampled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from outreach.synth.luck import numbers, pick
from outreach.synth.origins import SHARES, Origin

BLOCK = 1000  #: people sampled together; nobody's data depends on how many blocks there are


class Luck:
    """What each of a person's uniform numbers is for: positions in ``Person.luck``."""

    (
        AGE, SEX, ORIGIN, BIRTHPLACE, RACE, ETHNICITY, BIRTH_SEX, INTERPRETER, PORTAL, TELECOM, PHONE, ADDRESS,
        NUMBER, STREET, UNIT, ZIP, LANGUAGE, DOCTOR, GIVEN, MIDDLE, FAMILY, MARITAL, CONTACT, COMMUNICATION,
        INACTIVE, SPELLING, SEE_ALSO, BIRTH_GAP, DEATH,
    ) = range(29)  # fmt: skip
    DRAWS = 29


#: Ages of a catchment: cumulative share at each age, straight lines between.
_AGE_SHARES = ((0.0, 0), (0.12, 18), (0.40, 40), (0.70, 60), (0.93, 80), (1.0, 98))


@dataclass(slots=True)
class Person:
    """Somebody as registered. ``luck`` decides whatever is not decided here."""

    id: str
    seat: int
    birth: date
    sex: str  #: Patient.gender; "" when not recorded
    origin: Origin
    luck: list[float]  #: see Luck
    birth_text: str = ""  #: Patient.birthDate as written; "" when not recorded
    country: str = ""  #: birthplace as recorded; "" when not
    deceased: str = ""  #: members, e.g. '"deceasedBoolean":true,'
    active: str = "true"
    links: tuple[tuple[str, str], ...] = field(default=())  #: (type, other Patient id)


def patient_id(seat: int) -> str:
    """The Patient id of a seat (people are seated from 0)."""
    return f"p{seat:07d}"


def _birth_days(at: np.ndarray[tuple[int], np.dtype[np.float64]], as_of: date) -> list[int]:
    shares, ages = zip(*_AGE_SHARES, strict=True)
    years = np.interp(at, shares, ages)
    days: list[int] = (as_of.toordinal() - 1 - (years * 365.2425).astype(int)).tolist()
    return days


def _sex(at: float) -> str:
    return pick((("female", 0.505), ("male", 0.470), ("other", 0.006), ("unknown", 0.010), ("", 0.009)), at)


def sample_people(seed: int, block: int, as_of: date) -> Iterator[Person]:
    """The ``BLOCK`` people of a block, in seat order, as chance made them."""
    table = numbers(seed, block, "people").random((BLOCK, Luck.DRAWS))
    births = _birth_days(table[:, Luck.AGE], as_of)
    for row, (luck, birth) in enumerate(zip(table.tolist(), births, strict=True)):
        seat = block * BLOCK + row
        born = date.fromordinal(birth)
        origin = pick(SHARES, luck[Luck.ORIGIN])
        country = pick(origin.countries, luck[Luck.BIRTHPLACE] / 0.065) if luck[Luck.BIRTHPLACE] < 0.065 else ""
        yield Person(patient_id(seat), seat, born, _sex(luck[Luck.SEX]), origin, luck, born.isoformat(), country)
