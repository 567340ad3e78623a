"""What a server proves that it can do, and what follows for the night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir import bulk
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource
from outreach.fhir.probe import Proof, prove_writes


@dataclass(frozen=True)
class Finding:
    """One thing tried. ``ok`` None: it was not tried, or the try proved nothing. Two plain sentences beside it."""

    name: str
    ok: bool | None
    says: str
    follows: str


def examine(client: FhirClient, *, writes: bool = True) -> list[Finding]:
    """Tries what the night needs, in the order the night needs it.

    The names are fixed: version, search, totals, search-by-form, export, one-key-one-resource, holds, probe-removed.
    When the version or the search is not ok, what builds on it is not tried. With ``writes`` false nothing is written,
    not even our own probe Slot (see ``fhir.probe``), and the last three are not tried; an export job is started and
    ended in either case.
    """
    try:
        capability = client.capability()
    except (ServerFault, ServerRefused) as fault:
        return [Finding("version", False, str(fault), "Nothing can run until this is settled.")]
    version = f"The server speaks FHIR {capability['fhirVersion']}."
    findings = [Finding("version", True, version, "Nothing to set."), *_reading(client), _export(client, capability)]
    return findings + list(_writing(client, writes))


def _reading(client: FhirClient) -> Iterator[Finding]:
    try:
        next(iter(client.stream("Patient", page=1)), None)
        total = client.total("Patient")
    except (ServerFault, ServerRefused) as fault:
        yield Finding("search", False, str(fault), "Nothing can be pulled.")
        return
    yield Finding("search", True, "A search for Patients is answered.", "Nothing to set.")
    if total is None:
        says, follows = "The server gives no totals.", "A pull cannot be checked against the server's own count."
    else:
        says, follows = f"The server counts {total} Patients.", "Each pull is checked against the server's own count."
    yield Finding("totals", total is not None, says, follows)
    yield _by_form(client)


def _by_form(client: FhirClient) -> Finding:
    """A search for an id that nobody has: by POST, and answered with nobody."""
    try:
        client.search("Patient", [("_id", "outreach-probe-nobody")])
    except (ServerFault, ServerRefused) as fault:
        return Finding("search-by-form", False, str(fault), "Nobody can be looked at again before a message is sent.")
    return Finding("search-by-form", True, "A search that names a person works by POST.", "No id stands in an address.")


def _export(client: FhirClient, capability: Resource) -> Finding:
    """Starts a real export of one small type and ends it at once."""
    listed = "lists" if bulk.offers_export(capability) else "does not list"
    try:
        job = bulk.start(client, ["Organization"])
    except (ServerFault, ServerRefused) as fault:
        return Finding("export", False, f"The server {listed} $export, and: {fault}", "Set the pull to search.")
    if job is None:
        return Finding("export", False, f"The server {listed} $export and does not start one.", "Pulls go by search.")
    bulk.end(client, job)
    if not bulk.offers_export(capability):
        return Finding("export", True, "The server starts $export but does not list it.", "Pulls go by search.")
    return Finding("export", True, "The server lists $export and starts one.", "Pulls go by bulk export.")


def _writing(client: FhirClient, writes: bool) -> Iterator[Finding]:
    if not writes:
        proof = Proof(why="Writing was not to be tried.")
    else:
        try:
            proof = prove_writes(client)
        except (ServerFault, ServerRefused) as fault:
            proof = Proof(why=str(fault))
    unknown = proof.why or "The probe did not get that far."
    yield _key(proof, unknown)
    yield _holds(proof, unknown)
    yield _removed(proof, unknown)


def _key(proof: Proof, unknown: str) -> Finding:
    says = {
        True: "Two creates with one key made one resource.",
        False: "Two creates with one key made two resources: the server ignores If-None-Exist.",
    }
    follows = {
        True: "A message that is sent again after a lost answer is not doubled.",
        False: "Messages are guarded by the ledger and by reading back alone.",
        None: "It is not proved that the server guards against a doubled message.",
    }
    ok = proof.one_key_one_resource
    return Finding("one-key-one-resource", ok, unknown if ok is None else says[ok], follows[ok])


def _holds(proof: Proof, unknown: str) -> Finding:
    if proof.right_version_taken and proof.wrong_version_refused:
        says, follows = "A right version was taken and a wrong one refused.", "Slots can be held."
    elif proof.wrong_version_refused is False:
        says, follows = "A wrong version was not refused.", "Slots are never held: the clinic becomes a request list."
    else:
        says, follows = unknown, "Slots are not held until this is proved: the clinic becomes a request list."
    known = proof.wrong_version_refused is not None
    return Finding("holds", proof.wrong_version_refused if known else proof.right_version_taken, says, follows)


def _removed(proof: Proof, unknown: str) -> Finding:
    if proof.removed is None:
        return Finding("probe-removed", None, unknown, "Nothing was left behind.")
    if proof.removed:
        return Finding("probe-removed", True, "Our probe Slot was deleted again.", "Nothing was left behind.")
    says = "The server did not delete our probe Slot."
    return Finding("probe-removed", False, says, "One Slot of 1970, entered-in-error, stays and is used again.")
