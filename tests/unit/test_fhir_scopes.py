"""What is asked for, and what of it was not granted."""

from __future__ import annotations

import pytest

from outreach.fhir.scopes import Need, asked, missing, wider
from outreach.needs import permissions_needed

NEEDS = [Need("Patient", "rs"), Need("Slot", "rus"), Need("Communication", "crs")]


def test_both_forms_ask_for_no_more_than_is_done() -> None:
    assert asked(NEEDS, "v2") == [
        "system/Communication.c",
        "system/Communication.rs",
        "system/Patient.rs",
        "system/Slot.rs",
        "system/Slot.u",
    ]
    assert asked(NEEDS, "v1") == [
        "system/Communication.read",
        "system/Communication.write",
        "system/Patient.read",
        "system/Slot.read",
        "system/Slot.write",
    ]


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        ("system/Patient.rs system/Slot.rus system/Communication.crs", []),
        ("system/Patient.read system/Slot.read system/Slot.write system/Communication.*", []),
        ("system/*.cruds", []),
        ("system/*.*", []),
        ("system/*.read system/Slot.u system/Communication.c", []),
        ("system/*.rs", ["system/Communication.c", "system/Slot.u"]),
        ("system/Patient.r system/Slot.cruds system/Communication.crs", ["system/Patient.s"]),
        ("patient/*.cruds user/*.*", asked(NEEDS, "v2")),
        ("system/Patient.rs?_id=1 system/Slot.rus system/Communication.crs", ["system/Patient.rs"]),
        ("system/Patients.rs system/Slot.rus system/Communication.crs", ["system/Patient.rs"]),
        ("openid fhirUser system/ system/.rs system/Patient. system/Patient.RS", asked(NEEDS, "v2")),
        ("", asked(NEEDS, "v2")),
    ],
)
def test_a_scope_that_is_missing_is_named(granted: str, lacking: list[str]) -> None:
    assert missing(granted.split(), NEEDS, "v2") == lacking


def test_a_missing_scope_is_named_in_the_form_that_was_asked_for() -> None:
    assert missing(["system/Patient.read"], [Need("Patient", "rs"), Need("Slot", "rus")], "v1") == [
        "system/Slot.read",
        "system/Slot.write",
    ]


def test_what_is_wider_than_the_needs_is_named() -> None:
    granted = ["system/Patient.rs", "system/Slot.write", "system/*.read", "system/Patient.cruds", "system/Group.rs"]
    assert wider(granted, NEEDS) == ["system/*.read", "system/Group.rs", "system/Patient.cruds"]


def test_a_dry_run_asks_for_reads_only() -> None:
    assert {letter for need in permissions_needed([], sends=False) for letter in need.letters} == {"r", "s"}
    writes = {need.type: need.letters for need in permissions_needed([], sends=True) if set(need.letters) - set("rs")}
    assert writes == {"Slot": "rus", "Communication": "crs"}
