"""Earlier nights' invitations against tonight's records: followed.parquet, and the list of those to call again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from outreach.domain.query import ask
from outreach.ledger import Item, Ledger, State
from outreach.report.write import csv
from outreach.track import Followed, Invited, Standing, follow

#: An invitation that left the house, by message or by call, or may have.
_OUT = frozenset(
    {*State} - {State.PLANNED, State.SENDING, State.UNKNOWN, State.WITHHELD, State.DEFERRED, State.WITHDRAWN}
)
_LAST_TEST = """
    SELECT person, list_last(criteria).on AS day FROM read_parquet($assessment)
    WHERE criteria IS NOT NULL AND list_last(criteria).on IS NOT NULL
"""


def earlier_invitations(
    ledger: Ledger, programme: str, as_of: date, zone: ZoneInfo, assessment: Path
) -> list[Followed]:
    """Everyone invited on an earlier night of a programme, with what tonight's records say came of it."""
    items = ledger.left_behind(programme, as_of, _OUT)
    rows = ask(_LAST_TEST, {"assessment": assessment})
    return follow([_invited(item, zone) for item in items], dict(rows), as_of)


def still_open(followed: Sequence[Followed], aliases: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """People whose invitation has not come to a test yet, under the id that survives a merge.

    They are not invited anew, whatever has moved their due date since.
    """
    survivor = {loser: person for person, losers in aliases.items() for loser in losers}
    return frozenset(survivor.get(one.person, one.person) for one in followed if one.standing is not Standing.DONE)


def write_followed(followed: Sequence[Followed], night: Path) -> None:
    """Write tables/followed.parquet, and worklist/missed.csv: whose day has passed without a test."""
    frame = pd.DataFrame([asdict(one) for one in followed], columns=list(Followed.__dataclass_fields__))
    _write(night / "tables" / "followed.parquet", frame.astype(str).to_parquet(index=False))
    missed = frame[frame["standing"] == Standing.MISSED]
    _write(night / "worklist" / "missed.csv", csv(missed.astype(str)).encode())


def _invited(item: Item, zone: ZoneInfo) -> Invited:
    night = date.fromisoformat(item.run_id.rsplit(".", 1)[1])
    start = next((choice.start for choice in item.planned.choices if choice.slot == item.slot), None)
    return Invited(item.planned.person, night, start.astimezone(zone).date() if start else None)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
