"""The files of an export."""

from __future__ import annotations

from dataclasses import replace

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.bulk.export import BulkFile
from outreach.fhir.client import FhirClient
from outreach.fhir.faults import Expired
from outreach.fhir.wire import Answer, Call, Sink, bad_status

REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})


def fetch(client: FhirClient, file: BulkFile, login: bool, sink: Sink | None = None) -> Answer:
    """One file, into the sink or into the answer. Redirects are followed to where a file may lie, without our login.

    Raises:
        Expired: it is no longer there (404, 410), or its signed address no longer opens (401, 403 without our login).
    """
    headers = {"Accept": "application/fhir+ndjson"}
    call = Call("GET", file.url, f"bulk file of {file.type}", headers, login=login)
    for _ in range(3):
        answer = _ask(client, call, sink)
        if answer.status == 200:
            return answer
        if answer.status in GONE:
            raise Expired(f"{call.what}: it is no longer there ({answer.status}).")
        if answer.status not in REDIRECTS:
            raise bad_status(call, answer)
        call = replace(
            call, url=client.transport.origin.resolve_file(answer.headers.get("Location", ""), call.url), login=False
        )
    raise ServerFault(f"{call.what}: redirected again and again.")


def _ask(client: FhirClient, call: Call, sink: Sink | None) -> Answer:
    try:
        return client.transport.ask(call, sink)
    except ServerRefused:
        if call.login and client.transport.origin.is_home(call.url):
            raise
        raise Expired(f"{call.what}: its address no longer opens.") from None
