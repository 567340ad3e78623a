"""Every kind of broken line and field that is known to come, and what must be told of each.

A kind is lines of one resource type and one of three answers: ``aside`` (the line is in quarantine.parquet with its
reason and its person), ``lost`` (the resource is there, and the column that could not be read is counted) or ``taken``
(it is accepted, as the values say, and ``why`` says what makes that harmless).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from unit.test_flatten_support import LOINC, SNOMED, Sent, concept, line

MINE = "MINE"  #: the id of the broken resource; each kind puts one of its own
TABLE = {"Observation": "observation", "Patient": "person", "Condition": "condition", "Consent": "consent",
         "Appointment": "appointment", "Procedure": "procedure"}  # fmt: skip
CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True)
class Kind:
    """One kind of broken input."""

    type: str
    lines: Sequence[Sent]
    aside: Sequence[tuple[str | None, str]] = ()  #: person and reason, line by line
    lost: Sequence[str] = ()  #: columns
    rows: int = 1  #: rows that come of it
    values: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    elsewhere: bool = False  #: the last line stands in a second file
    superseded: int = 0


ME = {"reference": "Patient/me"}


def obs(**fields: Any) -> dict[str, Any]:
    usual = {"status": "final", "subject": ME, "code": concept("777-3"), "effectiveDateTime": "2025-10-01"}
    return {"resourceType": "Observation", "id": MINE, **usual, **fields}


def person(**fields: Any) -> dict[str, Any]:
    usual = {"active": True, "gender": "female", "birthDate": "1960-02-03"}
    return {"resourceType": "Patient", "id": MINE, **usual, **fields}


def condition(**fields: Any) -> dict[str, Any]:
    code = {"coding": [{"system": SNOMED, "code": "19943007"}]}
    return {"resourceType": "Condition", "id": MINE, "subject": ME, "code": code, **fields}


def quantity(value: object, **more: Any) -> dict[str, Any]:
    return obs(valueQuantity={"value": value, "unit": "%", **more})


TEXT = line(obs())


def instead(old: bytes, new: bytes) -> bytes:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def aside(sent: Sent, reason: str, who: str | None = "me", type_: str = "Observation") -> Kind:
    return Kind(type_, [sent], aside=[(who, reason)], rows=0)


def lost(sent: Sent, *columns: str, **values: Any) -> Kind:
    return Kind(_type(sent), [sent], lost=columns, values=values)


def taken(why: str, sent: Sent, **values: Any) -> Kind:
    return Kind(_type(sent), [sent], values=values, why=why)


def _type(sent: Sent) -> str:
    return sent["resourceType"] if isinstance(sent, dict) else "Observation"


def dated(text: object) -> dict[str, Any]:
    return obs(effectiveDateTime=text)


def period(**ends: Any) -> dict[str, Any]:
    return obs(effectiveDateTime=None, effectivePeriod=ends)


def born(text: object) -> dict[str, Any]:
    return person(birthDate=text)


def about(**reference: Any) -> dict[str, Any]:
    return obs(subject=reference)


def again(version: str, **fields: Any) -> dict[str, Any]:
    return obs(meta={"versionId": version}, **fields)


OCTOBER = date(2025, 10, 1)
WHOLE_LINES = {
    "bad JSON": aside(instead(b'"final"', b"final"), "not-json"),
    "a line cut in the middle": aside(TEXT[:-60], "not-json"),
    "a line cut before its person": aside(TEXT[:40], "not-json", None),
    "two whole resources on a line": Kind("Observation", [TEXT + TEXT.replace(b"MINE", b"MINE-2")], rows=2,
                                          why="each is whole"),
    "a resource and half of another": aside(TEXT + TEXT[:-50], "not-json"),
    "a comma behind": aside(TEXT + b",", "not-json"),
    "a resource over two lines": Kind("Observation", [TEXT[:80], TEXT[80:]], rows=0,
                                      aside=[(None, "not-json"), (None, "not-json")]),
    "an array at the top": aside(b"[" + TEXT + b"]", "not-a-resource"),
    "a string at the top": aside(b'"Observation"', "not-a-resource", None),
    "null": aside(b"null", "not-a-resource", None),
    "an empty object": aside(b"{}", "not-a-resource", None),
    "a web page": aside(b"<html>502 Bad Gateway</html>", "not-json", None),
    "an OperationOutcome among the rows": aside({"resourceType": "OperationOutcome", "issue": []}, "wrong-type", None),
    "a Bundle among the rows": aside({"resourceType": "Bundle", "id": "b", "entry": [{"resource": obs()}]},
                                     "wrong-type"),
    "another resource type": aside(obs(resourceType="Condition"), "wrong-type"),
    "no resource type": aside(instead(b'"resourceType": "Observation", ', b""), "not-a-resource"),
    "a byte order mark": taken("it says nothing", b"\xef\xbb\xbf" + TEXT, person="me"),
    "carriage return and line feed": taken("it is space", TEXT + b"\r", person="me"),
    "blank lines": Kind("Observation", [b"", b" \t", TEXT, b"\r"], why="they say nothing", values={"person": "me"}),
    "UTF-16": aside(TEXT.decode().encode("utf-16"), "not-json", None),
    "bytes that are not UTF-8, in a code": aside(instead(b"777-3", b"777\xff3"), "broken-character:code"),
    "bytes that are not UTF-8, in words": taken(
        "words are for people, and show it", line(obs(code=concept("777-3", text="WORD"))).replace(b"WORD", b"f\xfcr"),
        code="777-3", display="f\ufffdr"),
    "half a surrogate pair in a code": aside(instead(b"777-3", b"777\\ud800"), "broken-character:code"),
    "half a surrogate pair where nobody reads": taken("not read", line(obs(note="X")).replace(b'"X"', b'"\\udc00"'),
                                                      person="me"),
    "a zero byte in a status": lost(instead(b'"final"', b'"fi\\u0000nal"'), "status"),
    "a line of zero bytes": aside(b"\0" * 40, "not-json", None),
    "nested 3000 deep where nobody reads": taken(
        "not read", line(obs(note="X")).replace(b'"X"', b"[" * 3000 + b"]" * 3000), person="me"),
    "17 MB on a line": taken("the engine's room for a line is more than the 16 MiB it is sure of",
                             obs(note="x" * 17_000_000), person="me"),
    "65 MB on a line": aside(obs(note="x" * 65_000_000), "line-too-long"),
    "a long text within a line": taken("a line of 2 MB is read", obs(code=concept("777-3", text="x" * 2_000_000)),
                                       code="777-3"),
    "the same key twice": taken("the first counts, in both readers", instead(b'"id"', b'"id": "MINE", "id"'),
                                person="me"),
    "no id": aside(instead(b'"id": "MINE", ', b""), "no-id"),
    "an empty id": aside(obs(id=""), "no-id"),
    "an id of spaces": aside(obs(id="  "), "odd-id"),
    "an id with a slash": aside(obs(id="../Patient/you"), "odd-id"),
    "a list as id": aside(obs(id=["MINE"]), "no-id"),
    "an object as id": aside(obs(id={"value": "MINE"}), "no-id"),
    "a number as id": taken("its digits are its id", obs(id=918273), id="918273"),
    "an id of 200 characters": taken("an id is only compared", obs(id="MINE" + "x" * 200), person="me"),
    "one resource twice in a file": Kind("Observation", [again("1"), again("1")], superseded=1, why="equal",
                                         values={"version": "1"}),
    "two versions in a file": Kind("Observation", [again("2", status="amended"), again("1")], superseded=1,
                                   why="the later version stays", values={"version": "2", "status": "amended"}),
    "one resource in two files": Kind("Observation", [again("1"), again("1")], superseded=1, why="equal",
                                      elsewhere=True, values={"version": "1"}),
    "two versions in two files": Kind("Observation", [again("10"), again("9")], superseded=1, elsewhere=True,
                                      why="10 is later than 9", values={"version": "10"}),
    "two Patients with one id": Kind("Patient", [person(), person(birthDate="1970-01-01")], superseded=1,
                                     why="the last of two equal versions stays, and the other is counted",
                                     values={"birth_lo": date(1970, 1, 1)}),
}  # fmt: skip

SHAPES = {
    "a coding as an object": aside(obs(code={"coding": {"code": "777-3"}}), "not-a-list:coding"),
    "a coding in words": aside(obs(code={"coding": ["777-3"]}), "not-an-object:coding"),
    "a concept in words": aside(obs(code="777-3"), "not-an-object:code"),
    "a subject in words": aside(obs(subject="Patient/me"), "not-an-object:subject", None),
    "a list of subjects": aside(obs(subject=[ME]), "not-an-object:subject"),
    "a quantity in words": aside(obs(valueQuantity="5 %"), "not-an-object:valueQuantity"),
    "a verification status in words": aside(condition(verificationStatus="refuted"),
                                            "not-an-object:verificationStatus", type_="Condition"),
    "an extension that is no list": aside(person(extension={"url": "x"}), "not-a-list:extension", MINE, "Patient"),
    "a null in a list of codings": Kind("Observation", [obs(code={"coding": [None, {"system": LOINC, "code": "1"}]})],
                                        rows=2, why="the one beside it counts"),
    "a list of nothing but null": taken("an absent code is unknown", obs(code={"coding": [None]}), code=None),
    "an empty list of codings": taken("an absent code is unknown", obs(code={"coding": []}), code=None),
    "an empty object for a concept": taken("an absent code is unknown", obs(code={}), code=None),
    "a code in text alone": taken("nothing reads words; counted by group as uncoded", obs(code={"text": "Platelets"}),
                                  code=None, display="Platelets"),
    "a code that is a number": taken("its digits are its code", obs(code={"coding": [{"code": 777}]}), code="777"),
    "a code that is an object": lost(obs(code={"coding": [{"code": {"value": "777-3"}}]}), "code"),
    "a code that is a list": lost(obs(code={"coding": [{"code": ["777-3"]}]}), "code"),
    "an empty code": lost(obs(code={"coding": [{"code": ""}]}), "code"),
    "a code with spaces around": lost(obs(code={"coding": [{"code": " 777-3 "}]}), "code", code=" 777-3 "),
    "fields nobody has heard of": taken("not read", obs(mood="blue", _status={"x": 1}), status="final"),
    "contained resources with ids of their own": taken(
        "they are no resources of the file", obs(contained=[{"resourceType": "Patient", "id": "p0"}]), person="me"),
}  # fmt: skip

NUMBERS = {
    "a number in a string": taken("the same number", quantity("12.5"), value=12.5),
    "1e999 in a string": lost(quantity("1e999"), "value_raw"),
    "1e999 as a number": lost(line(quantity(7777)).replace(b"7777", b"1e999"), "value_raw", value_raw=None),
    "NaN": lost(line(quantity(7777)).replace(b"7777", b"NaN"), "value_raw", value_raw=None),
    "NaN in a string": lost(quantity("NaN"), "value_raw"),
    "n/a": lost(quantity("n/a"), "value_raw", value_raw=None),
    "a comma for a point": lost(quantity("12,5"), "value_raw", value_raw=None),
    "an underscore between digits": lost(quantity("1_000"), "value_raw", value_raw=None),
    "digits of another script": lost(quantity("١٢"), "value_raw"),
    "an empty number": lost(quantity(""), "value_raw"),
    "true for a number": lost(quantity(True), "value_raw"),
    "an object for a number": lost(quantity({"value": 5}), "value_raw"),
    "a negative count of platelets": taken("a number; rules have ranges", quantity(-5), value=-5.0),
    "an odd comparator": lost(quantity(5, comparator="about"), "comparator", value=5.0, comparator="about"),
    "a unit nobody knows": lost(quantity(5, unit="furlongs"), "value", value_raw=5.0, value=None),
    "no unit": Kind("Observation", [obs(valueQuantity={"value": 5})], lost=["value"], values={"value": None}),
    "a UCUM code against the printed unit": taken(
        "the code counts", quantity(5, unit="mg/dL", code="g/dL", system=UCUM), unit_raw="g/dL", value=50.0),
    "a code without the system of UCUM": taken("the printed unit counts", quantity(5, unit="g/L", code="mg"),
                                               unit_raw="g/L", value=5.0),
}  # fmt: skip

DATES = {
    "a year": taken("an interval", dated("2023"), date_lo=date(2023, 1, 1), date_hi=date(2023, 12, 31)),
    "a month and a day that are not": lost(dated("2023-13-45"), "date_lo", date_lo=None, date_raw="2023-13-45"),
    "the 30th of February": lost(dated("2023-02-30"), "date_lo", date_lo=None),
    "24:00": taken("the day as written", dated("2023-05-06T24:00:00Z"), date_lo=date(2023, 5, 6)),
    "no zone": taken("the day as written", dated("2023-05-06T10:00:00"), date_lo=date(2023, 5, 6)),
    "no seconds": taken("the day as written", dated("2023-05-06T10:00Z"), date_lo=date(2023, 5, 6)),
    "a leap second": taken("the day as written", dated("2016-12-31T23:59:60Z"), date_lo=date(2016, 12, 31)),
    "the year 0": lost(dated("0000-01-01"), "date_lo", date_lo=None),
    "the year 9999": taken("a day", dated("9999-12-31"), date_lo=date(9999, 12, 31)),
    "a day to come": taken("a day; rules look before their own", dated("2999-01-01"), date_lo=date(2999, 1, 1)),
    "seconds since 1970": lost(dated(1700000000), "date_lo", date_lo=None),
    "slashes": lost(dated("1/5/2024"), "date_lo", date_lo=None, date_raw="1/5/2024"),
    "an empty date": lost(dated(""), "date_lo"),
    "a date that is an object": lost(dated({"value": "2024-01-05"}), "date_lo"),
    "a period without an end": taken("it began then", period(start="2023-02-01"), date_lo=date(2023, 2, 1)),
    "a period that ends before it starts": lost(period(start="2023-02-01", end="2023-01-01"), "date_hi",
                                                date_lo=date(2023, 2, 1), date_raw="2023-02-01/2023-01-01"),
    "an empty period": taken("an absent date is unknown", period(), date_lo=None),
    "a period with one bad end": lost(period(start="soon", end="2023-01-01"), "date_lo", date_hi=date(2023, 1, 1)),
    "an appointment without a zone": lost(
        {"resourceType": "Appointment", "id": MINE, "status": "booked", "start": "2026-03-01T10:00:00"}, "start",
        start=None),
    "when it was last updated, in words": lost(obs(meta={"lastUpdated": "yesterday"}), "last_updated"),
}  # fmt: skip

PEOPLE = {
    "deceased as a string": taken("the same word", person(deceasedBoolean="true"), deceased=True),
    "deceased in capitals": lost(person(deceasedBoolean="TRUE"), "deceased", deceased=None),
    "died in a month": taken("any date of death is a death", person(deceasedDateTime="2025-03"), deceased=True),
    "died on a day that is not": lost(person(deceasedDateTime="2025-02-30"), "deceased_lo", deceased=True),
    "gender M": lost(person(gender="M"), "sex", sex="M"),
    "gender as a list": lost(person(gender=["male"]), "sex"),
    "a birth date with a time": taken("the day as written", born("1960-02-03T00:00:00Z"), birth_lo=date(1960, 2, 3)),
    "a birth date in words": lost(born("spring of 1960"), "birth_lo", birth_lo=None),
    "no birth date": taken("counted by group as missing", born(None), birth_lo=None),
    "an extension without a url": taken("it is no extension we read", person(extension=[{"valueCode": "M"}]),
                                        birth_sex=None),
    "a race without a category": taken(
        "kept as words, reported as not mapped",
        person(extension=[{"url": CORE + "us-core-race", "extension": [{"url": "text", "valueString": "Hmong"}]}]),
        race=[], race_text="Hmong"),
    "a link to oneself": taken("a loop is nobody's survivor: assess keeps the person",
                               person(link=[{"type": "replaced-by", "other": {"reference": "Patient/MINE"}}])),
    "replaced by nobody": lost(person(link=[{"type": "replaced-by", "other": {"reference": "#gone"}}]), "replaced_by"),
    "replaced by an identifier": lost(
        person(link=[{"type": "replaced-by", "other": {"identifier": {"value": "1"}}}]), "replaced_by"),
    "replaced by somebody who never came": taken(
        "assess keeps a person whose survivor is not there",
        person(link=[{"type": "replaced-by", "other": {"reference": "Patient/nobody"}}]), replaced_by="nobody"),
    "a Patient cut after its id": aside(b'{"resourceType":"Patient","id":"MINE","birthDate":"19', "not-json", MINE,
                                        "Patient"),
}  # fmt: skip

REFERENCES = {
    "absolute": taken("the same person", about(reference="https://ehr.example/fhir/Patient/me"), person="me"),
    "with a version": taken("the same person", about(reference="Patient/me/_history/3"), person="me"),
    "contained": lost(about(reference="#x"), "person", person=None),
    "a urn": lost(about(reference="urn:uuid:0b2f"), "person", person=None),
    "to a Group": lost(about(reference="Group/1"), "person", person=None),
    "by identifier only": lost(about(identifier={"system": "urn:mrn", "value": "1"}), "person", person=None),
    "by display only": lost(about(display="somebody"), "person", person=None),
    "no subject at all": lost(obs(subject=None), "person", person=None),
    "a search": lost(about(reference="Patient?identifier=1"), "person", person=None),
    "with a fragment": lost(about(reference="Patient/me#x"), "person", person=None),
    "an object for a reference": lost(about(reference={"x": "http://a/Patient/me"}), "person", person=None),
    "an id alone": lost(about(reference="me"), "person", person=None),
    "in small letters": lost(about(reference="patient/me"), "person", person=None),
}  # fmt: skip

STATUSES = {
    "a status nobody knows": lost(obs(status="bogus"), "status", status="bogus"),
    "a status in other case": lost(obs(status="Final"), "status", status="Final"),
    "a list for a status": lost(obs(status=["final"]), "status"),
    "an empty status": lost(obs(status=""), "status"),
    "no status": taken("absent is unknown, and counts for nothing", obs(status=None), status=None),
    "a verification nobody knows": lost(condition(verificationStatus=concept("maybe")), "verification"),
    "a clinical status nobody knows": lost(condition(clinicalStatus=concept("ongoing")), "clinical"),
    "a consent that neither permits nor denies": lost(
        {"resourceType": "Consent", "id": MINE, "status": "active", "patient": ME, "provision": {"type": "no"}},
        "provision"),
}  # fmt: skip

GROUPS = {"line": WHOLE_LINES, "shape": SHAPES, "number": NUMBERS, "date": DATES, "person": PEOPLE,
          "reference": REFERENCES, "status": STATUSES}  # fmt: skip
KINDS = {f"{group}: {name}": kind for group, kinds in GROUPS.items() for name, kind in kinds.items()}


def named(sent: Sent, own: str) -> bytes:
    """A line with the kind's own id in it."""
    text = line(sent) if not isinstance(sent, dict) else json.dumps(sent).encode()
    return text.replace(MINE.encode(), own.encode())
