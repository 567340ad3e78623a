"""The interactions the engine uses, each with a promise that plain HTTP does not give.

Reads come back whole or not at all. A write is always keyed, with If-Match or If-None-Exist, and a write whose fate is
not known says so instead of guessing. https://hl7.org/fhir/R4/http.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir import writing
from outreach.fhir.auth import Auth
from outreach.fhir.dialect import Resource, elements
from outreach.fhir.faults import Unsettled
from outreach.fhir.filters import Params
from outreach.fhir.origin import Origin
from outreach.fhir.paging import Pages, as_resource, search_call, searchset
from outreach.fhir.transport import FHIR_JSON, Limits, Transport
from outreach.fhir.wire import Call, bad_status
from outreach.fhir.writing import Created, Versioned

__all__ = ["Created", "FhirClient", "Versioned"]


class FhirClient:
    """One FHIR R4 server. May be shared between threads.

    Args:
        base: its address; https, or http to this machine. ``Refused`` otherwise, before anything is contacted.
        auth: gives the login headers, which go to the base only.
        deadline_s: seconds that the tries of one call may spend talking, all together; a bulk file may take longer
            as long as it keeps coming (64 KiB a second).
        patience_s: seconds that the waits between the tries of one call may add up to.
        aliases, file_hosts: see ``Origin``.
        identifiers_in_urls: allow searches that name a person as GET, for servers without POST ``_search``.
        requests_per_second: no more than these are begun, over all threads and tries; 0 for no limit.
        ca_file: certificate authorities to trust instead of the usual ones. Checking cannot be turned off.

    Every method raises ``ServerRefused`` for 401 and 403 and a ``ServerFault`` for any other failure; no message holds
    an id, a query or a body.
    """

    def __init__(
        self,
        base: str,
        *,
        auth: Auth | None = None,
        deadline_s: float = 60.0,
        patience_s: float = 300.0,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        aliases: Sequence[str] = (),
        file_hosts: Sequence[str] = (),
        identifiers_in_urls: bool = False,
        requests_per_second: float = 0.0,
        ca_file: Path | None = None,
    ) -> None:
        origin = Origin(base, aliases, file_hosts)
        self.base, self.auth = origin.base, auth
        self.transport = Transport(
            origin, auth, Limits(deadline_s, patience_s), sleep, monotonic, ca_file, requests_per_second
        )
        self._by_get = identifiers_in_urls

    def capability(self) -> Resource:
        """The CapabilityStatement. ``ServerRefused`` when the server is not FHIR R4 (4.0.x)."""
        call = Call("GET", f"{self.base}/metadata", "metadata")
        answer = self.transport.ask(call)
        if answer.status != 200:
            raise bad_status(call, answer)
        found = as_resource(call.what, answer)
        if found.get("resourceType") != "CapabilityStatement":
            raise ServerFault("metadata: the answer is no CapabilityStatement.")
        if not str(found.get("fhirVersion", "")).startswith("4.0."):
            raise ServerRefused("The server does not speak FHIR R4 (4.0.x).")
        return found

    def read(self, type_: str, id_: str) -> Versioned | None:
        """One resource as it is now; None when the server has none (404) or has deleted it (410)."""
        return writing.read(self.transport, type_, id_)

    def search(self, type_: str, params: Params = (), *, page: int = 500) -> list[Resource]:
        """Every match, each once, after as many pages as it takes; tried twice before it fails for not adding up."""
        try:
            return [row for rows in self.stream(type_, params, page=page) for row in rows]
        except Unsettled:
            return [row for rows in self.stream(type_, params, page=page) for row in rows]

    def stream(self, type_: str, params: Params = (), *, page: int = 500) -> Pages:
        """The matches page by page (``page`` rows are asked for). Only the end of the iteration proves them whole."""
        return Pages(self.transport, type_, [*params, ("_count", str(page))], self._by_get)

    def total(self, type_: str, params: Params = ()) -> int | None:
        """How many match, as the server counts (``_summary=count``); None when it gives no total."""
        link = f"{self.base}/{type_}?{urlencode([*params, ('_summary', 'count')])}"
        call = search_call(link, f"count of {type_}", self._by_get)
        total = searchset(call, self.transport.ask(call)).get("total")
        return total if type(total) is int else None

    def update(self, resource: Resource, *, if_match: str) -> Versioned:
        """Replaces a resource that is still at the version ``if_match``.

        Raises:
            LostRace: it is not (409, 412), or it is gone (410). Nothing was changed by us.
            OutcomeUnknown: it may or may not have been replaced: read it back.
        """
        return writing.update(self.transport, resource, if_match)

    def create(self, resource: Resource, *, if_none_exist: tuple[str, str]) -> Created:
        """Creates a resource unless one with the identifier (system, value) exists. The resource must carry it.

        Raises:
            OutcomeUnknown: it may or may not exist now: search for the identifier.
            SeveralMatch: several resources bear the identifier already.
        """
        return writing.create(self.transport, resource, *if_none_exist)

    def delete(self, type_: str, id_: str) -> None:
        """Deletes a resource; none to delete is as good. The engine deletes only what it made to probe a server."""
        writing.delete(self.transport, type_, id_)

    def batch(self, entries: Sequence[Resource]) -> list[Resource]:
        """Sends Bundle entries as one batch and gives back the response entries, in order. For loading a demo.

        Every entry must be safe to repeat: no POST without ``ifNoneExist``.
        """
        if any(e["request"]["method"] == "POST" and not e["request"].get("ifNoneExist") for e in entries):
            raise ValueError("a create needs a key")
        bundle = {"resourceType": "Bundle", "type": "batch", "entry": list(entries)}
        headers = {"Content-Type": FHIR_JSON, "Prefer": "return=minimal"}
        call = Call("POST", self.base, "batch", headers, writing.body_of(bundle))
        answer = self.transport.ask(call)
        if answer.status != 200:
            raise bad_status(call, answer)
        responses = list(elements(as_resource(call.what, answer), "entry"))
        if len(responses) != len(entries):
            raise ServerFault(f"batch: {len(entries)} entries went, {len(responses)} answers came.")
        return [dict(each) for each in responses]
