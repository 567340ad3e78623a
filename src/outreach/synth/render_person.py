"""A Patient resource from a person."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from outreach.synth import demographics as asked
from outreach.synth.days import age_on
from outreach.synth.luck import pick
from outreach.synth.origins import spelled
from outreach.synth.people import Luck, Person
from outreach.synth.places import Home
from outreach.synth.template import concept, narrative, template

PORTAL = "urn:outreach:portal-account"
_HL7 = "http://terminology.hl7.org/CodeSystem/"

PATIENT = template(
    {
        "resourceType": "Patient",
        "id": "<<id>>",
        "text": narrative("Synthetic patient <<id>>: registered at <<site>>. Not a real person."),
        "{{extension}}": 0,
        "identifier": [
            {
                "use": "usual",
                "type": concept(_HL7 + "v2-0203", "MR", "Medical record number"),
                "system": "urn:outreach:synthetic-mrn",
                "value": "<<id>>",
                "assigner": {"reference": "Organization/<<organization>>"},
            },
            "{{portal}}",
        ],
        "active": "{{active}}",
        "name": [
            {"use": "official", "family": "<<family>>", "given": ["<<given>>", "<<middle>>"]},
            {"use": "usual", "given": ["<<given>>"], "family": "<<family>>"},
        ],
        "{{telecom}}": 0,
        "{{gender}}": 0,
        "{{birth}}": 0,
        "{{deceased}}": 0,
        "{{address}}": 0,
        "maritalStatus": concept(_HL7 + "v3-MaritalStatus", "<<marital>>"),
        "contact": [
            {
                "relationship": [concept(_HL7 + "v2-0131", "C", "Emergency Contact")],
                "name": {"family": "<<family>>", "given": ["<<middle>>"]},
                "telecom": [{"system": "phone", "value": "<<contact>>", "use": "home"}],
            }
        ],
        "{{communication}}": 0,
        "{{link}}": 0,
        "generalPractitioner": [{"reference": "Practitioner/<<practitioner>>"}],
        "managingOrganization": {"reference": "Organization/<<organization>>"},
    }
).replace(",%(portal)s", "%(portal)s")  # fmt: skip

_STREETS = ("Elm", "Juniper", "Mill", "Orchard", "Quarry", "Tannery")
_birthplace = lru_cache(256)(asked.birthplace)
_communication = lru_cache(256)(asked.communication)


def _ethnicity(person: Person, at: float) -> str:
    share = person.origin.hispanic
    return pick(
        (("hispanic", share * 0.88), ("not-hispanic", (1 - share) * 0.88), ("declined", 0.04), ("unknown", 0.03),
         ("text", 0.01), ("", 0.04)), at,
    )  # fmt: skip


def _birth_sex(person: Person, at: float) -> str:
    own = {"female": "F", "male": "M"}.get(person.sex, "F" if at < 0.4 else "M")
    return pick(((own, 0.80), ("UNK", 0.03), ("", 0.17)), at)


def _extensions(person: Person, language: str) -> str:
    luck = person.luck
    foreign = language not in ("en", "")
    parts = [
        asked.RACE.get(pick(person.origin.races, luck[Luck.RACE]), ""),
        asked.ETHNICITY.get(_ethnicity(person, luck[Luck.ETHNICITY]), ""),
        asked.BIRTH_SEX.get(_birth_sex(person, luck[Luck.BIRTH_SEX]), ""),
        _birthplace(spelled(person.country, luck[Luck.SPELLING])) if person.country else "",
        asked.INTERPRETER[foreign and luck[Luck.INTERPRETER] < 0.62]
        if luck[Luck.INTERPRETER] < (0.85 if foreign else 0.30)
        else "",
    ]
    told = ",".join(part for part in parts if part)
    return f'"extension":[{told}],' if told else ""


def _languages(language: str, at: float) -> str:
    if not language:
        return ""
    if language == "en":
        only = _communication("en-US" if at < 0.15 else "en", True if at < 0.8 else None)
        return f'"communication":[{only}],'
    if at < 0.25:
        return f'"communication":[{_communication("en", False)},{_communication(language, True)}],'
    if at < 0.29:  # two languages and nobody asked which
        return f'"communication":[{_communication("en", None)},{_communication(language, None)}],'
    return f'"communication":[{_communication(language, True if at < 0.8 else None)}],'


def _portal(person: Person, language: str, age: int) -> str:
    share = 0.80 if language == "en" else 0.46
    share -= 0.22 if age >= 75 else 0.0
    if person.luck[Luck.PORTAL] >= share or any(kind == "replaced-by" for kind, _ in person.links):
        return ""
    return f',{{"system":"{PORTAL}","value":"acct-{person.id}"}}'


def _telecom(person: Person) -> str:
    luck = person.luck
    if luck[Luck.TELECOM] > 0.96:
        return ""
    phone = f"215-555-01{int(luck[Luck.PHONE] * 100):02d}"
    mail = f',{{"system":"email","value":"{person.id}@example.org","use":"home"}}' if luck[Luck.TELECOM] < 0.6 else ""
    use = "mobile" if luck[Luck.TELECOM] < 0.7 else "home"
    return f'"telecom":[{{"system":"phone","value":"{phone}","use":"{use}","rank":1}}{mail}],'


def _address(person: Person, home: Home) -> str:
    luck = person.luck
    if luck[Luck.ADDRESS] > 0.97:
        return ""
    number, street = int(luck[Luck.NUMBER] * 9000) + 100, _STREETS[int(luck[Luck.STREET] * len(_STREETS))]
    unit = f',"Unit {int(luck[Luck.UNIT] * 40) + 1}"' if luck[Luck.UNIT] < 0.3 else ""
    return (
        f'"address":[{{"use":"home","type":"both","line":["{number} {street} Street"{unit}],"city":"{home.city}",'
        f'"state":"PA","postalCode":"{home.zip_code(luck[Luck.ZIP])}","country":"US"}}],'
    )


def _links(person: Person) -> str:
    if not person.links:
        return ""
    each = ",".join(f'{{"other":{{"reference":"Patient/{other}"}},"type":"{kind}"}}' for kind, other in person.links)
    return f'"link":[{each}],'


def patient_json(person: Person, home: Home, as_of: date) -> str:
    """The Patient resource, one line without its newline."""
    luck, origin = person.luck, person.origin
    language = pick(origin.languages, luck[Luck.LANGUAGE])
    names = origin.men if person.sex == "male" else origin.women
    return PATIENT % {
        "id": person.id,
        "site": home.name,
        "organization": home.organization,
        "practitioner": home.practitioner(luck[Luck.DOCTOR]),
        "extension": _extensions(person, language),
        "portal": _portal(person, language, age_on(person.birth, as_of)),
        "active": person.active,
        "given": names[int(luck[Luck.GIVEN] * len(names))],
        "middle": names[int(luck[Luck.MIDDLE] * len(names))],
        "family": origin.families[int(luck[Luck.FAMILY] * len(origin.families))],
        "telecom": _telecom(person),
        "gender": f'"gender":"{person.sex}",' if person.sex else "",
        "birth": f'"birthDate":"{person.birth_text}",' if person.birth_text else "",
        "deceased": person.deceased,
        "address": _address(person, home),
        "marital": "MSDWU"[int(luck[Luck.MARITAL] * 5)],
        "contact": f"215-555-01{int(luck[Luck.CONTACT] * 100):02d}",
        "communication": _languages(language, luck[Luck.COMMUNICATION]),
        "link": _links(person),
    }
