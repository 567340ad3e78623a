"""The words that ask who somebody is: age, sex, birthplace, race, ethnicity, language."""

from __future__ import annotations

from typing import Literal

from outreach.rulebook.criterion import Age, Ethnicity, Language, Leaf, Origin, Race, Sex, SexAtBirth
from outreach.rulebook.forms import Either, Form, Made, OneOf, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named import SetName, StretchName
from outreach.rulebook.values import Flag, Pattern, Whole

SexWord = Literal["female", "male"]
_SEX: Form[SexWord] = OneOf[SexWord](("female", "male"))
_LANGUAGE = Pattern("[a-z]{2,3}", "Write the code of a language, like es or vi.", "not-a-language")

FROM = Key("from", Whole(0, 120), "The youngest age, in whole years.")
TO = Key("to", Whole(0, 120), "The oldest age, in whole years.")
AT_START_OF = Key("at_start_of", StretchName(), "The age on the first day of this period, not on the day itself.")
IS = Key("is", _SEX, "The sex recorded at birth.", required=True)
OR_SEX = Key("or_sex", Flag(), "Where it is not recorded, administrative sex stands in.")


def _age(at: Entries) -> Age | None:
    low, high = at.get(FROM), at.get(TO)
    if not at.has(FROM) and not at.has(TO):
        at.say(at.at, "age says neither from nor to", "empty-criterion", "Add from: or to:, in years.")
    if low is not None and high is not None and low > high:
        at.say(at.at, f"nobody is both {low} or older and {high} or younger", "impossible-window", "Swap them?")
        return None
    return None if low is None and high is None else Age(low, high, at.get(AT_START_OF))


AGE_FORM = Built((FROM, TO, AT_START_OF), _age, "age")
AGE_ONLY = Built((FROM, TO), _age, "an age")


def _sex_at_birth(at: Entries) -> SexAtBirth | None:
    word = at.get(IS)
    return SexAtBirth(word, at.get(OR_SEX) or False) if word else None


ATTRIBUTES: tuple[Key[Leaf], ...] = (
    Key("sex", Made(_SEX, Sex), "Administrative sex; unknown where it is not recorded as female or male."),
    Key(
        "sex-at-birth",
        Either(Made(_SEX, SexAtBirth), Built((IS, OR_SEX), _sex_at_birth, "sex-at-birth")),
        "Sex recorded at birth; unknown where it is not recorded.",
    ),
    Key("age", AGE_FORM, "Age in whole years on the day; unknown where the birth date leaves it open."),
    Key(
        "born-in",
        Made(SetName(countries=True), Origin),
        "Born in a country of this list; unknown where not recorded.",
    ),
    Key("race", Made(SetName(), Race), "A recorded race is in this value set; unknown where none is recorded."),
    Key("ethnicity", Made(SetName(), Ethnicity), "The recorded ethnicity is in this value set."),
    Key("language", Made(Several(_LANGUAGE), Language), "The preferred language is one of these."),
)
