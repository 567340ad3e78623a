"""Whether a server keeps the two promises that writing relies on."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.doctor.finding import Finding
from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.client import FhirClient
from outreach.fhir.probe import Proof, prove_writes


def writing(client: FhirClient, writes: bool) -> Iterator[Finding]:
    """one-key-one-resource, holds and probe-removed; none of them tried where ``writes`` is false."""
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
    elif proof.right_version_taken is None:
        says, follows = unknown, "Not proved here: the night tries it on a real Slot before it holds any."
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
