"""People of whom nobody can tell whether they are at risk because nobody knows when they were born."""

from __future__ import annotations

from collections.abc import Callable

from outreach.synth import codes
from outreach.synth.cirrhosis import disease
from outreach.synth.days import plus_days, plus_months
from outreach.synth.infection import counted, infected
from outreach.synth.life import Life
from outreach.synth.moments import began
from outreach.synth.origins import AFRICA, ENDEMIC_ELSEWHERE
from outreach.synth.truth import Risk

Doubt = Callable[[Life], Risk]


def unknown(*missing: str) -> Risk:
    """Cannot tell, for want of these."""
    return Risk("unknown", missing=missing)


def no_birth_date(life: Life) -> Risk:
    """Cirrhosis, and perhaps a child."""
    life.aged(life.draw.randint(25, 75))
    life.born(life.person.birth, "")
    life.add(disease(life, codes.CIRRHOSIS, began(life.draw, life.ago(100, 3000))))
    return unknown("birth-date")


def no_birth_date_hepatitis_b(life: Life) -> Risk:
    """A man with middling platelets scores 12 at least, if he is an adult."""
    infected(life)
    life.aged(life.draw.randint(25, 75))
    life.born(life.person.birth, "")
    life.person.sex, life.person.country = "male", "US"
    counted(life, life.draw.randint(100, 199))
    return unknown("birth-date")


def nothing_known(life: Life) -> Risk:
    infected(life)
    life.aged(life.draw.randint(25, 75))
    life.born(life.person.birth, "")
    life.person.sex = ""
    return unknown("birth-date", "birthplace", "platelets", "sex")


def _straddle(life: Life, age: int) -> None:
    """A birth date whose unknown part spans the birthday that makes somebody ``age``.

    On a month's last day no month spans it, on 31 December no year does: then the date is left out.
    """
    edge = plus_months(life.as_of, -12 * age)
    after = plus_days(edge, 1)
    texts = [f"{edge:%Y-%m}"] if edge.month == after.month else []
    texts += [f"{edge:%Y}"] if edge.year == after.year else []
    life.born(after, life.draw.choice(texts) if texts else "")


def straddles_18(life: Life) -> Risk:
    life.add(disease(life, codes.CIRRHOSIS, began(life.draw, life.ago(100, 900))))
    _straddle(life, 18)
    return unknown("birth-date")


def straddles_50(life: Life) -> Risk:
    """A woman from an endemic country outside Africa, full platelets: 49 or 50."""
    infected(life)
    life.from_one_of(ENDEMIC_ELSEWHERE)
    life.person.sex = "female"
    counted(life, life.draw.randint(200, 330))
    _straddle(life, 50)
    return unknown("birth-date")


def straddles_40(life: Life) -> Risk:
    """A man with full platelets: 8 points at 39, 10 at 40."""
    infected(life)
    life.person.sex, life.person.country = "male", "US"
    counted(life, life.draw.randint(200, 330))
    _straddle(life, 40)
    return unknown("birth-date")


def straddles_20(life: Life) -> Risk:
    """Born in Africa, 19 or 20; full platelets."""
    infected(life)
    life.from_one_of(AFRICA)
    life.person.sex = "female"
    counted(life, life.draw.randint(200, 330))
    _straddle(life, 20)
    return unknown("birth-date")


def straddles_50_no_birthplace(life: Life) -> Risk:
    straddles_50(life)
    life.person.country = ""
    return unknown("birth-date", "birthplace")


BORN_AROUND: dict[str, Doubt] = {
    "birth-date-missing": no_birth_date,
    "birth-date-missing-hepatitis-b": no_birth_date_hepatitis_b,
    "everything-missing": nothing_known,
    "born-around-18": straddles_18,
    "born-around-20": straddles_20,
    "born-around-40": straddles_40,
    "born-around-50": straddles_50,
    "born-around-50-no-birthplace": straddles_50_no_birthplace,
}
