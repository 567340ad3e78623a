"""The latent facts of a life, before anyone wrote them down as FHIR.

Dates and values are kept as the JSON members they will be (``"onsetDateTime":"2019-05",``), because the
way a date is written is part of what is being planted. Members bring their trailing comma.
"""

from __future__ import annotations

from dataclasses import dataclass

from outreach.synth.codes import Code


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A Condition. An empty ``clinical`` or ``verification`` leaves the element out."""

    codes: tuple[Code, ...]
    when: str
    clinical: str = "active"
    verification: str = "confirmed"


@dataclass(frozen=True, slots=True)
class Lab:
    """An Observation. ``value`` is its value member, or the reason there is none."""

    code: Code
    value: str
    when: str
    status: str = "final"


@dataclass(frozen=True, slots=True)
class Report:
    """A DiagnosticReport of imaging; ``result`` is None when nobody coded one."""

    code: Code
    when: str
    result: Code | None
    conclusion: str = ""
    status: str = "final"


@dataclass(frozen=True, slots=True)
class Operation:
    """A Procedure."""

    code: Code
    when: str
    status: str = "completed"


@dataclass(frozen=True, slots=True)
class Order:
    """A ServiceRequest; ``on`` is authoredOn."""

    code: Code
    on: str
    status: str = "active"
    requester: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """An Appointment. An empty ``place`` names no Location; ``start`` and ``end`` are instants."""

    service: Code
    start: str
    end: str
    place: str
    status: str = "booked"


@dataclass(frozen=True, slots=True)
class Choice:
    """A Consent; ``provision`` is deny or permit."""

    provision: str
    scope: str
    on: str
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Relative:
    """A FamilyMemberHistory."""

    relationship: Code
    codes: tuple[Code, ...]
    on: str
    status: str = "completed"


Fact = Diagnosis | Lab | Report | Operation | Order | Visit | Choice | Relative
