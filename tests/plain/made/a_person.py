"""A made-up person: who they are, and everything that is told of them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from plain.fhir import Json, Resource
from plain.made import vocabulary as v
from plain.made.a_measurement import NAMES, antigens, courses, measurements, panels, stated_days, workups
from plain.made.a_record import KINDS, records
from plain.made.edges import FORMS, births, dates, shown
from plain.made.parts import concept, concepts

_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_BIRTHPLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
_PLACES = ("VN", "Viet Nam", "vietnam", "GHA", " gh ", "Ireland", "FR", "France", "Atlantis", "")
_TESTS = (("report", ("image-a", "image-b")), ("procedure", ("scope-a", "image-a")), ("finding", ("stool-a",)))
_SOMETIMES = st.sampled_from((True, False, False))
_ABOUT = {"FamilyMemberHistory": "patient", "Consent": "patient", "Coverage": "beneficiary"}
_REFERENCES = ("Patient/{}",) * 6 + ("https://ehr.example.org/fhir/Patient/{}", "Patient/{}/_history/2")


@st.composite
def people(draw: st.DrawFn, today: date) -> list[Resource]:
    """A Patient with id ``me`` and their records, about ``me``, each with an id of its own."""
    facts = [draw(one) for one in _facts(draw, today)]
    facts += draw(workups(today)) if draw(_SOMETIMES) else []
    facts += draw(courses(today)) if draw(_SOMETIMES) else []
    ids = draw(st.permutations(range(len(facts))))
    return [draw(_patients(today)), *(_told(draw, fact, id_) for fact, id_ in zip(facts, ids, strict=True))]


def _told(draw: st.DrawFn, fact: Resource, id_: int) -> Resource:
    reference: Json = {"reference": draw(st.sampled_from(_REFERENCES)).format("me")}
    about = _ABOUT.get(str(fact["resourceType"]), "subject")
    told: Resource = {} if "participant" in fact else {about: reference}
    return {"resourceType": fact["resourceType"], "id": f"me-{id_:02}", **told, **fact}


def _facts(draw: st.DrawFn, today: date) -> list[st.SearchStrategy[Resource]]:
    """What kinds of records the person has."""
    any_kind = st.sampled_from((*KINDS, "diagnosis", "finding")).map(lambda kind: records(kind, today))
    tests = st.sampled_from(_TESTS).map(lambda test: records(test[0], today, test[1]))
    found = draw(st.lists(any_kind, max_size=14)) + draw(st.lists(tests, max_size=4))
    found += [
        measurements(today, name) for name in draw(st.lists(st.sampled_from((*v.LABS, *v.LABS, *NAMES)), max_size=8))
    ]
    found += [panels(today)] * draw(st.integers(0, 2))
    found += [stated_days(today)] * draw(st.integers(0, 2)) + [appointments(today)] * draw(st.integers(0, 1))
    found += [antigens(today)] * draw(st.integers(0, 1))
    ill = draw(st.lists(st.sampled_from(("cirrhosis", "chronic-hepatitis-b", *v.SCORE_DIAGNOSES)), max_size=4))
    found += [records("diagnosis", today, (name,)) for name in ill]
    found += [records("procedure", today, ("dialysis",))] * draw(st.sampled_from((0, 0, 0, 1, 2)))
    return found + [consents()] * draw(st.sampled_from((0,) * 7 + (1,)))


@st.composite
def _patients(draw: st.DrawFn, today: date) -> Resource:
    made: Resource = {"resourceType": "Patient", "id": "me"}
    if draw(st.sampled_from((True,) * 14 + (False,))):
        made["birthDate"] = shown(
            draw(st.sampled_from(births(today))), draw(FORMS.filter(lambda form: form != "moment"))
        )
    if gender := draw(st.sampled_from(("female", "male", "female", "male", "other", "unknown", ""))):
        made["gender"] = gender
    if told := draw(_extensions()):
        made["extension"] = told
    if spoken := draw(_spoken()):
        made["communication"] = spoken
    return made | draw(_lives(today))


@st.composite
def _extensions(draw: st.DrawFn) -> list[Json]:
    found: list[Json] = []
    if sex := draw(st.sampled_from(("F", "M", "UNK", "", ""))):
        found.append({"url": _CORE + "birthsex", "valueCode": sex})
    if place := draw(st.sampled_from(_PLACES)):
        found.append({"url": _BIRTHPLACE, "valueAddress": {"country": place}})
    for word, names in (("race", v.RACES), ("ethnicity", v.ETHNICITIES)):
        codes = [coding for name in names for coding in v.codes(name)] + [(v.RACE, "another")]
        none = [(_NULL_FLAVOR, code) for code in ("UNK", "ASKU", "OTH")]
        told = draw(st.lists(st.sampled_from([*codes, *none]), max_size=2, unique=True))
        where = [draw(st.sampled_from(("ombCategory", "detailed"))) for _ in told]
        where = where if word == "race" else [*where[:1], *["detailed"] * len(where[1:])]  # US Core: one category
        parts: list[Json] = [
            {"url": url, "valueCoding": {"system": s, "code": c}} for url, (s, c) in zip(where, told, strict=True)
        ]
        if parts:
            found.append({"url": _CORE + word, "extension": [*parts, {"url": "text", "valueString": "as told"}]})
    return found


@st.composite
def _spoken(draw: st.DrawFn) -> list[Json]:
    codes = draw(st.lists(st.sampled_from(("es", "en-US", "vi", "es-MX")), max_size=2, unique=True))
    preferred = draw(st.sampled_from((None, 0, 1)))
    made: list[Json] = []
    for place, code in enumerate(codes):
        mark: dict[str, Json] = {"preferred": place == preferred} if preferred is not None else {}
        made.append({"language": concept(("urn:ietf:bcp:47", code)), **mark})
    return made


@st.composite
def _lives(draw: st.DrawFn, today: date) -> Resource:
    said: tuple[Resource, ...] = ({"deceasedBoolean": False}, {"deceasedBoolean": True}, {"deceasedDateTime": ""})
    chosen = draw(st.sampled_from(({},) * 12 + said))
    return {"deceasedDateTime": draw(dates(today))} if "deceasedDateTime" in chosen else chosen


@st.composite
def consents(draw: st.DrawFn) -> Resource:
    """A refusal, or something that only looks like one."""
    scope = draw(st.sampled_from(("patient-privacy", "patient-privacy", "research", "adr", "")))
    made: Resource = {"resourceType": "Consent", "status": draw(st.sampled_from(("active", "active", "inactive")))}
    made |= {"scope": concept(("http://terminology.hl7.org/CodeSystem/consentscope", scope))} if scope else {}
    optout = concept(("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTOUT"))
    said: tuple[Resource, ...] = (
        {"provision": {"type": "deny"}},
        {"provision": {"type": "permit"}},
        {"policyRule": optout},
    )
    return made | draw(st.sampled_from(said))


@st.composite
def appointments(draw: st.DrawFn, today: date) -> Resource:
    """Booked or not, on the day, before or after; with a zone or without."""
    day = today + timedelta(days=draw(st.sampled_from((-1, 0, 0, 1, 30))))
    hour = draw(st.sampled_from(("T00:00:00Z", "T09:00:00Z", "T23:30:00-05:00", "T01:00:00+05:00", "T09:00:00")))
    status = draw(st.sampled_from(("booked", "booked", "cancelled", "fulfilled", "proposed")))
    actors: list[Json] = [{"actor": {"reference": "Location/1"}}, {"actor": {"reference": "Patient/me"}}]
    services = draw(st.lists(concepts(v.SERVICES), min_size=1, max_size=2))
    made: Resource = {"resourceType": "Appointment", "status": status, "start": f"{day}{hour}"}
    return made | {"participant": actors, "serviceType": services}
