"""Chronic hepatitis B, and the platelets that go with it: what all its routes into risk share."""

from __future__ import annotations

from datetime import date

from outreach.synth import codes, labs
from outreach.synth.cirrhosis import disease
from outreach.synth.days import plus_days
from outreach.synth.life import Life
from outreach.synth.luck import pick
from outreach.synth.origins import HEPATITIS_B_SHARES
from outreach.synth.truth import Risk


def points(age: int, sex: str, count: int) -> int:
    """PAGE-B (Papatheodoridis 2016, doi:10.1016/j.jhep.2015.11.035); platelets in 10*9/L."""
    years = 0 if age < 30 else min(2 * (age // 10 - 2), 10)
    return years + (6 if sex == "male" else 0) + (0 if count >= 200 else 6 if count >= 100 else 9)


def infected(life: Life, first: date | None = None) -> None:
    """Chronic hepatitis B, in a family background where it is common."""
    life.person.origin = pick(HEPATITIS_B_SHARES, life.draw.random())
    life.person.country = ""
    life.add(disease(life, codes.HEPATITIS_B, life.dated(first or life.ago(400, 5000))))


def counted(life: Life, count: int, unit: int | None = None) -> None:
    """A platelet count within the two years that matter; older and invalid ones beside it, of any size."""
    day = life.ago(5, 600)
    life.add(labs.platelets(life.draw, count, day, unit=unit))
    if life.draw.random() < 0.4:
        life.add(labs.platelets(life.draw, life.draw.randint(40, 400), plus_days(day, -life.draw.randint(1, 900))))
    if life.draw.random() < 0.25:
        wrong = labs.not_counting(life.draw)
        life.add(labs.platelets(life.draw, life.draw.randint(40, 400), plus_days(day, life.draw.randint(0, 4)), wrong))


def group(life: Life, name: str, age: int = 18) -> Risk:
    """At risk by a group of hepatitis B, from an age on."""
    return Risk("yes", f"hepatitis-b-{name}", life.since(age))
