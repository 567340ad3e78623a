"""What changed between the plan and the send: nobody who must not be written to is, and the reason is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from integration.test_post_records import SOON
from integration.test_post_world import World

pytest_plugins = ("integration.test_post_world",)

YES, NO = {"resourceType": "Consent", "status": "active"}, {"provision": {"type": "deny"}}


def consent(world: World, who: str, scope: str = "patient-privacy", **values: object) -> None:
    codes = {"scope": {"coding": [{"code": scope}]}, "category": [{"coding": [{"code": "x"}]}]}
    policy = {"policyRule": {"coding": [{"code": "OPTOUT"}]}}
    world.add(**YES | codes | policy | NO | {"patient": world.reference(who)} | values)


def fact(type_: str, **values: object) -> Callable[[World], None]:
    return lambda world: world.add(resourceType=type_, **{"subject": world.reference("ana")} | values)


CODE = {"code": {"coding": [{"system": "http://loinc.org", "code": "1"}]}}

CHANGES: dict[str, tuple[str, Callable[[World], None]]] = {
    "died, as a yes": ("deceased", lambda w: w.change("Patient", "ana", deceasedBoolean=True)),
    "died, with a day": ("deceased", lambda w: w.change("Patient", "ana", deceasedDateTime="2026-02-03")),
    "died, with a year": ("deceased", lambda w: w.change("Patient", "ana", deceasedDateTime="2026")),
    "merged into another": (
        "merged",
        lambda w: w.change("Patient", "ana", link=[{"type": "replaced-by", "other": {"reference": "Patient/x"}}]),
    ),
    "made inactive": ("inactive", lambda w: w.change("Patient", "ana", active=False)),
    "record removed": ("person-gone", lambda w: w.client.delete("Patient", f"{w.name}-ana")),
    "said no": ("opted-out", lambda w: consent(w, "ana")),
    "order revoked": ("no-order", lambda w: w.change("ServiceRequest", "ana-order", status="revoked")),
    "order done": ("no-order", lambda w: w.change("ServiceRequest", "ana-order", status="completed")),
    "order now a proposal": ("no-order", lambda w: w.change("ServiceRequest", "ana-order", intent="proposal")),
    "order turned round": ("no-order", lambda w: w.change("ServiceRequest", "ana-order", doNotPerform=True)),
    "order of nobody": ("no-order", lambda w: w.change("ServiceRequest", "ana-order", requester=None)),
    "order removed": ("no-order", lambda w: w.client.delete("ServiceRequest", f"{w.name}-ana-order")),
    "order is another's": (
        "no-order",
        lambda w: w.change("ServiceRequest", "ana-order", subject={"reference": "Patient/x"}),
    ),
    "visit cancelled": ("visit-moved", lambda w: w.change("Appointment", "ana-visit", status="cancelled")),
    "visit came": ("visit-moved", lambda w: w.change("Appointment", "ana-visit", status="arrived")),
    "visit an hour later": (
        "visit-moved",
        lambda w: w.change("Appointment", "ana-visit", start=(SOON + timedelta(minutes=30)).isoformat()),
    ),
    "visit elsewhere": (
        "visit-moved",
        lambda w: w.change(
            "Appointment",
            "ana-visit",
            participant=[
                {"actor": w.reference("ana"), "status": "accepted"},
                {"actor": {"reference": "Location/elsewhere"}, "status": "accepted"},
            ],
        ),
    ),
    "visit removed": ("visit-moved", lambda w: w.client.delete("Appointment", f"{w.name}-ana-visit")),
    "a new diagnosis": ("record-changed", fact("Condition", **CODE)),
    "a new laboratory value": ("record-changed", fact("Observation", status="final", **CODE)),
    "a new report": ("record-changed", fact("DiagnosticReport", status="final", **CODE)),
    "a new procedure": ("record-changed", fact("Procedure", status="completed", **CODE)),
    "a new order": ("record-changed", fact("ServiceRequest", status="active", intent="order", **CODE)),
    "a new appointment": (
        "record-changed",
        lambda w: w.add(
            resourceType="Appointment",
            status="booked",
            start=SOON.isoformat(),
            end=SOON.isoformat(),
            participant=[{"actor": w.reference("ana"), "status": "accepted"}],
        ),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_since_the_plan_withholds_with_its_reason(world: World, change: str) -> None:
    world.person("ana", "a")
    world.person("bea", "b")
    world.plan()
    reason, happens = CHANGES[change]
    happens(world)
    world.post()
    assert world.states() == {"ana": f"withheld:{reason}", "bea": "sent"}
    assert world.messages() == {"bea": 1}
    assert list(world.held()) == [world.slot("b").slot]
    world.assert_whole()


HARMLESS: dict[str, Callable[[World], None]] = {
    "a refusal of research": lambda w: consent(w, "ana", scope="research"),
    "a living will": lambda w: consent(w, "ana", scope="adr"),
    "a refusal taken back": lambda w: consent(w, "ana", status="inactive"),
    "a permission": lambda w: consent(w, "ana", provision={"type": "permit"}),
    "a new phone number": lambda w: w.change("Patient", "ana", telecom=[{"system": "phone", "value": "1"}]),
    "somebody else's result": lambda w: w.add(
        resourceType="Observation", status="final", subject={"reference": "Patient/somebody-else"}, **CODE
    ),
    "somebody else's no": lambda w: consent(w, "nobody-here"),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_what_forbids_nothing_withholds_nothing(world: World, change: str) -> None:
    world.person("ana", "a")
    world.plan()
    HARMLESS[change](world)
    world.post()
    assert world.states() == {"ana": "sent"}


def test_a_no_on_the_record_that_was_merged_away_counts(world: World) -> None:
    world.person("ana", "a")
    world.people["ana"] = type(world.people["ana"])(**vars(world.people["ana"]) | {"aliases": (f"{world.name}-old",)})
    world.plan()
    consent(world, "old")
    world.post()
    assert world.states() == {"ana": "withheld:opted-out"}


def test_several_reasons_give_the_gravest(world: World) -> None:
    world.person("ana", "a")
    world.plan()
    consent(world, "ana")
    world.change("Appointment", "ana-visit", status="cancelled")
    world.change("Patient", "ana", deceasedBoolean=True)
    world.post()
    assert world.states() == {"ana": "withheld:deceased"}
