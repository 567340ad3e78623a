"""People with chronic hepatitis B whom family, age and birthplace put at risk, the score being too low or unknown."""

from __future__ import annotations

from datetime import date

from outreach.synth import codes
from outreach.synth.cirrhosis import Route
from outreach.synth.days import born_exactly
from outreach.synth.facts import Relative
from outreach.synth.infection import counted, group, infected, points
from outreach.synth.life import Life
from outreach.synth.origins import AFRICA, ENDEMIC_ELSEWHERE, NOT_ENDEMIC
from outreach.synth.truth import Risk


def relative_with_liver_cancer(life: Life) -> Relative:
    """A parent, sibling or child who had it, as told at some visit."""
    coded = (life.draw.choice(codes.LIVER_CANCER),) if life.draw.random() < 0.7 else codes.LIVER_CANCER
    status = life.draw.choice(("completed", "completed", "partial"))
    return Relative(life.draw.choice(codes.FIRST_DEGREE), coded, life.ago(10, 900).isoformat(), status)


def family(life: Life, first: date | None) -> Risk:
    infected(life, first)
    young = ((26, "male"), (33, "male"), (24, "female"), (37, "female"), (46, "female"))
    age, life.person.sex = life.draw.choice(young)
    life.aged(age)
    counted(life, life.draw.randint(200, 330))
    life.add(relative_with_liver_cancer(life))
    return group(life, "family")


def family_without_platelets(life: Life, first: date | None) -> Risk:
    """The score cannot be told; the family decides."""
    infected(life, first)
    life.aged(life.draw.randint(42, 58))
    life.person.sex = "female"
    life.add(relative_with_liver_cancer(life))
    return group(life, "family")


def woman(life: Life, first: date | None) -> Risk:
    infected(life, first)
    life.aged(life.draw.randint(55, 69))
    life.person.sex = "female"
    life.from_one_of(ENDEMIC_ELSEWHERE + AFRICA)
    if life.draw.random() < 0.8:
        counted(life, life.draw.choice((200, life.draw.randint(200, 330))))
    return group(life, "woman", 50)


def woman_of_fifty_today(life: Life, first: date | None) -> Risk:
    infected(life, first)
    life.born(born_exactly(50, life.as_of))
    life.person.sex = "female"
    life.from_one_of(ENDEMIC_ELSEWHERE)
    counted(life, 251)
    return group(life, "woman", 50)


def africa(life: Life, first: date | None) -> Risk:
    infected(life, first)
    young = ((27, "male"), (36, "male"), (28, "female"), (41, "female"), (48, "female"))
    age, life.person.sex = life.draw.choice(young)
    life.aged(age)
    life.from_one_of(AFRICA)
    counted(life, life.draw.randint(200, 330))
    return group(life, "africa", 20)


def africa_twenty_today(life: Life, first: date | None) -> Risk:
    infected(life, first)
    life.born(born_exactly(20, life.as_of))
    life.person.sex = life.draw.choice(("male", "female"))
    life.from_one_of(AFRICA)
    counted(life, 260)
    return group(life, "africa", 20)


def low(life: Life) -> None:
    """Hepatitis B and a score under 10, all of it known: nothing else yet."""
    infected(life)
    while True:
        age, life.person.sex = life.draw.randint(20, 67), life.draw.choice(("male", "female"))
        count = life.draw.choice((99, 200, 201, life.draw.randint(150, 330)))
        if points(age, life.person.sex, count) < 10:
            break
    life.aged(age)
    life.from_one_of(NOT_ENDEMIC)
    counted(life, count)


#: Routes that can begin on a day asked for: their birthday came long before.
DATED: dict[str, Route] = {
    "hepatitis-b-family": family,
    "hepatitis-b-family-no-platelets": family_without_platelets,
    "hepatitis-b-woman": woman,
    "hepatitis-b-africa": africa,
}
UNDATED: dict[str, Route] = {
    "hepatitis-b-woman-50-today": woman_of_fifty_today,
    "hepatitis-b-africa-20-today": africa_twenty_today,
}
