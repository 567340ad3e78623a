"""No more requests a second than a site allows, over all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

_SPARE = 1.05  #: two requests that left apart may arrive a little closer


class Pace:
    """Gives out starts, evenly spaced. ``per_second``: 0 for no limit."""

    def __init__(self, per_second: float, sleep: Callable[[float], object], monotonic: Callable[[], float]) -> None:
        self._between = _SPARE / per_second if per_second else 0.0
        self._sleep, self._monotonic = sleep, monotonic
        self._lock, self._next = threading.Lock(), 0.0

    def wait(self) -> None:
        """Waits for the turn of one more request."""
        if not self._between:
            return
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next)
            self._next = turn + self._between
        if turn > now:
            self._sleep(turn - now)
