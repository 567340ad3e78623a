"""Earlier nights' invitations against tonight's records: followed.parquet, and the list of those to call again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from outreach.ledger import Item, Ledger, State
from outreach.report.write import csv
from outreach.track import Followed, Invited, Standing, follow

#: An invitation that reached somebody, by message or by call.
_REACHED = frozenset({State.SENT, State.HANDED_OVER, State.READ, State.ACCEPTED, State.BOOKED, State.ATTENDED})
_LAST_TEST = """
    SELECT person, list_last(criteria).on AS day FROM read_parquet($assessment)
    WHERE criteria IS NOT NULL AND list_last(criteria).on IS NOT NULL
"""


def follow_up(ledger: Ledger, programmes: Sequence[str], as_of: date, zone: ZoneInfo, night: Path) -> list[Followed]:
    """Write tables/followed.parquet and worklist/missed.csv; returns everyone invited on earlier nights."""
    followed: list[Followed] = []
    for programme in programmes:
        items = ledger.left_behind(programme, as_of, _REACHED)
        path = night / "tables" / f"assessment.{programme}.parquet"
        rows = duckdb.execute(_LAST_TEST, {"assessment": str(path)}).fetchall()
        followed += follow([_invited(item, zone) for item in items], dict(rows), as_of)
    frame = pd.DataFrame([asdict(one) for one in followed], columns=list(Followed.__dataclass_fields__))
    _write(night / "tables" / "followed.parquet", frame.astype(str).to_parquet(index=False))
    missed = frame[frame["standing"] == Standing.MISSED]
    _write(night / "worklist" / "missed.csv", csv(missed.astype(str)).encode())
    return followed


def _invited(item: Item, zone: ZoneInfo) -> Invited:
    night = date.fromisoformat(item.run_id.rsplit(".", 1)[1])
    start = next((choice.start for choice in item.planned.choices if choice.slot == item.slot), None)
    return Invited(item.planned.person, night, start.astimezone(zone).date() if start else None)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
