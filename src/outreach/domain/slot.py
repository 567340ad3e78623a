"""Visits people already have, slots a clinic offers, and the offers between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Visit:
    """A booked Appointment of one person. Instants carry a time zone."""

    id: str
    person: str
    start: datetime
    end: datetime
    location: str  #: Location id; "" when the appointment names no place
    telehealth: bool


@dataclass(frozen=True)
class Slot:
    """A free Slot of a pop-up clinic as it was when we read it.

    ``status`` follows http://hl7.org/fhir/R4/valueset-slotstatus.html
    """

    id: str
    version: str  #: meta.versionId when read; the hold reads its ETag again
    schedule: str
    location: str
    start: datetime
    end: datetime
    status: str


@dataclass(frozen=True)
class Overdue:
    """Somebody to be matched: only what a matching may know.

    Race, ethnicity, birthplace, sex and portal access have no field here, so no policy can use them.
    """

    person: str
    due_on: date
    overdue_on: date
    risk_group: str
    order: str  #: the active ServiceRequest; "" when there is none


@dataclass(frozen=True)
class Offer:
    """A slot proposed to a person, beside a visit the person already has."""

    person: str
    slot: Slot
    visit: Visit
    rank: int  #: place in the seeded lottery among equals, from 0


@dataclass(frozen=True)
class NoOffer:
    """Why an overdue person gets no slot tonight: the nearest miss, as a countable reason."""

    person: str
    reason: str
