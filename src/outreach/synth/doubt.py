"""People of whom nobody can tell whether they are at risk, and exactly what is missing.

Each says why: the groups it leaves unknown, and what those groups would need.
"""

from __future__ import annotations

from outreach.synth import labs
from outreach.synth.birth_dates import BORN_AROUND, Doubt, unknown
from outreach.synth.days import plus_days, plus_months
from outreach.synth.infection import counted, infected
from outreach.synth.life import Life
from outreach.synth.origins import NO_COUNTRY
from outreach.synth.truth import Risk


def _woman(life: Life, youngest: int, oldest: int) -> None:
    infected(life)
    life.aged(life.draw.randint(youngest, oldest))
    life.person.sex = "female"


def no_birthplace(life: Life) -> Risk:
    """Score under 10; over 50, so a woman from an endemic country or anyone from Africa would be in."""
    _woman(life, 51, 69)
    counted(life, life.draw.randint(200, 330))
    return unknown("birthplace")


def no_birthplace_young(life: Life) -> Risk:
    """Under 40: only birth in Africa would decide."""
    infected(life)
    life.aged(life.draw.randint(21, 38))
    life.person.sex = life.draw.choice(("male", "female"))
    counted(life, life.draw.randint(200, 330))
    return unknown("birthplace")


def odd_birthplace(life: Life) -> Risk:
    """Something is written, and it is no country."""
    risk = no_birthplace(life)
    life.person.country = life.draw.choice(NO_COUNTRY)
    return risk


def no_platelets(life: Life) -> Risk:
    """A woman of 30 to 49, not from Africa: 2 or 4 points, and 0 to 9 more."""
    _woman(life, 31, 49)
    life.person.country = "US"
    return unknown("platelets")


def no_platelets_young_man(life: Life) -> Risk:
    infected(life)
    life.aged(life.draw.randint(20, 38))
    life.person.sex, life.person.country = "male", life.draw.choice(("US", "CA", "CN", "VN"))
    return unknown("platelets")


def platelets_without_number(life: Life) -> Risk:
    risk = no_platelets(life)
    life.add(labs.platelets_without_number(life.draw, life.ago(10, 600)))
    return risk


def platelets_not_final(life: Life) -> Risk:
    risk = no_platelets(life)
    life.add(labs.platelets(life.draw, 90, life.ago(10, 600), labs.not_counting(life.draw)))
    return risk


def platelets_too_old(life: Life) -> Risk:
    """One day before the two years that count."""
    risk = no_platelets(life)
    life.add(labs.platelets(life.draw, 90, plus_days(plus_months(life.as_of, -24), -1)))
    return risk


def no_platelets_no_birthplace(life: Life) -> Risk:
    _woman(life, 31, 68)
    return unknown("birthplace", "platelets")


def no_sex(life: Life) -> Risk:
    """40 to 49 with full platelets: 4 points, 10 if a man. Born where it is rare."""
    infected(life)
    life.aged(life.draw.randint(41, 48))
    life.person.sex, life.person.country = life.draw.choice(("other", "unknown", "")), "US"
    counted(life, life.draw.randint(200, 330))
    return unknown("sex")


def no_sex_no_birthplace(life: Life) -> Risk:
    risk = no_sex(life)
    life.person.country = ""
    return unknown("birthplace", *risk.missing)


def no_sex_no_platelets(life: Life) -> Risk:
    infected(life)
    life.aged(life.draw.randint(31, 58))
    life.person.sex, life.person.country = life.draw.choice(("other", "unknown", "")), "US"
    return unknown("platelets", "sex")


DOUBTS: dict[str, Doubt] = {
    "birthplace-missing": no_birthplace,
    "birthplace-missing-young": no_birthplace_young,
    "birthplace-not-a-country": odd_birthplace,
    "platelets-missing": no_platelets,
    "platelets-missing-young-man": no_platelets_young_man,
    "platelets-without-number": platelets_without_number,
    "platelets-not-final": platelets_not_final,
    "platelets-too-old": platelets_too_old,
    "platelets-and-birthplace-missing": no_platelets_no_birthplace,
    "sex-missing": no_sex,
    "sex-and-birthplace-missing": no_sex_no_birthplace,
    "sex-and-platelets-missing": no_sex_no_platelets,
    **BORN_AROUND,
}
