"""A search, page by page, that ends whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.dialect import Resource, bad_issues, elements
from outreach.fhir.faults import Unsettled
from outreach.fhir.filters import Params, identifies, outside
from outreach.fhir.transport import Transport
from outreach.fhir.wire import Answer, Call, bad_status

PAGE_CAP = 1_000_000
"""Pages of one search at most: a server whose next links never end and never repeat stops here."""

STRICT = {"Prefer": "handling=strict"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Pages:
    """The pages of one search: lists of resources of the searched type, each resource once.

    Rows that the server added (search mode include or outcome, other types) are left out. ``rows`` and ``duplicates``
    count what was given and what was left out as given before; ``totals`` is what the server said there are, page by
    page. Memory: one page, and eight bytes' worth of hash per row for the duplicates.

    Raises, while iterating:
        Unsettled: the rows do not add up to the total, or a page expired or was cut. A second try may come out whole.
        ServerFault: a page is no searchset, the links loop or leave the server, or a filter was ignored.
        ServerRefused: 401, 403, or no POST ``_search`` where a search names a person.
    """

    def __init__(self, transport: Transport, type_: str, params: Params, by_get: bool) -> None:
        self._transport, self.type, self._params, self._by_get = transport, type_, params, by_get
        self.what = f"search of {type_}"
        self.rows = self.duplicates = 0
        self.totals: list[int] = []
        self._seen_rows: set[int] = set()
        self._seen_links: set[str] = set()

    def __iter__(self) -> Iterator[list[Resource]]:
        link: str | None = f"{self._transport.origin.base}/{self.type}?{urlencode(self._params)}"
        while link is not None:
            bundle = self._page(link)
            self.totals += [bundle["total"]] if type(bundle.get("total")) is int else []
            yield list(self._fresh(bundle))
            link = self._next(bundle)
        self._reconcile()

    def _page(self, link: str) -> Resource:
        if link in self._seen_links:
            raise ServerFault(f"{self.what}: the next links go round in a circle.")
        if len(self._seen_links) >= PAGE_CAP:
            raise ServerFault(f"{self.what}: more than {PAGE_CAP} pages.")
        first = not self._seen_links
        self._seen_links.add(link)
        call = search_call(link, self.what, self._by_get)
        answer = self._transport.ask(call)
        if answer.status in (404, 410) and not first:
            raise Unsettled(f"{self.what}: a page was gone before we came to it ({answer.status}).")
        return searchset(call, answer)

    def _fresh(self, bundle: Resource) -> Iterator[Resource]:
        """The rows of a page that count and were not given before."""
        for row in matches(bundle, self.type, self.what):
            if outside(row, self._params):
                raise ServerFault(f"{self.what}: the server ignored a filter: it answered rows outside the search.")
            key = hash(row["id"])
            if key in self._seen_rows:
                self.duplicates += 1
                continue
            self._seen_rows.add(key)
            self.rows += 1
            yield row

    def _next(self, bundle: Resource) -> str | None:
        links = [each.get("url") for each in elements(bundle, "link") if each.get("relation") == "next"]
        if not links:
            return None
        if not isinstance(links[0], str):
            raise ServerFault(f"{self.what}: a next link without an address.")
        return self._transport.origin.resolve(links[0])

    def _reconcile(self) -> None:
        """The rows against the totals. Where a total fell while we read, rows may have slipped between two pages."""
        if not self.totals:
            return
        if self.totals[-1] < self.totals[0] or not min(self.totals) <= self.rows <= max(self.totals):
            raise Unsettled(f"{self.what}: {self.rows} rows came, the server speaks of {self.totals[-1]}.")


def search_call(link: str, what: str, by_get: bool = False) -> Call:
    """The request for a search address: POST ``_search`` when the query may name a person, else GET."""
    parts = urlsplit(link)
    if by_get or not identifies(parse_qsl(parts.query, keep_blank_values=True)):
        return Call("GET", link, what, STRICT)
    path = parts.path.rstrip("/")
    address = f"{parts.scheme}://{parts.netloc}{path if path.endswith('/_search') else path + '/_search'}"
    return Call("POST", address, what, STRICT | FORM, parts.query.encode())


def searchset(call: Call, answer: Answer) -> Resource:
    """The Bundle in an answer to a search."""
    if answer.status in (404, 405, 501) and call.method == "POST":
        raise ServerRefused(
            f"{call.what}: the server does not take POST _search ({answer.status}), and a search that names a person "
            "must not stand in an address. The setting that allows it: identifiers_in_urls."
        )
    if answer.status != 200:
        raise bad_status(call, answer)
    bundle = as_resource(call.what, answer)
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "searchset":
        raise ServerFault(f"{call.what}: the answer is no searchset Bundle.")
    return bundle


def as_resource(what: str, answer: Answer) -> Resource:
    """The resource in a 200. Unsettled if it is no JSON (cut, or a web page), ServerFault if it tells of an error."""
    try:
        found: Any = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unsettled(f"{what}: the answer is not JSON, or was cut.") from None
    if not isinstance(found, dict):
        raise ServerFault(f"{what}: the answer is no resource.")
    if found.get("resourceType") == "OperationOutcome" and bad_issues(found):
        raise ServerFault(f"{what}: the server answered 200 and an OperationOutcome that tells of an error.")
    return found


def matches(bundle: Resource, type_: str, what: str) -> Iterator[Resource]:
    """The resources of the searched type that a page counts as found."""
    listed = bundle.get("entry", [])
    entries = list(elements(bundle, "entry"))
    if not isinstance(listed, list) or len(entries) != len(listed):
        raise ServerFault(f"{what}: the entries of a page cannot be read.")
    for entry in entries:
        row = entry.get("resource")
        if not isinstance(row, dict):
            raise ServerFault(f"{what}: an entry without a resource.")
        if row.get("resourceType") == "OperationOutcome" and bad_issues(row):
            raise ServerFault(f"{what}: a page holds an OperationOutcome that tells of an error.")
        search = entry.get("search")
        mode = search.get("mode", "match") if isinstance(search, dict) else "match"
        if row.get("resourceType") == type_ and mode == "match":
            if not isinstance(row.get("id"), str):
                raise ServerFault(f"{what}: a row without an id.")
            yield row
