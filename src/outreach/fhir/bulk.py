"""A bulk export of the whole server: started, waited for, read, and ended.

Source: https://hl7.org/fhir/uv/bulkdata/STU2/export.html (the manifest's ``outcome`` is the later name of ``error``).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource, bad_issues, elements
from outreach.fhir.paging import as_resource
from outreach.fhir.retry import seconds_of
from outreach.fhir.transport import FHIR_JSON
from outreach.fhir.wire import Answer, Call, Sink, bad_status
from outreach.fhir.writing import body_of

NOT_OFFERED = frozenset({400, 404, 405, 501})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
START = {"Prefer": "respond-async"}


@dataclass(frozen=True)
class Poll:
    """How a running export is waited for. All in seconds."""

    first_s: float = 0.5  #: the first wait where the server names none; each further one is half as long again
    most_s: float = 300.0  #: no wait is longer, whatever Retry-After says
    limit_s: float = 6 * 3600.0  #: an export that is not done by then has failed


@dataclass(frozen=True)
class BulkFile:
    """One file of an export. ``count``: rows as the manifest says, None when it does not."""

    type: str
    url: str
    count: int | None


@dataclass(frozen=True)
class Export:
    """A finished export. ``troubles`` are the files that tell what could not be exported, and of mere warnings."""

    transaction_time: str
    files: tuple[BulkFile, ...]
    troubles: tuple[BulkFile, ...]
    login: bool  #: whether our login goes with the files (requiresAccessToken)


def offers_export(capability: Mapping[str, Any]) -> bool:
    """Whether a CapabilityStatement lists the operation ``export`` for the whole system."""
    listed = (operation for rest in elements(capability, "rest") for operation in elements(rest, "operation"))
    return any("export" in str(operation.get("name")) for operation in listed)


def start(client: FhirClient, types: Sequence[str]) -> str | None:
    """Starts a job and returns its address; None when the server offers no such export (400, 404, 405, 501)."""
    kinds = ",".join(types)
    url, what = f"{client.base}/$export", "start of the bulk export"
    call = Call("GET", f"{url}?{urlencode({'_type': kinds})}", what, START, write=True)
    answer = client.transport.ask(call)
    if answer.status == 405:  # the coming version of the standard starts by POST only
        body = {"resourceType": "Parameters", "parameter": [{"name": "_type", "valueString": kinds}]}
        call = Call("POST", url, what, START | {"Content-Type": FHIR_JSON}, body_of(body), write=True)
        answer = client.transport.ask(call)
    if answer.status in NOT_OFFERED:
        return None
    if answer.status != 202:
        raise bad_status(call, answer)
    job = answer.headers.get("Content-Location")
    if not job:
        raise ServerFault(f"{what}: the server accepted it and does not say where its state is.")
    return client.transport.origin.resolve_file(job)


def wait(client: FhirClient, job: str, poll: Poll) -> Export:
    """Asks for the job's state until it is done. Passing trouble (429, 5xx, issue ``transient``) is waited out."""
    transport, call = client.transport, Call("GET", job, "bulk export", {"Accept": "application/json"})
    until, pause = transport.monotonic() + poll.limit_s, poll.first_s
    while (answer := transport.ask(call)).status != 200:
        if not (answer.status in (202, 429) or "transient" in answer.codes()):
            raise bad_status(call, answer)
        asked = seconds_of(answer.headers.get("Retry-After"))
        seconds = min(pause if asked is None else max(asked, 0.1), poll.most_s)
        if transport.monotonic() + seconds > until:
            raise ServerFault(f"{call.what}: not done within {poll.limit_s / 3600:g} hours.")
        transport.sleep(seconds)
        pause *= 1.5
    return _export(client, call, answer)


def end(client: FhirClient, job: str) -> None:
    """Tells the server to forget the job. Some allow one at a time; none is owed more than the attempt."""
    with contextlib.suppress(ServerFault, ServerRefused):
        client.transport.ask(Call("DELETE", job, "end of the bulk export", write=True))


def fetch(client: FhirClient, file: BulkFile, login: bool, sink: Sink | None = None) -> Answer:
    """One file, into the sink or into the answer. Redirects are followed to where a file may lie, without our login."""
    headers = {"Accept": "application/fhir+ndjson"}
    call = Call("GET", file.url, f"bulk file of {file.type}", headers, login=login)
    for _ in range(3):
        answer = client.transport.ask(call, sink)
        if answer.status == 200:
            return answer
        if answer.status not in REDIRECTS:
            raise bad_status(call, answer)
        call = replace(call, url=client.transport.origin.resolve_file(answer.headers.get("Location", "")), login=False)
    raise ServerFault(f"{call.what}: redirected again and again.")


def tells_of_errors(client: FhirClient, export: Export) -> bool:
    """Whether any of the troubles is an error; an unreadable one counts as such."""
    return any(_bad(fetch(client, file, export.login)) for file in export.troubles)


def _bad(answer: Answer) -> bool:
    try:
        return any(bad_issues(json.loads(line)) for line in answer.body.splitlines() if line.strip())
    except (ValueError, RecursionError, AttributeError):
        return True


def _export(client: FhirClient, call: Call, answer: Answer) -> Export:
    """The manifest, with its further pages if it has any."""
    pages = [as_resource(call.what, answer)]
    while link := _further(pages[-1]):
        if len(pages) > 1000:
            raise ServerFault(f"{call.what}: the manifest has no end.")
        further = replace(call, url=client.transport.origin.resolve_file(link))
        answer = client.transport.ask(further)
        if answer.status != 200:
            raise bad_status(further, answer)
        pages.append(as_resource(call.what, answer))
    return Export(
        str(pages[0].get("transactionTime", "")),
        tuple(_file(client, each) for page in pages for each in elements(page, "output")),
        tuple(_file(client, each) for page in pages for name in ("error", "outcome") for each in elements(page, name)),
        login=pages[0].get("requiresAccessToken") is not False,
    )


def _further(page: Resource) -> str:
    """The link to the manifest's next page; empty when there is none."""
    return next((str(each.get("url")) for each in elements(page, "link") if each.get("relation") == "next"), "")


def _file(client: FhirClient, entry: Mapping[str, Any]) -> BulkFile:
    count = entry.get("count")
    url = client.transport.origin.resolve_file(str(entry.get("url", "")))
    return BulkFile(str(entry.get("type")), url, count if type(count) is int else None)
