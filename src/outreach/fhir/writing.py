"""Writes that carry a key, and what is known afterwards."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from outreach.errors import LostRace, OutcomeUnknown, ServerFault, ServerRefused, SeveralMatch
from outreach.fhir.dialect import Resource, etag_of, has_identifier, reference_id, token
from outreach.fhir.faults import NeverSent
from outreach.fhir.paging import as_resource
from outreach.fhir.transport import FHIR_JSON, Transport
from outreach.fhir.wire import Answer, Call, bad_status

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")  # https://hl7.org/fhir/R4/datatypes.html#id
_SENDABLE = re.compile(r"[\x20-\x7e\xa0-\xff]+")  # https://www.rfc-editor.org/rfc/rfc9110#section-5.5
WHOLE = {"Content-Type": FHIR_JSON, "Prefer": "return=representation"}


@dataclass(frozen=True)
class Versioned:
    """A resource and the version it was read at; ``etag`` as to be sent in If-Match (``W/"3"``), empty without one."""

    resource: Resource = field(repr=False)
    etag: str


@dataclass(frozen=True)
class Created:
    """What a conditional create ended in: our resource, or the one that already bore our key."""

    resource: Resource = field(repr=False)
    existed: bool


def read(transport: Transport, type_: str, id_: str) -> Versioned | None:
    """See ``FhirClient.read``."""
    call = Call("GET", _address(transport, type_, id_), f"read of {type_}")
    answer = transport.ask(call)
    if answer.status in (404, 410):
        return None
    if answer.status != 200:
        raise bad_status(call, answer)
    resource = as_resource(call.what, answer)
    if resource.get("resourceType") != type_ or resource.get("id") != id_:
        raise ServerFault(f"{call.what}: the server answered with another resource.")
    return Versioned(resource, etag_of(resource, answer.headers))


def update(transport: Transport, resource: Resource, if_match: str) -> Versioned:
    """See ``FhirClient.update``."""
    if not if_match:
        raise ValueError("an update needs the version it replaces")
    type_, id_ = resource["resourceType"], resource["id"]
    if not _SENDABLE.fullmatch(if_match):
        raise ServerFault(f"update of {type_}: the server's version of it cannot be sent in a header.")
    url, headers = _address(transport, type_, id_), WHOLE | {"If-Match": if_match}
    call = Call("PUT", url, f"update of {type_}", headers, body_of(resource), write=True)
    answer = send(transport, call)
    if answer.status in (409, 410, 412):
        if answer.doubted:  # an earlier try may be the very change that made our version old
            raise OutcomeUnknown(f"{call.what}: refused on a second try; the first may have gone through.")
        raise LostRace(f"{call.what}: somebody else was first ({answer.status}).")
    if answer.status != 200:
        raise _unexpected(call, answer)
    return _written(transport, call, answer, type_, id_)


def create(transport: Transport, resource: Resource, system: str, value: str) -> Created:
    """See ``FhirClient.create``."""
    if not (system and value and has_identifier(resource, system, value)):
        raise ValueError("a create needs a key, and the resource must carry it")
    type_ = resource["resourceType"]
    headers = WHOLE | {"If-None-Exist": urlencode({"identifier": token(system, value)})}
    url = f"{transport.origin.base}/{type_}"
    call = Call("POST", url, f"create of {type_}", headers, body_of(resource), write=True)
    answer = send(transport, call)
    if answer.status == 412:
        raise SeveralMatch(f"{call.what}: several resources bear the same key.")
    if answer.status == 409:
        raise OutcomeUnknown(f"{call.what}: the server tells of a conflict (409): look for the key.")
    if answer.status not in (200, 201):
        raise _unexpected(call, answer)
    found = _written(transport, call, answer, type_, reference_id(answer.headers.get("Location"), type_))
    if not has_identifier(found.resource, system, value):
        raise OutcomeUnknown(f"{call.what}: the server answered with a resource that does not bear the key.")
    return Created(found.resource, existed=answer.status == 200)


def delete(transport: Transport, type_: str, id_: str) -> None:
    """See ``FhirClient.delete``."""
    call = Call("DELETE", _address(transport, type_, id_), f"delete of {type_}", write=True)
    answer = send(transport, call)
    if answer.status not in (200, 202, 204, 404, 410):
        raise bad_status(call, answer)


def send(transport: Transport, call: Call) -> Answer:
    """Makes a write. OutcomeUnknown unless the server never saw it or gave a whole answer that is no 5xx."""
    try:
        answer = transport.ask(call)
    except NeverSent:
        raise
    except ServerFault as fault:
        raise OutcomeUnknown(str(fault)) from None
    if answer.status >= 500 or answer.status == 408 or (answer.status == 429 and answer.doubted):
        raise OutcomeUnknown(f"{call.what}: the server answered {answer.status}.")
    return answer


def body_of(resource: Resource) -> bytes:
    try:
        return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half of a surrogate pair: JSON can escape it, UTF-8 cannot hold it
        return json.dumps(resource, separators=(",", ":")).encode()


def _unexpected(call: Call, answer: Answer) -> ServerFault:
    """The fault for a status that a write should not end in. Another 2xx than ours may well mean that it was done."""
    if 200 <= answer.status < 300:
        return OutcomeUnknown(f"{call.what}: the server answered {answer.status}.")
    return bad_status(call, answer)


def _written(transport: Transport, call: Call, answer: Answer, type_: str, id_: str | None) -> Versioned:
    """What stands on the server after a write that it accepted: from the answer, or read back if that says nothing."""
    try:
        resource = as_resource(call.what, answer) if answer.body.strip() else {}
        if resource.get("resourceType") == type_ and resource.get("id") and id_ in (None, resource["id"]):
            return Versioned(resource, etag_of(resource, answer.headers))
        silent = resource.get("resourceType") in (None, "OperationOutcome")
        found = read(transport, type_, id_) if id_ and silent else None
    except (ServerFault, ServerRefused):
        found = None
    if found is None:
        raise OutcomeUnknown(f"{call.what}: accepted ({answer.status}), but the answer does not show what was written.")
    return found


def _address(transport: Transport, type_: str, id_: str) -> str:
    """The address of a resource. An id is text from a server: one that would lead elsewhere is refused."""
    if not _ID.fullmatch(id_) or not id_.strip("."):
        raise ServerFault(f"A {type_} has an id that FHIR does not allow.")
    return f"{transport.origin.base}/{type_}/{id_}"
