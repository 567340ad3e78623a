"""Whether everything can be read, and how."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.doctor.finding import Finding
from outreach.errors import ServerFault, ServerRefused
from outreach.fhir import bulk
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource, elements


def reading(client: FhirClient) -> Iterator[Finding]:
    """search; where that is ok, also totals and search-by-form."""
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


def exporting(client: FhirClient, capability: Resource, group: str = "") -> Iterator[Finding]:
    """export, or for the id of a Group group-export; and transactions."""
    yield _group_export(client, group) if group else _export(client, capability)
    codes = {each.get("code") for rest in elements(capability, "rest") for each in elements(rest, "interaction")}
    says = "The server lists transactions." if "transaction" in codes else "The server lists no transactions."
    yield Finding("transactions", True if "transaction" in codes else None, says, "A night needs none.")


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
        return Finding("export", False, f"The server {listed} $export, and: {fault}", "Set server: {bulk: false}.")
    if job is None:
        return Finding("export", False, f"The server {listed} $export and does not start one.", "Pulls go by search.")
    bulk.end(client, job)
    if not bulk.offers_export(capability):
        return Finding("export", True, "The server starts $export but does not list it.", "Pulls go by search.")
    return Finding("export", True, "The server lists $export and starts one.", "Pulls go by bulk export.")


def _group_export(client: FhirClient, group: str) -> Finding:
    """Starts a real export of who the Group's members are and ends it at once."""
    try:
        job = bulk.start(client, ["Patient"], group=group)
    except (ServerFault, ServerRefused) as fault:
        return Finding("group-export", False, str(fault), "Nothing can be pulled of the Group.")
    if job is None:
        says = f"The server starts no export of Group/{group}."
        return Finding("group-export", False, says, "Look at server: {group: …}, and at the scopes.")
    bulk.end(client, job)
    return Finding("group-export", True, f"The server exports Group/{group}.", "Only its members are read.")
