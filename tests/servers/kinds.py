"""What a scripted network fault is, and those that strike any body.

The others: ``kinds_search``, ``kinds_bulk``, ``kinds_write``.
"""

from __future__ import annotations

from dataclasses import dataclass

from servers.scripted import Trick
from servers.tricks import (
    answers,
    chunked,
    cut,
    drips,
    overlong,
    raw,
    repeated,
    reset,
    says,
    short,
    stalls,
    turned_head,
    zipped,
)

WHOLE = "whole"  #: the pull ends with everything that the server has
OUT = "another origin"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
ERROR = b'{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}'
TRANSIENT = b'{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "transient"}]}'
INFORMATION = b'{"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational"}]}'
PAGE = b"<html><body>Please log in</body></html>\n"
CLOUD = "http://169.254.169.254/latest/meta-data"  #: link-local: where clouds keep the logins of a machine


@dataclass(frozen=True)
class Kind:
    """``ends``: WHOLE, or what the refusal says (a regular expression). ``slow``: only a deadline ends it."""

    moment: str
    trick: Trick
    ends: str
    once: bool = False
    slow: bool = False


def broken_wire(moment: str, of_file: bool) -> dict[str, Kind]:
    """The ways a body does not come whole."""
    return {
        "cut, no length": Kind(moment, cut, "rows where" if of_file else "not JSON, or was cut"),
        "shorter than announced": Kind(moment, short, "broke"),
        "longer than announced": Kind(moment, overlong, "rows where" if of_file else "not JSON, or was cut"),
        "a length that is no number": Kind(moment, turned_head(b"Content-Length: many\r\n"), "announced"),
        "two lengths that differ": Kind(moment, turned_head(b"Content-Length: 9\r\nContent-Length: 12\r\n"), "broke"),
        "gzip unasked": Kind(moment, zipped(1.0), "compressed"),
        "gzip, truncated": Kind(moment, zipped(0.6), "compressed"),
        "chunked without an end": Kind(moment, chunked(b""), "broke"),
        "chunked, a size that is no number": Kind(moment, chunked(b"zz\r\n"), "broke"),
        "reset before the answer": Kind(moment, reset(0), "broke"),
        "reset in the body": Kind(moment, reset(0.5), "broke"),
        "closed without an answer": Kind(moment, raw(b""), "broke"),
        "a byte now and then": Kind(moment, drips(headers_too=False), "time limit", slow=True),
        "a header byte now and then": Kind(moment, drips(headers_too=True), "time limit", slow=True),
        "silent after the request": Kind(moment, stalls(0), "time limit", slow=True),
        "silent in the body": Kind(moment, stalls(0.5), "time limit", slow=True),
        "an answer that is no HTTP": Kind(moment, raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "broke"),
        "headers without end": Kind(moment, repeated(HEAD, b"X-More: 1\r\n"), "broke"),
        "one header without end": Kind(moment, repeated(HEAD + b"X: ", b"x" * 4096), "broke"),
        "100 Continue for ever": Kind(moment, repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "limit", slow=True),
        "a good start, then silence": Kind(moment, raw(HEAD, stay=True), "time limit", slow=True),
        "a reset, once": Kind(moment, reset(0.5), WHOLE, once=True),
        "an empty 200": Kind(moment, says(b""), "rows where" if of_file else "not JSON"),
        "a 204": Kind(moment, answers(204), "204"),
        "a 206": Kind(moment, answers(206, PAGE), "206"),
        "a status that does not exist": Kind(moment, answers(999), "999"),
        "401 on the way": Kind(moment, answers(401), "refuses our login"),
        "403 on the way": Kind(moment, answers(403), "refuses our login"),
        "500 always": Kind(moment, answers(500), "500"),
        "500 once": Kind(moment, answers(500), WHOLE, once=True),
        "408 once": Kind(moment, answers(408), WHOLE, once=True),
        "502 once": Kind(moment, answers(502), WHOLE, once=True),
        "504 once": Kind(moment, answers(504), WHOLE, once=True),
        "429 storm": Kind(moment, answers(429, Retry_After="0"), "429"),
        "503 storm": Kind(moment, answers(503, Retry_After="300"), "503"),
    }
