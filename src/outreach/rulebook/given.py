"""``given`` — a person in a few words: who it is and what is on record."""

from __future__ import annotations

from outreach.rulebook.case import Given
from outreach.rulebook.forms import OneOf
from outreach.rulebook.given_records import KINDS, RecordsForm
from outreach.rulebook.keys import Entries, Key
from outreach.rulebook.named import SetName
from outreach.rulebook.values import Flag, PartialDay, Prose

BORN = Key("born", PartialDay(), "The birth date.")
SEX = Key("sex", OneOf(("female", "male", "other", "unknown")), "Administrative sex.")
SEX_AT_BIRTH = Key("sex_at_birth", OneOf(("female", "male", "unknown")), "Sex recorded at birth.")
BIRTHPLACE = Key("birthplace", Prose(), "The country of birth, by code or name.")
RACE = Key("race", SetName(), "The value set that the recorded race is drawn from.")
ETHNICITY = Key("ethnicity", SetName(), "The value set that the recorded ethnicity is drawn from.")
LANGUAGE = Key("language", Prose(), "The preferred language, as a BCP 47 tag.")
DIED = Key("died", PartialDay(), "The day of death.")
OPTED_OUT = Key("opted_out", Flag(), "The person has said no to being contacted.")
_PERSON: tuple[Key[object], ...] = (
    *(BORN, SEX, SEX_AT_BIRTH, BIRTHPLACE, RACE, ETHNICITY, LANGUAGE, DIED),
    OPTED_OUT,
)
_RECORDS = tuple(Key(kind.section, RecordsForm(kind), f"The {kind.section} on record, by value set.") for kind in KINDS)


_BY_NAME = {key.name: key for key in _RECORDS}


def given(at: Entries) -> Given:
    """The person; the records in the order in which the author wrote them."""
    written = [_BY_NAME[str(name.value)] for name, _ in at.at.pairs if name.value in _BY_NAME]
    return Given(
        born=at.get(BORN) or "",
        sex=at.get(SEX) or "",
        sex_at_birth=at.get(SEX_AT_BIRTH) or "",
        birthplace=at.get(BIRTHPLACE) or "",
        race=at.get(RACE) or "",
        ethnicity=at.get(ETHNICITY) or "",
        language=at.get(LANGUAGE) or "",
        died=at.get(DIED) or "",
        opted_out=at.get(OPTED_OUT) or False,
        facts=tuple(fact for key in written for fact in at.get(key) or ()),
    )


GIVEN_KEYS: tuple[Key[object], ...] = (*_PERSON, *_RECORDS)
