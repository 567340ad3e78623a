"""What a search may meet on its way, page by page; and what one that names a person may meet."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from servers.kinds import CLOUD, ERROR, HEAD, OUT, PAGE, WHOLE, Kind, broken_wire
from servers.scripted import Scripted, Trick
from servers.tricks import (
    answers,
    cut,
    edited,
    having,
    next_is,
    on_server,
    repeated,
    replacing,
    reset,
    says,
    stalls,
    turned,
    without,
)


def _rows(change: Callable[[list[Any]], object]) -> Trick:
    """Changes the entries of a page."""
    return edited(lambda page: change(page["entry"]))


def _more(row: object) -> Trick:
    """One more entry on a page."""
    return _rows(lambda rows: rows.append({"resource": row}))


def _first(**fields: object) -> Trick:
    """Other fields in the first row of a page."""
    return _rows(lambda rows: rows[0]["resource"].update(fields))


def _lost_row(server: Scripted) -> None:
    """A row of the page before goes, once: all that come after it move one place up."""
    with server.lock:
        server.rows["Patient"] = [row for row in server.rows["Patient"] if row["id"] != "p0"]


def _new_row(server: Scripted) -> None:
    with server.lock:
        if len(server.rows["Patient"]) == 7:
            server.rows["Patient"] = [*server.rows["Patient"], {"resourceType": "Patient", "id": "p7"}]


def _retry(value: str, code: int = 429) -> Kind:
    return Kind("page", answers(code, Retry_After=value), WHOLE, once=True)


REDIRECTS = {f"{code} to another host": Kind("page", answers(code, Location="{other}/Patient"), str(code))
              for code in (301, 302, 303, 307, 308)}  # fmt: skip

SEARCH = broken_wire("page", of_file=False) | REDIRECTS | {
    "redirected to itself": Kind("page", answers(307, Location="{base}/Patient?from=3"), "307"),
    "web page in a 200": Kind("page", says(PAGE, "text/html"), "not JSON"),
    "OperationOutcome in a 200": Kind("page", says(ERROR), "OperationOutcome"),
    "404 on a next link": Kind("page", answers(404), "gone before"),
    "410 on a next link": Kind("page", answers(410), "gone before"),
    "410 on a next link, once": Kind("page", answers(410), WHOLE, once=True),
    "next: the first page": Kind("page", next_is("{base}/Patient?_sort=_id&_count=500"), "circle"),
    "next: the same page": Kind("page", next_is("{base}/Patient?from=3"), "circle"),
    "next: new pages without end": Kind("page", next_is("{base}/Patient?from=3&n={n}"), "more than 50 pages"),
    "next: another port": Kind("first", next_is("{other}/Patient?from=3"), OUT),
    "next: another host": Kind("first", next_is("http://elsewhere.invalid/fhir/Patient?from=3"), OUT),
    "next: https where we speak http": Kind("first", next_is("https://127.0.0.1:{port}/fhir/Patient?from=3"), OUT),
    "next: no scheme": Kind("first", next_is("//elsewhere.invalid/fhir/Patient"), OUT),
    "next: the cloud's metadata": Kind("first", next_is(CLOUD), OUT),
    "next: a file": Kind("first", next_is("file:///etc/passwd"), OUT),
    "next: a doubled port": Kind("first", next_is("http://127.0.0.1:{port}:{port}/fhir/Patient?from=3"), OUT),
    "next: a login in it": Kind("first", next_is("http://a:b@127.0.0.1:{port}/fhir/Patient?from=3"), OUT),
    "next: our host as a login": Kind("first", next_is("http://127.0.0.1:{port}@elsewhere.invalid/fhir/Patient"), OUT),
    "next: a backslash": Kind("first", next_is("http://elsewhere.invalid\\@127.0.0.1:{port}/fhir/Patient"), OUT),
    "next: out of the base by dots": Kind("first", next_is("{base}/../admin"), OUT),
    "next: out of the base by dots, encoded": Kind("first", next_is("{base}/%2e%2e/admin"), OUT),
    "next: a name of this machine": Kind("first", next_is("http://localhost:{port}/fhir/Patient?from=3"), OUT),
    "next: line breaks in it": Kind("first", next_is("{base}/Patient?fr\r\nom=3"), WHOLE),
    "next: half a character in it": Kind("first", next_is("{base}/Patient?from=3&name=\ud800"), OUT),
    "next: relative": Kind("first", next_is("Patient?from=3"), WHOLE),
    "next: relative to the host": Kind("first", next_is("/fhir/Patient?from=3"), WHOLE),
    "next: with a fragment": Kind("first", next_is("{base}/Patient?from=3#x"), WHOLE),
    "next: a number": Kind("first", next_is(3), "without an address"),
    "next: nothing": Kind("first", next_is(None), "without an address"),
    "next: a megabyte long": Kind("first", next_is("{base}/Patient?from=" + "3" * (1 << 20)), "414|broke"),
    "a page left out": Kind("first", next_is("{base}/Patient?from=6"), "speaks of"),
    "the last link left out": Kind("page", having(link=[]), "speaks of"),
    "links that are no list": Kind("first", having(link="next"), "speaks of"),
    "a page twice": Kind("page", edited(lambda page: page.update(entry=page["entry"] * 2)), WHOLE),
    "one id in two versions": Kind("page", _more({"resourceType": "Patient", "id": "p3", "language": "en"}), WHOLE),
    "total too high": Kind("page", having(total=99), WHOLE),
    "total too low": Kind("page", having(total=3), WHOLE),
    "total below nothing": Kind("page", having(total=-1), WHOLE),
    "total falls at the end": Kind("last", having(total=6), "speaks of"),
    "no total on a page": Kind("page", without("total"), WHOLE),
    "total as text": Kind("page", having(total="7"), WHOLE),
    "count too low": Kind("count", having(total=3), "counts 3"),
    "count of nothing": Kind("count", having(total=0), "7 rows of Patient; the server counts 0"),
    "count is a web page": Kind("count", says(PAGE), "not JSON"),
    "count is refused": Kind("count", answers(400), WHOLE),
    "a row is lost while we read": Kind("page", on_server(_lost_row), WHOLE),
    "a row is new while we read": Kind("page", on_server(_new_row), WHOLE),
    "rows of another type": Kind("page", _first(resourceType="Group"), "speaks of"),
    "an entry without a resource": Kind("page", _rows(lambda rows: rows[0].clear()), "without a resource"),
    "an entry that is a number": Kind("page", _rows(lambda rows: rows.append(5)), "cannot be read"),
    "entries that are no list": Kind("page", having(entry={}), "cannot be read"),
    "a row without an id": Kind("page", _rows(lambda rows: rows[0]["resource"].pop("id") and None), "without an id"),
    "an id that is a number": Kind("page", _first(id=3), "without an id"),
    "an OperationOutcome among the rows": Kind("page", _more(json.loads(ERROR)), "OperationOutcome"),
    "no searchset": Kind("page", having(type="collection"), "no searchset"),
    "a list instead of a resource": Kind("page", says(b"[1, 2]"), "no resource"),
    "null": Kind("page", says(b"null"), "no resource"),
    "nested without end": Kind("page", says(b'{"a":' * 200_000), "not JSON"),
    "lists nested without end": Kind("page", says(b"[" * 1_000_000), "not JSON"),
    "a number of 10,000 digits": Kind("page", replacing(b'"total": 7', b'"total": ' + b"7" * 10_000), "not JSON"),
    "doubled keys that hide rows": Kind("page", turned(lambda body: body[:-1] + b', "entry": []}'), "speaks of"),
    "bytes that are no UTF-8": Kind("page", replacing(b"p3", b"p\xff"), "not JSON"),
    "UTF-16": Kind("page", turned(lambda body: body.decode().encode("utf-16")), WHOLE),
    "UTF-8 with a mark": Kind("page", turned(lambda body: b"\xef\xbb\xbf" + body), WHOLE),
    "half a character in a row": Kind("page", replacing(b'"p3"', b'"p3", "language": "\\ud800"'), WHOLE),
    "NaN in a row": Kind("page", replacing(b'"p3"', b'"p3", "multipleBirthInteger": NaN'), WHOLE),
    "a body without end": Kind("page", repeated(HEAD + b"\r\n", b" " * 65536), "larger than"),
    "a body over the cap, announced": Kind("page", says(b" " * (1 << 22)), "larger than"),
    "Retry-After in seconds": _retry("2"),
    "Retry-After as a date": _retry("Wed, 21 Oct 2015 07:28:00 GMT"),
    "Retry-After as a date far away": _retry("Fri, 31 Dec 9999 23:59:59 GMT"),
    "Retry-After: a year": _retry("31536000"),
    "Retry-After below nothing": _retry("-5"),
    "Retry-After in milliseconds since 1970": _retry("1795512343505"),
    "Retry-After is no time": _retry("soon"),
    "Retry-After: a date that does not exist": _retry("Wed, 99 Foo 9999 99:99:99 GMT"),
    "Retry-After: a date beyond every integer": _retry("Thu, 01 Jan 99999999999999 00:00:00 GMT"),
    "Retry-After: a number of 10,000 digits": _retry("9" * 10_000),
    "metadata is a web page": Kind("metadata", says(PAGE), "not JSON"),
    "metadata is another resource": Kind("metadata", says(b'{"resourceType": "Patient"}'), "no CapabilityStatement"),
    "metadata without a version": Kind("metadata", having(fhirVersion=None), "not speak FHIR R4"),
    "metadata lies elsewhere": Kind("metadata", answers(307, Location="{other}/metadata"), "307"),
    "metadata never comes": Kind("metadata", stalls(0), "time limit", slow=True),
}  # fmt: skip

#: What a search that names a person may meet: its body holds the person.
FORM: dict[str, Trick] = {
    **{f"{code} to another host": answers(code, Location="{other}/Condition") for code in (301, 302, 303, 307, 308)},
    "a redirect to the cloud's metadata": answers(307, Location=CLOUD),
    "a next link to another port": next_is("{other}/Condition?patient=p3&from=3"),
    "rows of other people": edited(
        lambda page: page["entry"][0]["resource"].update(subject={"reference": "Patient/p4"})
    ),
    "405": answers(405),
    "reset before the answer": reset(0),
    "cut, no length": cut,
    "silent after the request": stalls(0),
}
