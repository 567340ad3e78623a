"""How long an export is waited for, and how long between two questions."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.errors import ServerFault
from outreach.fhir.retry import seconds_of
from outreach.fhir.transport import Transport


@dataclass(frozen=True)
class Poll:
    """How a running export is waited for. All in seconds."""

    first_s: float = 0.5  #: the first wait where the server names none; each further one is half as long again
    most_s: float = 300.0  #: no wait is longer, whatever Retry-After says
    limit_s: float = 6 * 3600.0  #: an export that is not done by then has failed


class Patience:
    """The waits of one job, of which there is an end."""

    def __init__(self, transport: Transport, poll: Poll, what: str) -> None:
        self._transport, self._poll, self._what = transport, poll, what
        self._pause, self._until = poll.first_s, transport.monotonic() + poll.limit_s

    def wait(self, retry_after: str | None) -> None:
        """Waits as long as the server asks, within bounds, else somewhat longer than the time before.

        One that says "at once" again and again is asked less and less often, down to every ten seconds.

        Raises:
            ServerFault: that would be past the limit.
        """
        asked = seconds_of(retry_after, cap=self._poll.most_s)
        at_once = asked is not None and asked < 1.0
        seconds = min(self._pause if asked is None else min(self._pause, 10.0) if at_once else asked, self._poll.most_s)
        if self._transport.monotonic() + seconds > self._until:
            raise ServerFault(f"{self._what}: not done within {self._poll.limit_s / 3600:g} hours.")
        self._transport.sleep(seconds)
        self._pause *= 1.5
