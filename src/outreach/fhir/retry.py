"""When to ask again, and how long to wait first."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

TRIES = 4
"""How often one call is tried at most."""

CAP_S = 300.0
"""The longest single wait, in seconds, whatever a server's Retry-After says (one said 1,795,512,343,505)."""

#: A read changes nothing, so any passing trouble is worth another try.
READ_AGAIN = frozenset({408, 429, 500, 502, 503, 504})

#: A keyed write is tried again only where the server says that it did not take the request up. After 502 or 504 it may
#: still be at work behind its gateway, where two equal creates can race each other past the key.
WRITE_AGAIN = frozenset({429, 503})

_random = SystemRandom()


def pause(attempt: int, retry_after: str | None) -> float:
    """Seconds to wait after try number ``attempt`` (from 0): what the server asks, else a growing, jittered time."""
    asked = seconds_of(retry_after)
    return asked if asked is not None else float(_random.uniform(0.5, 1.0) * min(CAP_S, 0.5 * 2**attempt))


def seconds_of(retry_after: str | None, now: datetime | None = None, cap: float = CAP_S) -> float | None:
    """A Retry-After header, seconds or HTTP date, as seconds from 0 to ``cap``; None when absent or unreadable.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), cap)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year beyond every integer
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0), cap)
