"""The start of an export: by GET with a query, or by POST with a Parameters resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias
from urllib.parse import quote, urlencode

from outreach.errors import ServerFault
from outreach.fhir.bulk.patience import Patience, Poll
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import elements
from outreach.fhir.faults import Forbidden
from outreach.fhir.transport import FHIR_JSON
from outreach.fhir.wire import Answer, Call, bad_status
from outreach.fhir.writing import body_of

Kickoff: TypeAlias = Literal["auto", "get", "post"]
"""``auto``: by GET, and by POST where the server answers that with 400 or 405, as version 4 has it."""

NOT_OFFERED = frozenset({400, 404, 405, 501})
BY_POST = frozenset({400, 405})
WHAT = "start of the bulk export"


def offers_export(capability: Mapping[str, Any]) -> bool:
    """Whether a CapabilityStatement lists the operation ``export`` for the whole system."""
    listed = (operation for rest in elements(capability, "rest") for operation in elements(rest, "operation"))
    return any("export" in str(operation.get("name")) for operation in listed)


def start(
    client: FhirClient,
    types: Sequence[str],
    *,
    since: str | None = None,
    group: str | None = None,
    patients: Sequence[str] = (),
    kickoff: Kickoff = "auto",
    poll: Poll = Poll(),  # noqa: B008  frozen
) -> str | None:
    """Starts a job and returns its address; None when the server offers us none (400, 403, 404, 405, 501).

    A server that is busy with another job (429) is waited for, as ``poll`` allows.

    Args:
        types: resource types.
        since: only what changed at or after this instant, written in UTC with ``Z``: servers are known that compare it
            as a string.
        group: the id of a Group: only its members' records, and nothing that is nobody's (Slots, Locations).
        patients: ids; only these people's records. By POST only, for an address must not name anybody.

    Raises:
        ServerFault: another answer, or no address in it.
        ValueError: ``since`` is not in UTC with Z.
    """
    if since is not None and not since.endswith("Z"):
        raise ValueError("since must be an instant in UTC, with Z")
    url = f"{client.base}/{_level(group, patients)}$export"
    patience = Patience(client.transport, poll, WHAT)
    ways = [True] if patients or kickoff == "post" else [False, True] if kickoff == "auto" else [False]
    for by_post in ways:
        call = _by_post(url, types, since, patients) if by_post else _by_get(url, types, since)
        try:
            answer = _ask(client, call, patience)
        except Forbidden:  # scopes of single types, where the server wants system/*: each type can still be searched
            return None
        if answer.status not in BY_POST:
            break
    return _job(client, call, answer)


def _ask(client: FhirClient, call: Call, patience: Patience) -> Answer:
    while (answer := client.transport.ask(call)).status == 429:
        patience.wait(answer.headers.get("Retry-After"))
    return answer


def _job(client: FhirClient, call: Call, answer: Answer) -> str | None:
    if answer.status in NOT_OFFERED:
        return None
    if answer.status != 202:
        raise bad_status(call, answer)
    job = answer.headers.get("Content-Location")
    if not job:
        raise ServerFault(f"{WHAT}: the server accepted it and does not say where its state is.")
    return client.transport.origin.resolve_file(job)


def _level(group: str | None, patients: Sequence[str]) -> str:
    """The system's own export takes no list of patients (its OperationDefinition)."""
    if group is not None:
        return f"Group/{quote(group, safe='')}/"
    return "Patient/" if patients else ""


def _by_get(url: str, types: Sequence[str], since: str | None) -> Call:
    query = {"_type": ",".join(types)} | ({"_since": since} if since else {})
    return Call("GET", f"{url}?{urlencode(query)}", WHAT, {"Prefer": "respond-async"}, write=True)


def _by_post(url: str, types: Sequence[str], since: str | None, patients: Sequence[str]) -> Call:
    body = {"resourceType": "Parameters", "parameter": list(_parameters(types, since, patients))}
    headers = {"Prefer": "respond-async,separate-export-status", "Content-Type": FHIR_JSON}
    return Call("POST", url, WHAT, headers, body_of(body), write=True)


def _parameters(types: Sequence[str], since: str | None, patients: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield from ({"name": "_type", "valueString": type_} for type_ in types)  # version 4 takes no list in one
    if since:
        yield {"name": "_since", "valueInstant": since}
    yield from ({"name": "patient", "valueReference": {"reference": f"Patient/{id_}"}} for id_ in patients)
