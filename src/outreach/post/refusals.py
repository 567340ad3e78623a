"""Why an invitation that was planned must not go out after all: one table, in the order of its reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from outreach.fhir.dialect import Resource, is_deceased, opted_out, patients_of, reference_id, replaced_by
from outreach.ledger import PlannedInvitation
from outreach.post.people import instant_of
from outreach.post.recheck import Records

#: https://hl7.org/fhir/R4/valueset-request-intent.html: an order, not a proposal or a plan
ORDERS: Final = frozenset({"order", "original-order", "filler-order", "instance-order"})

Test = Callable[[PlannedInvitation, Records], bool]


def refusal(planned: PlannedInvitation, records: Records | None) -> str:
    """The first reason that forbids the send; "" when nothing does. What could not be read forbids it."""
    if records is None:
        return "recheck-failed"
    return next((reason for reason, holds in REASONS if holds(planned, records)), "")


def _person_gone(planned: PlannedInvitation, records: Records) -> bool:
    return records.patient is None


def _deceased(planned: PlannedInvitation, records: Records) -> bool:
    return is_deceased(records.patient or {})


def _merged(planned: PlannedInvitation, records: Records) -> bool:
    return replaced_by(records.patient or {}) is not None


def _inactive(planned: PlannedInvitation, records: Records) -> bool:
    return (records.patient or {}).get("active", True) is not True


def _opted_out(planned: PlannedInvitation, records: Records) -> bool:
    return opted_out(records.consents)


def _no_order(planned: PlannedInvitation, records: Records) -> bool:
    order = records.order or {}
    asked_for = order.get("status") == "active" and order.get("intent") in ORDERS and bool(order.get("requester"))
    forbids = order.get("doNotPerform", False) is not False
    return not asked_for or forbids or not _theirs(planned, order)


def _visit_moved(planned: PlannedInvitation, records: Records) -> bool:
    if not planned.visit:
        return False
    visit = records.visit or {}
    stands = visit.get("status") == "booked" and instant_of(visit.get("start")) == planned.visit_start
    return not stands or place_of(visit) != planned.visit_place or not _theirs(planned, visit)


def _theirs(planned: PlannedInvitation, resource: Resource) -> bool:
    """Whether a record is about the person, under their own id or one that was merged into it."""
    return not {planned.person, *planned.aliases}.isdisjoint(patients_of(resource))


def _record_changed(planned: PlannedInvitation, records: Records) -> bool:
    return records.changed


REASONS: Final[tuple[tuple[str, Test], ...]] = (
    ("person-gone", _person_gone),  # the server has no such Patient any more
    ("deceased", _deceased),
    ("merged", _merged),
    ("inactive", _inactive),
    ("opted-out", _opted_out),
    ("no-order", _no_order),  # nobody would act on the result
    ("visit-moved", _visit_moved),  # cancelled, at another time or place, or somebody else's
    ("record-changed", _record_changed),  # a result or an order came in: tomorrow's night will read it
)


def place_of(visit: Resource) -> str:
    """The Location of an Appointment; "" when it names none."""
    actors = (part.get("actor") for part in visit.get("participant") or [] if isinstance(part, dict))
    return next((place for actor in actors if (place := reference_id(actor, "Location"))), "")
