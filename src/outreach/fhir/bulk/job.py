"""A running export: asked for its state until it is done, and ended."""

from __future__ import annotations

import contextlib

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.bulk.export import WHAT, Export, export_of, further_page
from outreach.fhir.bulk.patience import Patience, Poll
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource
from outreach.fhir.faults import BadStatus, Broken, Expired, NeverSent
from outreach.fhir.paging import as_resource
from outreach.fhir.retry import TRIES
from outreach.fhir.wire import Answer, Call

PAGES = 1000
PASSING = frozenset({408, 502, 503, 504})


def wait(client: FhirClient, job: str, poll: Poll) -> Export:
    """Asks for the job's state until it is done, and for every page of its manifest.

    A running job is waited for as long as ``poll`` says, and so are 429 and the issue code ``transient``. A gateway
    that fails, or a server that is away, is asked a few times more: an export of hours should survive its restart.

    Raises:
        Expired: the server no longer knows the job.
        ServerFault: the job failed, is not done in time, or its manifest is none or has no end.
    """
    patience = Patience(client.transport, poll, WHAT)
    pages, seen, link = list[Resource](), set[str](), job
    while link:
        if link in seen or len(seen) >= PAGES:
            raise ServerFault(f"{WHAT}: the manifest has no end.")
        seen.add(link)
        pages.append(_page(client, link, patience))
        following = further_page(pages[-1])
        link = client.transport.origin.resolve_file(following) if following else ""
    return export_of(pages, client.transport.origin.resolve_file)


def end(client: FhirClient, job: str) -> None:
    """Tells the server to forget the job. Some allow one at a time; none is owed more than the attempt."""
    with contextlib.suppress(ServerFault, ServerRefused):
        client.transport.ask(Call("DELETE", job, "end of the bulk export", write=True))


def _page(client: FhirClient, url: str, patience: Patience) -> Resource:
    call, stumbles = Call("GET", url, WHAT, {"Accept": "application/json"}), 0
    while True:
        answer = _ask(client, call, stumbles)
        state = _state(answer) if answer else None
        if answer and state == 200:
            return as_resource(WHAT, answer)
        stumbles = 0 if answer and _goes_on(answer, state) else stumbles + 1
        if answer and stumbles and (state not in PASSING or stumbles > TRIES):
            raise _fault(answer, state)
        patience.wait(answer.headers.get("Retry-After") if answer else None)


def _ask(client: FhirClient, call: Call, stumbles: int) -> Answer | None:
    """The answer; None when there was none and it is worth another look."""
    try:
        return client.transport.ask(call)
    except (NeverSent, Broken):
        if stumbles >= TRIES:
            raise
        return None


def _state(answer: Answer) -> int:
    """The job's own status, as HTTP would have it: version 4 puts it into a header (``202 Accepted``) of a 200."""
    told = answer.headers.get("X-Export-Status", "").strip()[:3]
    return int(told) if answer.status == 200 and told.isascii() and told.isdigit() else answer.status


def _goes_on(answer: Answer, state: int | None) -> bool:
    return state in (202, 429) or "transient" in answer.codes()


def _fault(answer: Answer, state: int | None) -> ServerFault:
    if state in (404, 410):
        return Expired(f"{WHAT}: the server no longer knows it ({state}).")
    return BadStatus(WHAT, state or answer.status, answer.codes())
