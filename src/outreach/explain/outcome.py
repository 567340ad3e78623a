"""What a night did about a person, in words; times as the clinic's own clock shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from outreach.domain.outcome import Bucket
from outreach.explain.row import Told
from outreach.prose.words import language_said, said

_BUCKETS = {
    Bucket.SENT: "an invitation was sent",
    Bucket.HANDED_OVER: "handed to people",
    Bucket.WITHHELD: "nothing was sent, because a guard stopped it",
    Bucket.QUARANTINED: "nothing was sent, because the record cannot be trusted yet",
    Bucket.DEFERRED: "nothing yet; the next night looks again",
    Bucket.NOT_DUE: "nothing, because nothing is due",
    Bucket.NOT_NOW: "nothing, because of the pause",
    Bucket.EXCLUDED: "nothing, because the person is left out",
    Bucket.EXCEPTION: "nothing, by the person’s own choice",
    Bucket.NOT_APPLICABLE: "nothing, because the person is not in this programme",
    Bucket.UNKNOWN: "put on the ask list",
}


def became(told: Told, zone: ZoneInfo) -> str:
    """What became of the person; "" when the night was not carried so far."""
    path = told.folder / "tables" / "outcomes.parquet"
    if not path.is_file():
        return ""
    sql = """SELECT bucket, reason, list_name, slot, language FROM read_parquet($path)
        WHERE person = $who AND programme = $rule"""
    values = {"path": str(path), "who": told.found.person, "rule": told.found.rule}
    row = duckdb.execute(sql, values).fetchone()
    return "" if row is None else _words(told, zone, *map(str, row))


def _words(told: Told, zone: ZoneInfo, bucket: str, reason: str, list_name: str, slot: str, language: str) -> str:
    settled = bucket in (Bucket.NOT_NOW, Bucket.EXCLUDED, Bucket.EXCEPTION, Bucket.NOT_APPLICABLE, Bucket.UNKNOWN)
    parts = [_BUCKETS[Bucket(bucket)]]
    parts += [f"({reason.replace('-', ' ')})"] if reason and not settled else []
    parts += [f"on the list “{list_name}”"] if list_name else []
    parts += [f"with a place at {_time_of(told, zone, slot)}"] if slot else []
    parts += [f"in {language_said(language)}"] if language else []
    return " ".join(parts)


def _time_of(told: Told, zone: ZoneInfo, slot: str) -> str:
    """When a slot begins, by the clinic's clock; its id where the night's table does not say."""
    path = told.folder / "tables" / "slot.parquet"
    sql = "SELECT epoch(start) FROM read_parquet($path) WHERE id = $slot"
    row = duckdb.execute(sql, {"path": str(path), "slot": slot}).fetchone() if path.is_file() else None
    if row is None or row[0] is None:
        return f"slot {slot}"
    start = datetime.fromtimestamp(row[0], zone)
    return f"{start:%H:%M} on {said(start.date())}"
