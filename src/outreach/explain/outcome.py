"""What a night did about a person, in words; times as the clinic's own clock shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.domain.outcome import Bucket
from outreach.domain.query import ask
from outreach.domain.tables import Rows
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
    Bucket.UNKNOWN: "waiting to be asked",
}


def became(told: Told, zone: ZoneInfo) -> str:
    """What became of the person; "" when the night was not carried so far."""
    path = told.folder / "tables" / "outcomes.parquet"
    if not path.is_file():
        return ""
    sql = """SELECT bucket, reason, list_name, slot, language FROM read_parquet($path)
        WHERE person = $who AND programme = $rule"""
    values = {"path": path, "who": told.found.person, "rule": told.found.rule}
    rows = ask(sql, values)
    return _words(told, zone, *map(str, rows[0])) if rows else ""


def held(told: Told, zone: ZoneInfo) -> datetime | None:
    """When the place begins that a night has offered the person, by the clinic's clock; a rehearsal offers none."""
    path = told.folder / "tables" / "outcomes.parquet"
    if told.kind != "night" or not path.is_file():
        return None
    sql = """SELECT slot FROM read_parquet($path)
        WHERE person = $who AND programme = $rule AND bucket IN ($sent, $handed) AND slot <> ''"""
    values = {"path": path, "who": told.found.person, "rule": told.found.rule}
    values |= {"sent": str(Bucket.SENT.value), "handed": str(Bucket.HANDED_OVER.value)}
    rows = ask(sql, values)
    return _start(told, zone, str(rows[0][0])) if rows else None


def _words(told: Told, zone: ZoneInfo, bucket: str, reason: str, list_name: str, slot: str, language: str) -> str:
    settled = bucket in (Bucket.NOT_NOW, Bucket.EXCLUDED, Bucket.EXCEPTION, Bucket.NOT_APPLICABLE, Bucket.UNKNOWN)
    parts = [_BUCKETS[Bucket(bucket)]]
    parts += [f"({reason.replace('-', ' ')})"] if reason and not settled else []
    parts += [f"on the list “{list_name}”"] if list_name else []
    parts += [f"with a place at {_time_of(told, zone, slot)}"] if slot else []
    parts += [f"in {language_said(language)}"] if language else []
    return " ".join(parts)


def _time_of(told: Told, zone: ZoneInfo, slot: str) -> str:
    """When a slot begins; its id where the night's table does not say."""
    start = _start(told, zone, slot)
    return f"{start:%H:%M} on {said(start.date())}" if start else f"slot {slot}"


def _start(told: Told, zone: ZoneInfo, slot: str) -> datetime | None:
    """When a slot begins, by the clinic's clock; None where the night's table does not say."""
    slots = Rows(told.folder / "tables", "slot")
    sql = f"SELECT epoch(start) FROM ({slots.sql()}) WHERE id = $slot"  # noqa: S608  a path of ours, quoted
    rows = ask(sql, {"slot": slot}) if slots.whole.is_file() else []
    return datetime.fromtimestamp(rows[0][0], zone) if rows and rows[0][0] is not None else None
