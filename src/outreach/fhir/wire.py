"""What goes out in one exchange and what comes back, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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
    chunks = response.raw.stream(CHUNK, decode_content=False)
    body = b"" if sink else _hold(call, chunks)
    got = _fill(sink, chunks, watchdog) if sink else len(body)
    announced = response.headers.get("Content-Length")
    if announced is not None and announced != str(got):
        raise Broken(f"{call.what}: the answer was cut: its length is not the one announced.")
    return body


def _hold(call: Call, chunks: Iterable[bytes]) -> bytes:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > BODY_CAP:
            raise ServerFault(f"{call.what}: the answer is larger than {BODY_CAP >> 20} MiB.")
    return bytes(held)


def _fill(sink: Sink, chunks: Iterable[bytes], watchdog: Watchdog) -> int:
    """The bytes that came, crumbs gathered to pieces."""
    sink.begin()
    few, gathered, got = list[bytes](), 0, 0
    for chunk in chunks:
        watchdog.allow(len(chunk) / LEAST_RATE)
        few.append(chunk)
        gathered += len(chunk)
        if gathered >= PIECE:
            sink.write(b"".join(few))
            got += gathered
            few, gathered = [], 0
    if few:
        sink.write(b"".join(few))
    return got + gathered


def delimited(headers: Mapping[str, str]) -> bool:
    return "Content-Length" in headers or "chunked" in headers.get("Transfer-Encoding", "").lower()


def bad_status(call: Call, answer: Answer) -> BadStatus:
    """The fault for an answer that is no success."""
    return BadStatus(call.what, answer.status, answer.codes())
