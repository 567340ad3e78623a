"""A limit on a whole exchange, which the time-outs of requests are not.

A ``timeout`` there limits one read from the socket: a server that drips a byte now and then is waited for without end,
in the headers as in the body. Here a thread beside the exchange shuts its socket when its time is up.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_here = threading.local()


class Watchdog:
    """Around one exchange: shuts its connection once ``seconds`` are over and progress has bought no more.

    ``fired`` says whether it did. Real time, always: a socket knows no other.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._connection: HTTPConnection | None = None
        self.fired = False

    def __enter__(self) -> Self:
        _here.watchdog = self
        threading.Thread(target=self._watch, name="deadline", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        _here.watchdog = None
        with self._lock:  # the connection goes back to its pool: it must not be shut from now on
            self._over.set()

    def allow(self, seconds: float) -> None:
        """Moves the limit back: what has arrived has earned this much more time."""
        self._until += seconds

    def take(self, connection: HTTPConnection) -> None:
        """The connection that this exchange uses."""
        self._connection = connection

    def _watch(self) -> None:
        while not self._over.wait(max(0.0, self._until - time.monotonic())):
            if time.monotonic() >= self._until and self._shut():
                return

    def _shut(self) -> bool:
        """Shuts the socket, if there is one by now; a connection still being made has a time-out of its own."""
        with self._lock:
            if self._over.is_set():
                return True
            self.fired = True
            sock = getattr(self._connection, "sock", None)
            if sock is None:
                self._until = time.monotonic() + 0.05
                return False
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            return True


class _Watched(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        _tell(self)
        super().request(*args, **kwargs)


class _WatchedTls(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        _tell(self)
        super().request(*args, **kwargs)


def _tell(connection: HTTPConnection) -> None:
    watchdog: Watchdog | None = getattr(_here, "watchdog", None)
    if watchdog is not None:
        watchdog.take(connection)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class WatchedAdapter(HTTPAdapter):
    """Makes connections that a Watchdog of the same thread can shut. Never tries again by itself."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
