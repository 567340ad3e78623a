"""What a server deleted, as the history of a type tells. https://hl7.org/fhir/R4/http.html#history"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from outreach.errors import ServerFault
from outreach.fhir.client import FhirClient
from outreach.fhir.dialect import Resource, elements, reference_id
from outreach.fhir.paging import PAGE_CAP, as_resource
from outreach.fhir.wire import Call, bad_status

_NOT_OFFERED = frozenset({400, 404, 405, 501})


def deleted(client: FhirClient, type_: str, since: str) -> set[str] | None:
    """The ids of a type whose newest version since an instant (UTC, ``Z``) is a deletion; None: no history is kept.

    What was deleted and made again is not among them: a history begins with the newest version.
    """
    newest: dict[str, bool] = {}
    for page in _pages(client, type_, since):
        if page is None:
            return None
        for entry in elements(page, "entry"):
            id_, is_deletion = _told(entry, type_)
            if id_:
                newest.setdefault(id_, is_deletion)
    return {id_ for id_, is_deletion in newest.items() if is_deletion}


def _pages(client: FhirClient, type_: str, since: str) -> Iterator[Resource | None]:
    """The pages of a history; None instead of the first when the server offers none."""
    link: str | None = f"{client.base}/{type_}/_history?{urlencode({'_since': since, '_count': '500'})}"
    seen: set[str] = set()
    while link is not None:
        call = Call("GET", link, f"history of {type_}")
        answer = client.transport.ask(call)
        if answer.status in _NOT_OFFERED and not seen:
            yield None
            return
        if answer.status != 200:
            raise bad_status(call, answer)
        page = as_resource(call.what, answer)
        if page.get("type") != "history":
            raise ServerFault(f"{call.what}: the answer is no history Bundle.")
        yield page
        seen.add(link)
        urls = [each.get("url") for each in elements(page, "link") if each.get("relation") == "next"]
        link = client.transport.origin.resolve(str(urls[0])) if urls else None
        if link in seen or len(seen) >= PAGE_CAP:
            raise ServerFault(f"{call.what}: the next links go round in a circle.")


def _told(entry: Any, type_: str) -> tuple[str | None, bool]:
    """Of which resource an entry tells, and whether it tells of its deletion."""
    request = entry.get("request")
    method, url = (request.get("method"), request.get("url")) if isinstance(request, dict) else (None, None)
    resource = entry.get("resource")
    own = resource.get("id") if isinstance(resource, dict) else None
    return own or reference_id(url, type_) or reference_id(entry.get("fullUrl"), type_), method == "DELETE"
