"""People at risk through cirrhosis, however it was coded, dated and (un)resolved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from outreach.synth import codes, labs
from outreach.synth.codes import Code
from outreach.synth.days import born_exactly
from outreach.synth.facts import Diagnosis
from outreach.synth.life import Life
from outreach.synth.moments import began
from outreach.synth.truth import Risk

Route = Callable[[Life, date | None], Risk]


def coded(life: Life, among: tuple[tuple[Code, ...], ...], both: bool = False) -> tuple[Code, ...]:
    """One disease's codings: one system's, or both where both exist."""
    pairs = [each for each in among if len(each) == 2] if both else list(among)
    chosen = life.draw.choice(pairs)
    return chosen if both or life.draw.random() < 0.25 else (life.draw.choice(chosen),)


def disease(life: Life, among: tuple[tuple[Code, ...], ...], when: str, both: bool = False) -> Diagnosis:
    """An unremarkable Condition: active, confirmed; sometimes nobody verified it."""
    verification = life.draw.choices(("confirmed", "", "provisional"), (0.85, 0.10, 0.05))[0]
    return Diagnosis(coded(life, among, both), when, "active", verification)


def at_risk(life: Life) -> Risk:
    """Cirrhosis from 18 on."""
    life.cirrhosis = True
    return Risk("yes", "cirrhosis", life.since(18))


def _adult(life: Life, first: date | None) -> date:
    life.aged(life.draw.randint(30, 82))
    return first or life.ago(400, 4000)


def plain(life: Life, first: date | None) -> Risk:
    life.add(disease(life, codes.CIRRHOSIS, life.dated(_adult(life, first))))
    if life.draw.random() < 0.2:  # coded again, later, without a date
        life.add(disease(life, codes.CIRRHOSIS, life.undated()))
    return at_risk(life)


def two_codings(life: Life, first: date | None) -> Risk:
    life.add(disease(life, codes.CIRRHOSIS, life.dated(_adult(life, first)), both=True))
    return at_risk(life)


def resolved(life: Life, first: date | None) -> Risk:
    when, clinical = life.dated(_adult(life, first)), life.draw.choice(("resolved", "inactive", "remission"))
    life.add(Diagnosis(coded(life, codes.CIRRHOSIS), when, clinical))
    return at_risk(life)


def unverified(life: Life, first: date | None) -> Risk:
    when = life.dated(_adult(life, first))
    verification = life.draw.choice(("", "unconfirmed", "provisional", "differential"))
    life.add(Diagnosis(coded(life, codes.CIRRHOSIS), when, "active", verification))
    return at_risk(life)


def undated(life: Life, _: date | None) -> Risk:
    life.aged(life.draw.randint(30, 82))
    life.add(disease(life, codes.CIRRHOSIS, life.undated()))
    return at_risk(life)


def partly_dated(life: Life, _: date | None) -> Risk:
    life.aged(life.draw.randint(30, 82))
    life.add(disease(life, codes.CIRRHOSIS, life.dated_about(life.ago(200, 4000))))
    return at_risk(life)


def dated_twice(life: Life, first: date | None) -> Risk:
    early = _adult(life, first)
    life.add(disease(life, codes.CIRRHOSIS, began(life.draw, life.as_of)))
    life.add(disease(life, codes.CIRRHOSIS, life.dated(early)))
    return at_risk(life)


def eighteen_today(life: Life, _: date | None) -> Risk:
    life.born(born_exactly(18, life.as_of))
    life.add(disease(life, codes.CIRRHOSIS, life.dated(life.ago(300, 2000))))
    return at_risk(life)


def born_some_year(life: Life, _: date | None) -> Risk:
    """Nobody wrote the day of birth, and it does not matter, except for the day they turned 18."""
    birth = date(life.as_of.year - life.draw.randint(35, 80), 12, 31)
    life.born(birth, f"{birth:%Y}")
    life.add(disease(life, codes.CIRRHOSIS, life.undated()))
    return at_risk(life)


def with_hepatitis_b(life: Life, first: date | None) -> Risk:
    life.add(disease(life, codes.CIRRHOSIS, life.dated(_adult(life, first))))
    life.add(disease(life, codes.HEPATITIS_B, began(life.draw, life.ago(10, 6000))))
    life.add(labs.platelets(life.draw, life.draw.randint(60, 280), life.ago(10, 500)))
    return at_risk(life)


#: Routes that can begin on a day asked for: any birthday came long before.
DATED: dict[str, Route] = {
    "cirrhosis": plain,
    "cirrhosis-two-codings": two_codings,
    "cirrhosis-resolved": resolved,
    "cirrhosis-unverified": unverified,
    "cirrhosis-and-hepatitis-b": with_hepatitis_b,
    "cirrhosis-dated-twice": dated_twice,
}
UNDATED: dict[str, Route] = {
    "cirrhosis-undated": undated,
    "cirrhosis-partly-dated": partly_dated,
    "cirrhosis-18-today": eighteen_today,
    "cirrhosis-born-some-year": born_some_year,
}
