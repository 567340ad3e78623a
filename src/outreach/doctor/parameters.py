"""The search parameters that sending relies on: listed or not, and answered, refused or silently ignored."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.doctor.finding import Finding
from outreach.errors import OutreachError, ServerFault, ServerRefused
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource, elements, patients_of
from outreach.fhir.faults import BadStatus
from outreach.fhir.filters import Params
from outreach.post.recheck import CHANGING

#: What is asked about people before a send, and about a message whose answer was lost.
SENT = {
    "Patient": ("_id",),
    "Consent": ("patient", "status"),
    "Communication": ("identifier",),
    **dict.fromkeys(CHANGING, ("patient", "_lastUpdated")),
}
NOBODY = "outreach-probe-nobody"
PAST, FUTURE = "gt1970-01-01T00:00:00.000Z", "gt2100-01-01T00:00:00.000Z"
_UNTRIED = "It is not proved."


def listed(capability: Resource) -> Finding:
    """Which of the parameters the CapabilityStatement names."""
    named: dict[str, set[object]] = {}
    for rest in elements(capability, "rest"):
        everywhere = {each.get("name") for each in elements(rest, "searchParam")}
        for each in elements(rest, "resource"):
            named[str(each.get("type"))] = everywhere | {one.get("name") for one in elements(each, "searchParam")}
    absent = [f"{type_}.{name}" for type_, names in SENT.items() for name in names if name not in named.get(type_, ())]
    if not absent:
        says = "The server lists every search parameter that sending uses."
        return Finding("parameters-listed", True, says, "Nothing to set.")
    says = f"The server does not list: {', '.join(absent)}."
    return Finding("parameters-listed", None, says, "What was tried counts, not the list: see the next lines.")


def parameters(client: FhirClient, writes: bool) -> Iterator[Finding]:
    """by-patient, by-last-updated, changes-seen, by-status, by-identifier."""
    try:
        sample = next(((type_, rows[0]) for type_ in CHANGING if (rows := _page(client, type_, []))), None)
    except (ServerFault, ServerRefused):
        sample = None
    if sample is None:
        why = "There is no clinical record to try it on."
        yield from (Finding(name, None, why, _UNTRIED) for name in ("by-patient", "by-last-updated", "changes-seen"))
    else:
        yield _by_patient(client, *sample)
        yield _by_last_updated(client, sample[0])
        yield _changes_seen(client, sample[0])
    yield _by_status(client)
    yield _by_identifier(client, writes)


def _by_patient(client: FhirClient, type_: str, row: Resource) -> Finding:
    bad = "Nobody can be looked at again before a message is sent: everybody would be withheld."
    person = min(patients_of(row), default="")
    if not person:
        return Finding("by-patient", None, "The record it was to be tried on is about nobody.", _UNTRIED)
    try:
        found = _page(client, type_, [("patient", person)])
        strangers = _page_or_refusal(client, type_, [("patient", NOBODY)])
    except (ServerFault, ServerRefused) as fault:
        return Finding("by-patient", False, str(fault), bad)
    if not found or strangers:
        what = "ignored" if strangers else "answered with nothing"
        return Finding("by-patient", False, f"A search of {type_} by patient is {what}.", bad)
    return Finding("by-patient", True, f"A search of {type_} by patient finds that person's.", "Nothing to set.")


def _by_last_updated(client: FhirClient, type_: str) -> Finding:
    if _page_or_refusal(client, type_, [("_lastUpdated", FUTURE)]):
        says = f"_lastUpdated is silently ignored: rows of {type_} came for the year 2100."
        return Finding(
            "by-last-updated", False, says, "Each row's own meta.lastUpdated is looked at: slower, not wrong."
        )
    return Finding("by-last-updated", True, "_lastUpdated leaves out what is older.", "Nothing to set.")


def _changes_seen(client: FhirClient, type_: str) -> Finding:
    bad = "What changed after the pull would go unseen: do not go live."
    try:
        found = _page(client, type_, [("_lastUpdated", PAST)])
    except (ServerFault, ServerRefused) as fault:
        return Finding("changes-seen", False, str(fault), "Everybody would be withheld before a send.")
    if not found:
        return Finding("changes-seen", False, f"A search of {type_} by _lastUpdated finds nothing at all.", bad)
    return Finding("changes-seen", True, "_lastUpdated finds what is newer.", "Changes after the pull are seen.")


def _by_status(client: FhirClient) -> Finding:
    try:
        _page(client, "Consent", [("status", "active")])
    except (ServerFault, ServerRefused) as fault:
        return Finding(
            "by-status", False, str(fault), "Where Consents cannot be had by patient, all are read each time."
        )
    return Finding("by-status", True, "A search of Consents by status is answered.", "Nothing to set.")


def _by_identifier(client: FhirClient, writes: bool) -> Finding:
    if not writes:
        return Finding("by-identifier", None, "Messages were not to be looked at.", _UNTRIED)
    try:
        client.search("Communication", [("identifier", f"urn:outreach:probe|{NOBODY}")])
    except (ServerFault, ServerRefused) as fault:
        follows = "A message whose answer was lost could not be looked for: do not go live."
        return Finding("by-identifier", False, str(fault), follows)
    says = "A search of messages by identifier is answered with none that bears another."
    return Finding("by-identifier", True, says, "A message whose answer was lost can be looked for.")


def _page(client: FhirClient, type_: str, params: Params) -> list[Resource]:
    return next(iter(client.stream(type_, params, page=1)), [])


def _page_or_refusal(client: FhirClient, type_: str, params: Params) -> list[Resource]:
    """As ``_page``; none where the server refuses the search, which is not to ignore it."""
    try:
        return _page(client, type_, params)
    except BadStatus:
        return []
    except OutreachError:
        return [{}]
