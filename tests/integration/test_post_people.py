"""What is read of a Patient for a letter or a call, in the forms that servers say it."""

from __future__ import annotations

import pytest

from outreach.fhir.dialect import Resource
from outreach.post.people import has_portal, instant_of, interpreter_of, language_of, name_of, phone_of

NEEDED = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-interpreter-needed"


def spoken(code: str | None, **also: object) -> Resource:
    return {"language": {"coding": [{"code": code}]} if code else {}} | also


@pytest.mark.parametrize(
    ("communication", "language"),
    [
        (None, None),
        ([], None),
        ([spoken("es")], "es"),
        ([spoken("es"), spoken("en")], None),
        ([spoken("es"), spoken("en", preferred=True)], "en"),
        ([spoken("es", preferred=False), spoken("en", preferred=True)], "en"),
        ([spoken("es", preferred=True), spoken("en", preferred=True)], None),
        ([spoken(None, preferred=True)], None),
        ([{}], None),
    ],
)
def test_the_language_is_the_preferred_one_or_the_only_one(communication: object, language: str | None) -> None:
    assert language_of({"communication": communication}) == language


def phone(value: str, use: str = "home", system: str = "phone", **also: object) -> Resource:
    return {"system": system, "value": value, "use": use} | also


@pytest.mark.parametrize(
    ("telecom", "number"),
    [
        (None, ""),
        ([phone("a@b", system="email")], ""),
        ([phone("1", "work"), phone("2", "home"), phone("3", "mobile")], "3"),
        ([phone("1", "old"), phone("2", "work")], "2"),
        ([phone("1", rank=2), phone("2", "work", rank=1)], "2"),
        ([{"system": "phone"}], ""),
        ([phone("1", system="sms")], "1"),
    ],
)
def test_the_number_to_call(telecom: object, number: str) -> None:
    assert phone_of({"telecom": telecom}) == number


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (None, ""),
        ([{"text": "Ana Ríos"}], "Ana Ríos"),
        ([{"family": "Ríos", "given": ["Ana", "Luz"]}], "Ana Luz Ríos"),
        ([{"family": "Old", "use": "old"}, {"family": "Ríos", "use": "official"}], "Ríos"),
        ([{"family": "Ríos", "use": "official"}, {"text": "Anita", "use": "usual"}], "Anita"),
        ([{}], ""),
    ],
)
def test_the_name_to_ask_for(names: object, name: str) -> None:
    assert name_of({"name": names}) == name


@pytest.mark.parametrize(("code", "needed"), [("373066001", True), ("373067005", False), ("?", None), (None, None)])
def test_an_interpreter_is_needed_or_not_or_nobody_knows(code: str | None, needed: bool | None) -> None:
    said = {"extension": [{"url": NEEDED, "valueCoding": {"code": code}}]} if code else {}
    assert interpreter_of(said) is needed


def test_an_account_counts_when_it_has_a_value_and_is_not_old() -> None:
    accounts = [{"system": "p"}, {"system": "p", "value": "1", "use": "old"}, {"system": "q", "value": "1"}]
    assert not has_portal({"identifier": accounts}, "p")
    assert has_portal({"identifier": [*accounts, {"system": "p", "value": "2"}]}, "p")


@pytest.mark.parametrize("text", [None, 7, "", "2026-03-02", "2026-03-02T10:00:00", "tomorrow", "2026-02-30T10:00:00Z"])
def test_what_is_no_instant_is_none(text: object) -> None:
    assert instant_of(text) is None


def test_an_instant_is_the_same_in_every_zone() -> None:
    assert instant_of("2026-03-02T10:00:00Z") == instant_of("2026-03-02T05:00:00.000-05:00")
