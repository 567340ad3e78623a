"""The faulty server with a script of one line: at one moment, one trick with the bytes of an answer.

    with Scripted("page", cut) as server:
        pull(FhirClient(server.base), …)
    assert server.elsewhere == []

A moment is a kind of request (see ``moment_of``); a trick gets the answer that the honest server would send and sends
something else, or nothing. All other requests are answered honestly. The tricks are in ``servers.tricks``.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from typing import TypeAlias

from servers.faulty import Faulty, Handler
from servers.faulty_wire import Seen

Trick: TypeAlias = Callable[["Struck", int, bytes, dict[str, str]], object]
"""Sends what comes instead of an answer, which it is given as status, body and headers."""


def moment_of(seen: Seen) -> str:
    """The name of the moment at which a request comes.

    ``metadata``, ``start``, ``poll`` (of a job), ``end`` (of it), ``file`` (of Patients), ``write``, ``form`` (a search
    by POST), ``count``, ``first``, ``page`` and ``last`` (the three pages of Patients); anything else is "".
    """
    type_, *rest = seen.parts
    if type_ in ("metadata", "$export", "job"):
        return {"$export": "start", "job": "end" if seen.method == "DELETE" else "poll"}.get(type_, type_)
    if type_ == "files":
        return "file" if rest == ["Patient.ndjson"] else ""
    if seen.method in ("PUT", "DELETE", "POST"):
        return "form" if rest == ["_search"] else "write"
    if type_ != "Patient" or rest:
        return ""
    return (
        "count"
        if "_summary" in seen.query
        else {"": "first", "3": "page", "6": "last"}.get(seen.query.get("from", [""])[0], "")
    )


class Struck(Handler):
    """One connection to the scripted server."""

    owner: Scripted  # type: ignore[assignment]
    struck = False

    def answer(self, seen: Seen, before: int) -> None:
        script = self.owner
        here = self.record is script.history and moment_of(seen) == script.moment
        self.struck = here and not (script.once and before)
        if self.struck and script.instead:
            return self.reply(200, b"")
        return super().answer(seen, before)

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = -1) -> None:
        if not self.struck:
            return super().reply(status, body, headers, length)
        self.struck = False
        with self.owner.lock:
            self.owner.strikes += 1
        try:
            self.owner.trick(self, status, body, headers or {})
        except OSError:
            self.close_connection = True  # the client has gone
        return None

    def raw(self, content: bytes) -> None:
        """Bytes as they are, and the end of the connection."""
        self.close_connection = True
        self.wfile.write(content)
        self.wfile.flush()


class Scripted(Faulty):
    """See the module.

    ``once``: only the first request for an address is struck. ``instead``: the trick comes in place of what was asked
    for, so that a write is not done; else the write is done and its answer is struck. ``strikes`` counts them.
    """

    handler = Struck

    def __init__(
        self,
        moment: str,
        trick: Trick,
        *faults: str,
        once: bool = False,
        instead: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(*faults, tls=tls)
        self.moment, self.trick, self.once, self.instead = moment, trick, once, instead
        self.strikes = 0
        self.over = threading.Event()  #: the test is done: whoever still hangs may go

    def __exit__(self, *_: object) -> None:
        self.over.set()
        super().__exit__()
