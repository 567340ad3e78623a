"""What was asked for, and what was asked not to be done."""

from __future__ import annotations

from datetime import date

import pytest

from unit.test_flatten_support import SNOMED, concept, flat, resource

QI_CORE = "http://hl7.org/fhir/us/qicore/StructureDefinition/"


def test_a_device_request(tmp_path):
    sent = resource(
        "DeviceRequest", status="active", intent="order", subject={"reference": "Patient/p"},
        codeCodeableConcept=concept("58938008", system=SNOMED, text="Wheelchair"), authoredOn="2025-10-01T08:00:00Z",
    )  # fmt: skip
    row = flat(tmp_path, DeviceRequest=[sent]).row("device_request")
    shown = ["person", "system", "code", "display", "status", "intent", "do_not_perform", "date_lo", "date_precision"]
    assert [row[column] for column in shown] == [
        "p", SNOMED, "58938008", "Wheelchair", "active", "order", None, date(2025, 10, 1), "day",
    ]  # fmt: skip


def said(url: str, answer: object) -> dict:
    return {"url": url, "valueBoolean": answer}


@pytest.mark.parametrize(
    ("extensions", "wanted"),
    [
        ([], None),
        ([said(QI_CORE + "qicore-doNotPerform", True)], True),
        ([said(QI_CORE + "qicore-doNotPerform", False)], False),
        ([said(QI_CORE + "qicore-doNotPeform", True)], True),
        ([said("urn:other", False), said(QI_CORE + "qicore-doNotPerform", True)], True),
        ([said("urn:other", True)], None),
    ],
)
def test_a_device_that_is_not_to_be_had_says_so_in_an_extension(tmp_path, extensions, wanted):
    row = flat(tmp_path, DeviceRequest=[resource("DeviceRequest", modifierExtension=extensions)]).row("device_request")
    assert row["do_not_perform"] is wanted


@pytest.mark.parametrize(
    ("type_", "table"), [("ServiceRequest", "service_request"), ("MedicationRequest", "medication_request")]
)
def test_an_order_may_say_that_it_is_not_to_be_done(tmp_path, type_, table):
    said: list[dict] = [{"doNotPerform": True}, {"doNotPerform": False}, {}, {"doNotPerform": "perhaps"}]
    whose = {"subject": {"reference": "Patient/p"}}
    sent = [resource(type_, str(n), **whose, **each) for n, each in enumerate(said)]
    rows = flat(tmp_path, **{type_: sent}).rows(table)
    assert [row["do_not_perform"] for row in rows] == [True, False, None, None]
    assert rows[3]["lost"] == [{"column": "do_not_perform", "raw": "perhaps"}]


UCUM = {"system": "http://unitsofmeasure.org"}


@pytest.mark.parametrize(
    ("supply", "days", "lost"),
    [
        ({**UCUM, "value": 30, "unit": "days", "code": "d"}, 30, 0),
        ({"value": 30.0, "unit": "days"}, 30, 0),
        ({"value": 1, "unit": "day"}, 1, 0),
        ({**UCUM, "value": 4, "unit": "days", "code": "wk"}, None, 1),
        ({**UCUM, "value": 30.5, "code": "d"}, None, 1),
        ({"value": 30}, None, 1),
        ({"value": "a month", "unit": "d"}, None, 1),
        ({"unit": "d"}, None, 0),
        (None, None, 0),
    ],
)
def test_a_supply_is_counted_in_whole_days_or_not_at_all(tmp_path, supply, days, lost):
    sent = resource("MedicationRequest", dispenseRequest={"expectedSupplyDuration": supply})
    night = flat(tmp_path, MedicationRequest=[sent])
    assert night.row("medication_request")["supply_days"] == days
    assert night.nulled("medication_request", "supply_days") == lost
