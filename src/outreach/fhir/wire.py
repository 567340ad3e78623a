"""What goes out in one exchange and what comes back, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import requests

from outreach.errors import ServerFault
from outreach.fhir.deadline import Watchdog
from outreach.fhir.dialect import elements
from outreach.fhir.faults import BadStatus, Broken

CHUNK = 1 << 21
PIECE = 1 << 17  #: bytes that a sink gets at a time at least, but the last: a chunked answer may come in crumbs
BODY_CAP = 1 << 28  #: bytes of an answer kept in memory; bulk files go to a sink and have no cap
LEAST_RATE = 1 << 16  #: bytes a second that a bulk file must keep up, once its first ``deadline_s`` is over


class Sink(Protocol):
    """Where the body of a bulk file goes."""

    def begin(self) -> None:
        """A body starts: forget whatever an earlier try wrote."""
        ...

    def write(self, chunk: bytes) -> object:
        """The next bytes."""
        ...


@dataclass(frozen=True)
class Call:
    """One request. ``what`` names it in messages, and holds no id and no query ("search of Patient")."""

    method: str
    url: str
    what: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    write: bool = False
    login: bool = True


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    ``doubted``: an earlier try of the same call may have been carried out. ``delimited``: the server said where the
    body ends (Content-Length or chunked), so it cannot have been cut unseen. ``body`` is empty if it went to a sink.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    delimited: bool
    doubted: bool = False

    def codes(self) -> frozenset[str]:
        """The issue codes of an OperationOutcome; none when the body is something else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return frozenset()
        issues = elements(found, "issue") if isinstance(found, dict) else ()
        return frozenset(str(issue.get("code")) for issue in issues)


def receive(call: Call, response: requests.Response, sink: Sink | None, watchdog: Watchdog) -> bytes:
    """The whole body: to the sink, or as bytes. Broken when it is shorter or longer than announced."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ServerFault(f"{call.what}: the answer is compressed though plain was asked for; a cut could hide in it.")
    held, got = bytearray(), 0
    few, gathered = list[bytes](), 0
    if sink:
        sink.begin()
    for chunk in response.raw.stream(CHUNK, decode_content=False):
        got += len(chunk)
        if sink:
            watchdog.allow(len(chunk) / LEAST_RATE)
            few.append(chunk)
            gathered += len(chunk)
            if gathered >= PIECE:
                sink.write(b"".join(few))
                few, gathered = [], 0
        else:
            held += chunk
            if got > BODY_CAP:
                raise ServerFault(f"{call.what}: the answer is larger than {BODY_CAP >> 20} MiB.")
    if sink and few:
        sink.write(b"".join(few))
    announced = response.headers.get("Content-Length")
    if announced is not None and announced != str(got):
        raise Broken(f"{call.what}: the answer was cut: its length is not the one announced.")
    return bytes(held)


def delimited(headers: Mapping[str, str]) -> bool:
    return "Content-Length" in headers or "chunked" in headers.get("Transfer-Encoding", "").lower()


def bad_status(call: Call, answer: Answer) -> BadStatus:
    """The fault for an answer that is no success."""
    return BadStatus(call.what, answer.status, answer.codes())
