"""What the scripted server can do with an answer: cut, stretch, stall, garble, redirect, lie."""

from __future__ import annotations

import gzip
import json
import socket
import struct
from collections.abc import Callable
from typing import Any

from servers.scripted import Scripted, Struck, Trick

Headers = dict[str, str]
FOREVER_S = 30.0  #: as good as for ever, for a client that has half a second


def honest(h: Struck, status: int, body: bytes, headers: Headers) -> None:
    h.reply(status, body, headers)


def answers(code: int, body: bytes = b"", **headers: str) -> Trick:
    """Another status, with headers in which places are filled in: see ``spelt``."""
    return lambda h, s, b, hd: h.reply(code, body, {n.replace("_", "-"): spelt(v, h.owner) for n, v in headers.items()})


def says(content: bytes, kind: str = "application/fhir+json") -> Trick:
    """200, and another body."""
    return lambda h, s, b, hd: h.reply(200, content, {"Content-Type": kind})


def turned(change: Callable[[bytes], bytes]) -> Trick:
    """The honest answer, its body changed."""
    return lambda h, s, b, hd: h.reply(s, change(b), hd)


def edited(change: Callable[[Any], object]) -> Trick:
    """The honest answer, its JSON changed in place, or replaced by what ``change`` returns."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        found = json.loads(body or b"{}")
        told = change(found)
        h.reply(status, json.dumps(found if told is None else told).encode(), headers)

    return trick


def having(**fields: object) -> Trick:
    """The honest answer, with these fields of its JSON instead of its own."""
    return edited(lambda found: found.update(fields))


def without(name: str) -> Trick:
    """The honest answer, its JSON without this field."""
    return edited(lambda found: {key: value for key, value in found.items() if key != name})


def replacing(old: bytes, new: bytes, times: int = -1) -> Trick:
    """The honest answer, with ``new`` where ``old`` stands in its body."""
    return turned(lambda body: body.replace(old, new, times))


def next_is(link: object) -> Trick:
    """A page whose next link is ``link``, filled in."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        found = json.loads(body)
        found["link"] = [{"relation": "next", "url": spelt(link, h.owner) if isinstance(link, str) else link}]
        h.reply(status, json.dumps(found).encode(), headers)

    return trick


def files_at(link: str) -> Trick:
    """A manifest whose files lie at ``link``, filled in."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        found = json.loads(body or b"{}")
        for each in found.get("output", []):
            each["url"] = spelt(link, h.owner)
        h.reply(status, json.dumps(found).encode() if found else body, headers)

    return trick


def on_server(change: Callable[[Scripted], object]) -> Trick:
    """The honest answer, and then somebody else changes what the server holds."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        change(h.owner)
        h.reply(status, body, headers)

    return trick


def raw(content: bytes, stay: bool = False) -> Trick:
    """These bytes, in place of an HTTP answer, and the end of the connection, or with ``stay`` nothing more."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        h.raw(content)
        if stay:
            h.owner.over.wait(FOREVER_S)

    return trick


def repeated(head: bytes, again: bytes) -> Trick:
    """A head, and then the same bytes again and again for as long as the client listens."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        h.raw(head)
        while not h.owner.over.is_set():
            h.raw(again)

    return trick


def reset(part: float) -> Trick:
    """Headers, this part of the body, and a reset (RST) of the connection; with 0 the reset alone."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        h.raw(_head(len(body)) + body[: int(len(body) * part)] if part else b"")
        h.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        h.connection.close()

    return trick


def stalls(part: float) -> Trick:
    """Headers, this part of the body, and then nothing; with 0 not even headers."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        h.raw(_head(len(body)) + body[: int(len(body) * part)] if part else b"")
        h.owner.over.wait(FOREVER_S)

    return trick


def drips(headers_too: bool) -> Trick:
    """A byte each 50 ms."""
    return lambda h, s, b, hd: h.drip(b, headers=headers_too)


def cut(h: Struck, status: int, body: bytes, headers: Headers) -> None:
    """Half of the body, and no length that would tell."""
    h.reply(status, body[: len(body) // 2], headers, length=None)


def short(h: Struck, status: int, body: bytes, headers: Headers) -> None:
    """Half of the body that was announced."""
    h.reply(status, body[: len(body) // 2], headers, length=len(body))


def overlong(h: Struck, status: int, body: bytes, headers: Headers) -> None:
    """More than was announced: the rest stands where the next answer should begin."""
    h.raw(_head(len(body) // 2) + body)


def turned_head(lengths: bytes) -> Trick:
    """The whole body, under these lines about its length."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
    return lambda h, s, b, hd: h.raw(head + lengths + b"\r\n" + b)


def zipped(part: float) -> Trick:
    """gzip though plain was asked for; this part of it."""
    kind = {"Content-Encoding": "gzip"}
    return lambda h, s, b, hd: h.reply(200, (z := gzip.compress(b))[: int(len(z) * part)], hd | kind)


def chunked(end: bytes) -> Trick:
    """The whole body as one chunk, and ``end`` where the last chunk should be."""

    def trick(h: Struck, status: int, body: bytes, headers: Headers) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\n"
        h.raw(head + f"{len(body):x}\r\n".encode() + body + b"\r\n" + end)

    return trick


def spelt(text: str, owner: Scripted) -> str:
    """The text with ``{base}``, ``{port}``, ``{other}`` (another port's base) and ``{n}`` (a new number) filled in."""
    port = owner.base.split(":")[2].split("/")[0]
    places = {"{base}": owner.base, "{port}": port, "{other}": owner.other, "{n}": str(owner.strikes)}
    for name, value in places.items():
        text = text.replace(name, value)
    return text


def _head(length: int) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: {length}\r\n\r\n".encode()
