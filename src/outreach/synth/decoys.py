"""People who look as if they were at risk, and are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from outreach.synth import codes, labs
from outreach.synth.cirrhosis import coded, disease
from outreach.synth.days import born_exactly, plus_days
from outreach.synth.facts import Diagnosis, Relative
from outreach.synth.hepatitis import low, relative_with_liver_cancer
from outreach.synth.infection import counted, infected
from outreach.synth.life import Life
from outreach.synth.moments import began
from outreach.synth.origins import AFRICA, ENDEMIC_ELSEWHERE

Decoy = Callable[[Life], None]


def look_alike(name: str, life: Life) -> None:
    """Another disease with a similar name or code."""
    life.aged(life.draw.randint(20, 80))
    clinical = "resolved" if name == "acute-hepatitis-b" else "active"
    life.add(Diagnosis(codes.LOOK_ALIKES[name], began(life.draw, life.ago(100, 3000)), clinical))


def disproved(disease_codes: tuple[tuple[codes.Code, ...], ...], verification: str, life: Life) -> None:
    """The disease itself, taken back. (A Condition entered in error has no clinical status: con-5.)"""
    life.aged(life.draw.randint(41, 80))
    clinical = "" if verification == "entered-in-error" else "inactive"
    when = began(life.draw, life.ago(100, 3000))
    life.add(Diagnosis(coded(life, disease_codes), when, clinical, verification))


def not_yet(life: Life) -> None:
    """Cirrhosis dated after today: a slip of the keyboard, or of a clock."""
    life.aged(life.draw.randint(30, 80))
    when = began(life.draw, plus_days(life.as_of, life.draw.randint(1, 60)))
    life.add(Diagnosis(coded(life, codes.CIRRHOSIS), when))


def almost_18(life: Life) -> None:
    life.born(plus_days(born_exactly(18, life.as_of), 1))
    life.add(disease(life, codes.CIRRHOSIS, began(life.draw, life.ago(100, 900))))


def almost_20(life: Life) -> None:
    _almost(life, 20, AFRICA, "male")


def almost_40(life: Life) -> None:
    """Man, full platelets: 8 points today, 10 tomorrow."""
    _almost(life, 40, ENDEMIC_ELSEWHERE, "male")


def almost_50(life: Life) -> None:
    _almost(life, 50, ENDEMIC_ELSEWHERE, "female")


def _almost(life: Life, age: int, countries: tuple[str, ...], sex: str) -> None:
    infected(life)
    life.born(plus_days(born_exactly(age, life.as_of), 1))
    life.from_one_of(countries)
    life.person.sex = sex
    counted(life, life.draw.randint(200, 330))


def child(life: Life) -> None:
    """A child with hepatitis B, from Africa, with a mother who had liver cancer."""
    life.aged(life.draw.randint(4, 16))
    life.from_one_of(AFRICA)
    life.add(disease(life, codes.HEPATITIS_B, began(life.draw, life.ago(30, 1200))))
    life.add(relative_with_liver_cancer(life))


def score_of_nine(life: Life) -> None:
    """A young woman with low platelets: the highest score below the cut-off."""
    infected(life)
    life.aged(life.draw.randint(20, 29))
    life.person.sex, life.person.country = "female", "US"
    counted(life, life.draw.randint(60, 99))


def young_woman_without_platelets(life: Life) -> None:
    """9 at most, whatever they are."""
    infected(life)
    life.aged(life.draw.randint(19, 28))
    life.person.sex, life.person.country = "female", "US"


def low_with_other_cancer(life: Life) -> None:
    """A mother, and another cancer."""
    low(life)
    cancer = life.draw.choice((codes.BREAST_CANCER, codes.COLON_CANCER))
    life.add(Relative(codes.FIRST_DEGREE[0], (cancer,), life.ago(10, 900).isoformat()))


def low_with_farther_kin(life: Life) -> None:
    """Liver cancer, and an uncle."""
    low(life)
    kin = life.draw.choice(codes.FARTHER_KIN)
    life.add(Relative(kin, codes.LIVER_CANCER, life.ago(10, 900).isoformat()))


def low_with_kin_in_error(life: Life) -> None:
    low(life)
    kin = life.draw.choice(codes.FIRST_DEGREE)
    status = life.draw.choice(("entered-in-error", "health-unknown"))
    life.add(Relative(kin, codes.LIVER_CANCER, life.ago(10, 900).isoformat(), status))


def kin_only(life: Life) -> None:
    """Liver cancer in the family and no hepatitis B."""
    life.aged(life.draw.randint(25, 75))
    life.add(relative_with_liver_cancer(life))


def low_with_newer_noise(life: Life) -> None:
    """A full platelet count, and newer low ones that do not count: not final, or dated after today."""
    infected(life)
    life.aged(life.draw.randint(41, 49))
    life.person.sex, life.person.country = "female", "US"
    life.add(labs.platelets(life.draw, 260, life.ago(60, 500)))
    life.add(labs.platelets(life.draw, 70, life.ago(1, 50), labs.not_counting(life.draw)))
    life.add(labs.platelets(life.draw, 70, plus_days(life.as_of, life.draw.randint(1, 20))))


def endemic_birth_only(life: Life) -> None:
    """From where hepatitis B is common, and without it."""
    life.aged(life.draw.randint(50, 80))
    life.from_one_of(ENDEMIC_ELSEWHERE)


DECOYS: dict[str, Decoy] = {
    **{name: partial(look_alike, name) for name in codes.LOOK_ALIKES},
    "cirrhosis-refuted": partial(disproved, codes.CIRRHOSIS, "refuted"),
    "cirrhosis-entered-in-error": partial(disproved, codes.CIRRHOSIS, "entered-in-error"),
    "hepatitis-b-refuted": partial(disproved, codes.HEPATITIS_B, "refuted"),
    "hepatitis-b-entered-in-error": partial(disproved, codes.HEPATITIS_B, "entered-in-error"),
    "cirrhosis-dated-later": not_yet,
    "almost-18": almost_18,
    "almost-20": almost_20,
    "almost-40": almost_40,
    "almost-50": almost_50,
    "child-with-hepatitis-b": child,
    "hepatitis-b-low": low,
    "hepatitis-b-score-of-9": score_of_nine,
    "hepatitis-b-young-woman-no-platelets": young_woman_without_platelets,
    "hepatitis-b-low-other-cancer": low_with_other_cancer,
    "hepatitis-b-low-farther-kin": low_with_farther_kin,
    "hepatitis-b-low-kin-in-error": low_with_kin_in_error,
    "liver-cancer-in-family-only": kin_only,
    "hepatitis-b-low-newer-noise": low_with_newer_noise,
    "endemic-birth-only": endemic_birth_only,
}
