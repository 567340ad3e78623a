"""People with chronic hepatitis B whom the PAGE-B score puts at risk."""

from __future__ import annotations

from datetime import date

from outreach.synth import labs
from outreach.synth.cirrhosis import Route
from outreach.synth.days import born_exactly, plus_months
from outreach.synth.infection import counted, group, infected, points
from outreach.synth.life import Life
from outreach.synth.origins import AFRICA, ENDEMIC_ELSEWHERE
from outreach.synth.truth import Risk


def score(life: Life, first: date | None) -> Risk:
    infected(life, first)
    while True:
        age, sex = life.draw.randint(25, 78), life.draw.choice(("male", "male", "female"))
        count = life.draw.choice((99, 100, 199, 200, life.draw.randint(50, 330)))
        if points(age, sex, count) >= 10:
            break
    life.aged(age)
    life.person.sex = sex
    counted(life, count)
    return group(life, "score")


def score_of_ten(life: Life, first: date | None) -> Risk:
    """Exactly at the cut-off."""
    infected(life, first)
    age, life.person.sex, count = life.draw.choice(
        ((44, "male", 200), (40, "male", 263), (45, "female", 199), (48, "female", 100), (71, "female", 230))
    )
    life.aged(age)
    counted(life, count)
    return group(life, "score")


def score_without_platelets(life: Life, first: date | None) -> Risk:
    """A man of 40 or anyone of 70 (say) reaches 10 whatever the platelets are."""
    infected(life, first)
    age, life.person.sex = life.draw.choice(((45, "male"), (45, "male"), (63, "male"), (72, "female")))
    life.aged(age)
    if life.draw.random() < 0.5:
        life.add(labs.platelets_without_number(life.draw, life.ago(10, 500)))
    return group(life, "score")


def score_without_sex(life: Life, first: date | None) -> Risk:
    infected(life, first)
    age, count = life.draw.choice(((74, 240), (52, 180), (61, 150), (42, 90)))
    life.aged(age)
    life.person.sex = life.draw.choice(("other", "unknown", ""))
    counted(life, count)
    return group(life, "score")


def score_two_years_ago(life: Life, first: date | None) -> Risk:
    """The platelets that decide were counted on the first day that still counts."""
    infected(life, first)
    life.aged(45)
    life.person.sex = "female"
    life.add(labs.platelets(life.draw, 150, plus_months(life.as_of, -24)))
    return group(life, "score")


def score_per_microlitre(life: Life, first: date | None) -> Risk:
    infected(life, first)
    life.aged(47)
    life.person.sex = "female"
    counted(life, life.draw.randint(101, 198), unit=2)
    return group(life, "score")


def forty_today(life: Life, first: date | None) -> Risk:
    infected(life, first)
    life.born(born_exactly(40, life.as_of))
    life.person.sex = "male"
    counted(life, 240)
    return group(life, "score")


def man(life: Life, first: date | None) -> Risk:
    """From an endemic country and over 40. The score has always decided first: 4 + 6 points."""
    risk = score_of_ten(life, first) if life.draw.random() < 0.3 else score_without_platelets(life, first)
    life.person.sex = "male"
    life.from_one_of(AFRICA + ENDEMIC_ELSEWHERE)
    return risk


#: Routes that can begin on a day asked for.
DATED: dict[str, Route] = {
    "hepatitis-b-score": score,
    "hepatitis-b-score-of-10": score_of_ten,
    "hepatitis-b-score-no-platelets": score_without_platelets,
    "hepatitis-b-score-no-sex": score_without_sex,
    "hepatitis-b-score-2-years-ago": score_two_years_ago,
    "hepatitis-b-score-per-microlitre": score_per_microlitre,
    "hepatitis-b-man": man,
}
UNDATED: dict[str, Route] = {"hepatitis-b-man-40-today": forty_today}
