"""Events in a chain of hashes: each holds the hash of the one before.

A flipped byte, a missing, added or moved row breaks the chain; a cut-off tail shows against a head
kept elsewhere. What the chain cannot show is a whole ledger rewritten by someone who also rewrites
every head that was printed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from outreach.ledger.tables import event_log, text_of
from outreach.ledger.words import Head

Detail = Mapping[str, str | int]
START = Head(0, "0" * 64)


def head(connection: Connection) -> Head:
    """The last event; ``START`` for an empty chain."""
    query = select(event_log.c.seq, event_log.c.hash).order_by(event_log.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return Head(row.seq, row.hash) if row else START


def append(connection: Connection, at: datetime, kind: str, detail: Detail, run_id: str = "", key: str = "") -> None:
    """Add one event. The caller's transaction is the only one that writes."""
    last = head(connection)
    body = json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))
    fields = (last.seq + 1, text_of(at), run_id, key, kind, body)
    names = ("seq", "at", "run_id", "campaign_key", "kind", "detail")
    row = dict(zip(names, fields, strict=True)) | {"prev_hash": last.hash, "hash": _hash(last.hash, *fields)}
    connection.execute(insert(event_log), row)


def breaks(connection: Connection, expected: Head | None = None) -> Iterator[str]:
    """Every place where the chain does not hold, in words; nothing when it is whole.

    ``expected`` is a head that was kept outside; it must still be in the chain.
    """
    last, seen = START, expected is None or expected == START
    for row in connection.execute(select(event_log).order_by(event_log.c.seq)):
        if row.seq != last.seq + 1:
            yield f"event {last.seq + 1}: missing"
        if row.prev_hash != last.hash:
            yield f"event {row.seq}: does not follow the event before it"
        if row.hash != _hash(row.prev_hash, row.seq, row.at, row.run_id, row.campaign_key, row.kind, row.detail):
            yield f"event {row.seq}: was changed"
        last = Head(row.seq, row.hash)
        seen = seen or last == expected
    if not seen and expected:
        yield f"event {expected.seq}: the head that was kept elsewhere is not in the chain"


def _hash(*fields: str | int) -> str:
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def value(detail: str, name: str) -> str | int | None:
    """One value of an event's detail; None when it is not there or the detail was damaged."""
    try:
        found: str | int | None = json.loads(detail).get(name)
    except (ValueError, AttributeError):
        return None
    return found
