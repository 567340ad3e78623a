"""What a keyed write may meet, and what the client must then say of it."""

from __future__ import annotations

from dataclasses import dataclass

from servers.kinds import CLOUD, ERROR, HEAD, PAGE
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
    turned,
    turned_head,
    zipped,
)


@dataclass(frozen=True)
class WriteKind:
    """``ends``: MADE, or the class of the refusal. ``instead``: the write was not done; else it was."""

    trick: Trick
    ends: str
    instead: bool = False
    once: bool = False
    slow: bool = False


def _first_503_then(code: int, first: int = 503) -> Trick:
    """The first try is put off, though it may be done; the next one is refused."""
    return lambda h, *told: answers(first if h.owner.strikes == 1 else code, Retry_After="0")(h, *told)


MADE, UNKNOWN, REFUSED, STATUS = "made", "OutcomeUnknown", "ServerRefused", "BadStatus"
OTHER = b'{"resourceType": "Communication", "id": "somebody-elses", "status": "completed"}'
WRITE: dict[str, WriteKind] = {
    "reset before the answer": WriteKind(reset(0), UNKNOWN),
    "reset in the answer": WriteKind(reset(0.5), UNKNOWN),
    "reset before it was done": WriteKind(reset(0), UNKNOWN, instead=True),
    "answer cut, no length": WriteKind(cut, UNKNOWN),
    "answer shorter than announced": WriteKind(short, UNKNOWN),
    "answer longer than announced": WriteKind(overlong, UNKNOWN),
    "a length that is no number": WriteKind(turned_head(b"Content-Length: many\r\n"), UNKNOWN),
    "two lengths that differ": WriteKind(turned_head(b"Content-Length: 9\r\nContent-Length: 12\r\n"), UNKNOWN),
    "answer gzip unasked": WriteKind(zipped(1.0), UNKNOWN),
    "answer chunked without an end": WriteKind(chunked(b""), UNKNOWN),
    "answer a byte now and then": WriteKind(drips(headers_too=False), UNKNOWN, slow=True),
    "silent after the write": WriteKind(stalls(0), UNKNOWN, slow=True),
    "silent in the answer": WriteKind(stalls(0.5), UNKNOWN, slow=True),
    "silent and nothing done": WriteKind(stalls(0), UNKNOWN, instead=True, slow=True),
    "answer that is no HTTP": WriteKind(raw(b"SSH-2.0-OpenSSH_9.2\r\n"), UNKNOWN),
    "answer without end": WriteKind(repeated(HEAD + b"\r\n", b" " * 65536), UNKNOWN),
    "answer nested without end": WriteKind(says(b"[" * 1_000_000), UNKNOWN),
    "a web page in a 200": WriteKind(says(PAGE, "text/html"), UNKNOWN),
    "an OperationOutcome in a 200": WriteKind(says(ERROR), UNKNOWN, instead=True),
    "somebody else's resource": WriteKind(says(OTHER), UNKNOWN, instead=True),
    "an empty 201 that says where": WriteKind(turned(lambda body: b""), MADE),
    "an empty 201 that does not say where": WriteKind(answers(201), UNKNOWN),
    "an empty 201 that says another host": WriteKind(
        answers(201, Location="http://elsewhere.invalid/fhir/Communication/new0"), MADE
    ),
    "a 202": WriteKind(answers(202), UNKNOWN),
    "a 204": WriteKind(answers(204), UNKNOWN),
    "500": WriteKind(answers(500), UNKNOWN),
    "502": WriteKind(answers(502), UNKNOWN),
    "504": WriteKind(answers(504), UNKNOWN),
    "408": WriteKind(answers(408), UNKNOWN),
    "a status that does not exist": WriteKind(answers(999), UNKNOWN),
    "503 once, done": WriteKind(answers(503, Retry_After="0"), MADE, once=True),
    "503 done, then 401": WriteKind(_first_503_then(401), UNKNOWN),
    "503 done, then 403": WriteKind(_first_503_then(403), UNKNOWN),
    "429, then 403": WriteKind(_first_503_then(403, first=429), "Forbidden", instead=True),
    "503 storm, nothing done": WriteKind(answers(503, Retry_After="0"), UNKNOWN, instead=True),
    "429 once, nothing done": WriteKind(answers(429, Retry_After="1795512343505"), MADE, instead=True, once=True),
    "429 storm, nothing done": WriteKind(answers(429, Retry_After="0"), STATUS, instead=True),
    "301 to another host": WriteKind(answers(301, Location="{other}/Communication"), STATUS, instead=True),
    "302 to another host": WriteKind(answers(302, Location="{other}/Communication"), STATUS, instead=True),
    "303 to another host": WriteKind(answers(303, Location="{other}/Communication"), STATUS, instead=True),
    "307 to another host": WriteKind(answers(307, Location="{other}/Communication"), STATUS, instead=True),
    "308 to another host": WriteKind(answers(308, Location="{other}/Communication"), STATUS, instead=True),
    "307 to the cloud's metadata": WriteKind(answers(307, Location=CLOUD), STATUS, instead=True),
    "400": WriteKind(answers(400, ERROR), STATUS, instead=True),
    "401": WriteKind(answers(401), REFUSED, instead=True),
    "403": WriteKind(answers(403), "Forbidden", instead=True),
    "409": WriteKind(answers(409), UNKNOWN, instead=True),
    "412": WriteKind(answers(412), "SeveralMatch", instead=True),
    "413": WriteKind(answers(413), STATUS, instead=True),
}
