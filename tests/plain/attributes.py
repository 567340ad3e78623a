"""Words that ask who somebody is, and whether they live and wish to hear from us."""

from __future__ import annotations

from datetime import date
from functools import cache

import pycountry

from plain.answer import Found
from plain.days import Interval, birthday, interval
from plain.fhir import Json, Resource, codings, every, extensions, first_coding, text, texts
from plain.people import Person
from plain.rule import Mapping, Node, Rule, listed
from plain.truth import Truth, all_of, certain

CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
_BIRTHPLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
#: v3-NullFlavor: why nothing is told. OTH tells something: none of the listed.
_NOT_TOLD = ("ASKU", "UNK", "NASK", "NI", "NA", "MSK", "NAV")
_NAMES = ("alpha_2", "alpha_3", "name", "official_name", "common_name")


def attribute(rule: Rule, person: Person, word: str, said: Node) -> Found:
    """The answer to ``sex``, ``sex-at-birth``, ``age``, ``born-in``, ``race``, ``ethnicity`` or ``language``."""
    patient = person.patient
    match word:
        case "sex":
            return Found(_sex(patient, str(said)), missing=("sex",))
        case "sex-at-birth":
            return Found(_sex_at_birth(patient, said), missing=("sex-at-birth",))
        case "age":
            assert isinstance(said, dict)
            return age(rule, person, said)
        case "born-in":
            return Found(_born_in(patient, rule, str(said)), missing=("birthplace",))
        case "race" | "ethnicity":
            return Found(_told(patient, word, rule, str(said)), missing=(word,))
    return Found(_language(patient, said), missing=("language",))


def _sex(patient: Resource, wanted: str) -> Truth:
    sex = text(patient, "gender")
    return certain(sex == wanted) if sex in ("female", "male") else "U"


def _sex_at_birth(patient: Resource, said: Node) -> Truth:
    long = said if isinstance(said, dict) else {"is": said}
    told = next((text(part, "valueCode") for part in extensions(patient, CORE + "us-core-birthsex")), "")
    if told in ("F", "M"):
        return certain({"F": "female", "M": "male"}[told] == long["is"])
    return _sex(patient, str(long["is"])) if long.get("or_sex") == "true" else "U"


def born(person: Person) -> Interval | None:
    return interval(text(person.patient, "birthDate"))


def age(rule: Rule, person: Person, said: Mapping, on: date | None = None) -> Found:
    """The age on a day, by default the day asked or the first day of ``at_start_of``."""
    day = on or (rule.stretch(said["at_start_of"])[0] if "at_start_of" in said else rule.today)
    birth, low = born(person), rule.whole(said["from"]) if "from" in said else None
    if birth is None:
        return Found("U", missing=("birth-date",))
    tests = [_reached(birth, low, day)] if low is not None else []
    if "to" in said:
        older = _reached(birth, rule.whole(said["to"]) + 1, day)
        tests.append({"T": certain(False), "F": certain(True)}.get(older, older))
    return Found(all_of(tests), None if low is None else birthday(birth.hi, low), missing=("birth-date",))


def _reached(birth: Interval, years: int, day: date) -> Truth:
    """Whether they are so old on a day, whichever of the possible days they were born on."""
    if birthday(birth.hi, years) <= day:
        return "T"
    return "F" if birthday(birth.lo, years) > day else "U"


@cache
def _country(words: str) -> str:
    """The ISO 3166-1 code of a country by any of its codes or names; "" for anything else."""
    named = [c for c in pycountry.countries if words in {str(getattr(c, name, "")).upper() for name in _NAMES}]
    return str(named[0].alpha_2) if named and words else ""


def _born_in(patient: Resource, rule: Rule, name: str) -> Truth:
    told = next((text(part, "valueAddress", "country") for part in extensions(patient, _BIRTHPLACE)), "")
    country, countries = _country(told.strip().upper()), rule.value_set(name)
    if not country or country in {_country(code.upper()) for _, code in countries.partly}:
        return "U"
    return certain(country in {_country(code.upper()) for _, code in countries.codes})


def _told(patient: Resource, word: str, rule: Rule, name: str) -> Truth:
    """Race and ethnicity as told: categories and detailed codes, in US Core's extensions."""
    whole = extensions(patient, f"{CORE}us-core-{word}")
    parts = [p for outer in whole for url in ("ombCategory", "detailed") for p in extensions(outer, url)]
    told = {text(part, "valueCoding", "code") for part in parts}
    if told & {code for _, code in rule.value_set(name).codes}:
        return "T"
    return "F" if told - set(_NOT_TOLD) else "U"


def _language(patient: Resource, said: Node) -> Truth:
    spoken = every(patient, "communication")
    preferred: list[Json] = [one for one in spoken if True in every(one, "preferred")] or spoken
    if len(spoken) > 1 and preferred is spoken:
        return "U"
    codes = [code for _, code in codings(preferred[0], "language") if code] if preferred else []
    return certain(codes[0].split("-")[0].lower() in listed(said)) if codes else "U"


def deceased(person: Person) -> bool:
    """A record of theirs says so, or says something about it that cannot be read."""
    said = [patient for patient in person.patients if every(patient, "deceasedDateTime")]
    return bool(said) or any(value is not False for p in person.patients for value in every(p, "deceasedBoolean"))


def opted_out(person: Person) -> bool:
    """An active Consent that denies, unless it is about research or an advance directive."""
    return any(_denies(consent) for consent in person.of_type("Consent"))


def _denies(consent: Resource) -> bool:
    scope = (first_coding(consent, "scope") or ("", ""))[1]
    if text(consent, "status") != "active" or scope in ("research", "adr"):
        return False
    policies = {code for _, code in codings(consent, "policyRule")}
    types = texts(consent, "provision", "type")
    return types[0] == "deny" if types else "OPTOUT" in policies
