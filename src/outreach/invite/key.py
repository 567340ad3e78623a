"""Names of a message and of a hold that nobody can guess and no two facts share."""

from __future__ import annotations

import hmac
from hashlib import sha256

CAMPAIGN = "urn:outreach:campaign"  #: identifier system of a campaign key, on a Communication
HOLD = "urn:outreach:hold"  #: identifier system of a hold key, on a Slot


def campaign_key(secret: bytes, programme: str, person: str, cycle: str, step: str) -> str:
    """The identity of one message: in the ledger, on the server, and when a reply comes.

    It has no slot, visit or date in it: a visit that moves must not mean a second message.

    Args:
        secret: of the site, 16 bytes or more; with a guessable one a key could be traced back to a person.
        person: the Patient id that is left after merges.
        cycle: the due cycle, say the day due.
        step: the place in the cascade: "invitation", "reminder-1".

    Returns:
        64 hexadecimal digits, HMAC-SHA256.

    Raises:
        ValueError: the secret is too short, or a part is empty.
    """
    return _keyed(secret, "campaign", programme, person, cycle, step)


def hold_key(secret: bytes, slot_id: str, campaign: str) -> str:
    """The identity of one hold of one slot for one message; as ``campaign_key``."""
    return _keyed(secret, "hold", slot_id, campaign)


def _keyed(secret: bytes, *parts: str) -> str:
    if len(secret) < 16:
        raise ValueError("the site's secret needs 16 bytes or more")
    if not all(parts):
        raise ValueError("a part of the key is empty")
    return hmac.new(secret, b"".join(map(_framed, parts)), sha256).hexdigest()


def _framed(part: str) -> bytes:
    """Length first, so that ("ab", "c") and ("a", "bc") differ."""
    text = part.encode()
    return len(text).to_bytes(8) + text
