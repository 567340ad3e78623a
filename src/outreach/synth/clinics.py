"""What belongs to no patient: organisations, staff, places, and the pop-up clinics' slots."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from outreach.synth import codes
from outreach.synth.background_tables import PAYERS
from outreach.synth.codes import SNOMED, Code
from outreach.synth.luck import stream
from outreach.synth.places import CLINICS, SLOT_MINUTES, SLOTS, STAFF, Home, Session
from outreach.synth.template import compact
from outreach.synth.visits import instant

DERMATOLOGY = Code(SNOMED, "394582007", "Dermatology")
FEWEST_FREE = 4  #: free slots for a block, however few people need one
Made = Iterator[tuple[str, str]]  #: resource type, JSON

_FAMILIES = ("Sample", "Mockwell", "Testa", "Provisor", "Exemplar", "Modell")
_GIVEN = ("Robin", "Jamie", "Alex", "Kim", "Toni", "Sam")


def _organization(id_: str, name: str) -> str:
    return compact({"resourceType": "Organization", "id": id_, "active": True, "name": name})


def payers() -> Made:
    """The organisations that pay."""
    for code, name, _, _ in PAYERS:
        yield "Organization", _organization(f"payer-{code}", name)


def staff_and_places(home: Home) -> Made:
    """A region's organisation, practitioners and Locations."""
    yield "Organization", _organization(home.organization, home.name)
    for one in range(STAFF):
        name = [{"family": _FAMILIES[one], "given": [_GIVEN[one]], "prefix": ["Dr."]}]
        who = {"resourceType": "Practitioner", "id": f"prac-{home.number}-{one}", "active": True, "name": name}
        yield "Practitioner", compact(who)
    for one in range(len(home.places)):
        yield "Location", _location(home, one)


def _location(home: Home, one: int) -> str:
    zip_code = home.zip_code(one / len(home.places))
    address = {"line": [f"{one + 1} Clinic Way"], "city": home.city, "state": "PA", "postalCode": zip_code}
    return compact(
        {
            "resourceType": "Location",
            "id": home.places[one],
            "status": "active",
            "name": home.place_name(one),
            "mode": "instance",
            "telecom": [{"system": "phone", "value": f"215-555-01{one:02d}"}],
            "address": address,
            "managingOrganization": {"reference": f"Organization/{home.organization}"},
        }
    )


def _schedule(id_: str, service: Code, place: str, active: bool, days: tuple[date, date]) -> str:
    coding = {"system": service.system, "code": service.code, "display": service.display}
    return compact(
        {
            "resourceType": "Schedule",
            "id": id_,
            "active": active,
            "serviceType": [{"coding": [coding], "text": service.display}],
            "actor": [{"reference": f"Location/{place}"}],
            "planningHorizon": {"start": days[0].isoformat(), "end": days[1].isoformat()},
        }
    )


def _slot(draw: random.Random, id_: str, schedule: str, status: str, session: Session, place: int) -> str:
    start = session.start + SLOT_MINUTES * place
    return compact(
        {
            "resourceType": "Slot",
            "id": id_,
            "schedule": {"reference": f"Schedule/{schedule}"},
            "status": status,
            "start": instant(draw, session.day, start),
            "end": instant(draw, session.day, start + SLOT_MINUTES),
        }
    )


_TAKEN = (("busy", 1.0), ("busy-tentative", 0.4), ("busy-unavailable", 0.2), ("entered-in-error", 0.3))


def _statuses(draw: random.Random, first: bool) -> list[str]:
    """A session's eight slots: one taken, others now and then held or struck out (in the first, all of these)."""
    taken = [status for status, share in _TAKEN if first or draw.random() < share]
    statuses = taken + ["free"] * (SLOTS - len(taken))
    draw.shuffle(statuses)
    return statuses


def _popup_slots(seed: int, home: Home, coming: int) -> Iterator[str]:
    """Free slots for four in five of a block's overdue who come in anyway, in as few of its sessions as hold them."""
    draw, free, number = stream(seed, "slots", home.block), 0, 0
    wanted = max(FEWEST_FREE, -(-4 * coming // 5))
    for session in home.sessions:
        schedule = f"sch-{home.number}-{home.places.index(session.place)}"
        for place, status in enumerate(_statuses(draw, number == 0)):
            if free < wanted or status != "free":
                free += status == "free"
                yield _slot(draw, f"slot-{home.block}-{number}", schedule, status, session, place)
                number += 1
        if free >= wanted:
            return


def clinics(seed: int, homes: Sequence[Home], coming: Mapping[int, int]) -> Made:
    """A region's Schedules and Slots; ``coming`` counts by block the overdue who have a visit ahead."""
    region, days = homes[0], [session.day for home in homes for session in home.sessions]
    horizon = min(days), max(days)
    for clinic in range(CLINICS):
        name = f"sch-{region.number}-{clinic}"
        yield "Schedule", _schedule(name, codes.LIVER_ULTRASOUND, region.places[clinic], True, horizon)
    for home in homes:
        for slot in _popup_slots(seed, home, coming[home.block]):
            yield "Slot", slot
    for name, service, active in (("derm", DERMATOLOGY, True), ("closed", codes.LIVER_ULTRASOUND, False)):
        schedule = f"sch-{region.number}-{name}"
        yield "Schedule", _schedule(schedule, service, region.places[0], active, horizon)
        for slot in _unusable(seed, region, name, schedule):
            yield "Slot", slot


def _unusable(seed: int, home: Home, name: str, schedule: str) -> Iterator[str]:
    """Free slots that nobody must be offered: of another service, or of a clinic that has closed."""
    draw = stream(seed, "slots", name, home.number)
    for place, session in enumerate(home.sessions):
        yield _slot(draw, f"slot-{home.number}-{name}-{place}", schedule, "free", session, place)
