"""What a server proves that it does with writes, tried on a resource of our own.

The night holds Slots by If-Match and sends by If-None-Exist. Servers are known that take a wrong version as well as a
right one, some of them for some resource types only. So the probe is a Slot: the very type that will be held, and no
permission is needed beyond those for Slots. It cannot be booked or offered: its status is entered-in-error, its day is
in 1970, and it belongs to no Schedule (the reference has only a display). It is deleted at the end; on a server that
does not delete, the next probe finds it by its identifier and uses it again, so there is never more than one.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass

from outreach.errors import LostRace, OutcomeUnknown, ServerFault, ServerRefused, SeveralMatch
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource
from outreach.fhir.faults import BadStatus
from outreach.fhir.writing import Versioned

KEY = ("urn:outreach:probe", "write-probe")


@dataclass(frozen=True)
class Proof:
    """What was seen. None: it could not be tried; ``why`` says why, in one sentence."""

    one_key_one_resource: bool | None = None  #: a second create with the same key made no second resource
    right_version_taken: bool | None = None  #: an update with the current version went through
    wrong_version_refused: bool | None = None  #: an update with a former version met 409 or 412, and changed nothing
    removed: bool | None = None
    why: str = ""


def can_hold(client: FhirClient) -> bool:
    """Whether the server holds Slots safely: it takes the right version and refuses a wrong one.

    What cannot be proved is false: no permission to make a Slot, no versions kept. Raises ServerFault when the server
    cannot be reached or falls over.
    """
    proof = prove_writes(client)
    return proof.right_version_taken is True and proof.wrong_version_refused is True


def prove_writes(client: FhirClient) -> Proof:
    """Makes the probe, twice, updates it with a right and a wrong version, and takes it away again."""
    try:
        first = client.create(_probe(), if_none_exist=KEY).resource
    except (ServerRefused, BadStatus, SeveralMatch, OutcomeUnknown) as fault:
        return Proof(why=f"The server did not take our probe Slot: {fault}")
    made = {str(first["id"])}
    try:
        one = _second_is_first(client, made)
        right, wrong, why = _versions(client, str(first["id"]))
    finally:
        removed = [_remove(client, id_) for id_ in made]
    return Proof(one, right, wrong, all(removed), why)


def _second_is_first(client: FhirClient, made: set[str]) -> bool | None:
    try:
        second = client.create(_probe(), if_none_exist=KEY)
    except SeveralMatch:
        return False
    except (BadStatus, OutcomeUnknown):
        return None
    made.add(str(second.resource["id"]))
    return len(made) == 1


def _versions(client: FhirClient, id_: str) -> tuple[bool | None, bool | None, str]:
    """(right version taken, wrong version refused, why not known)."""
    now = client.read("Slot", id_)
    if now is None or not now.etag:
        return None, None, "The server keeps no versions of a Slot (no ETag, no meta.versionId)."
    try:
        later = client.update(_marked(now.resource, "right version"), if_match=now.etag)
    except (LostRace, BadStatus, OutcomeUnknown, ServerRefused) as fault:
        return False, None, f"The server did not take an update with the right version: {fault}"
    return True, _refuses(client, later, now.etag), ""


def _refuses(client: FhirClient, now: Versioned, former: str) -> bool:
    """Whether an update of ``now`` with a former version is refused and leaves it as it is."""
    if now.etag == former:
        return False  # the version did not move with the change, so it cannot guard anything
    try:
        client.update(_marked(now.resource, "wrong version"), if_match=former)
    except LostRace:
        after = client.read("Slot", str(now.resource["id"]))
        return after is not None and after.resource.get("comment") == now.resource.get("comment")
    except (BadStatus, OutcomeUnknown):
        return False  # refused in some other way: the night could not tell a lost race from a failure
    return False


def _marked(resource: Resource, mark: str) -> Resource:
    """The resource with a comment it never had: a server may make no new version of what has not changed."""
    return {**resource, "comment": f"{mark} {secrets.token_hex(4)}"}


def _remove(client: FhirClient, id_: str) -> bool:
    with contextlib.suppress(ServerFault, ServerRefused):
        client.delete("Slot", id_)
        return client.read("Slot", id_) is None
    return False


def _probe() -> Resource:
    system, value = KEY
    return {
        "resourceType": "Slot",
        "identifier": [{"system": system, "value": value}],
        "schedule": {"display": "none: made by outreach to probe this server, to be ignored"},
        "status": "entered-in-error",
        "start": "1970-01-01T00:00:00Z",
        "end": "1970-01-01T00:05:00Z",
    }
