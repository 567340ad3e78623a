"""Two listeners of one server, its own origin and another one, from ``with`` to its end."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from typing import Self


class Listening:
    """What a server with two listeners does when it is entered and left."""

    _home: ThreadingHTTPServer
    _other: ThreadingHTTPServer

    def __enter__(self) -> Self:
        for listener in (self._home, self._other):
            threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for listener in (self._home, self._other):
            listener.shutdown()
            listener.server_close()
