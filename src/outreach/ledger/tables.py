"""The ledger's tables. Instants are UTC text, so they compare and hash alike on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    DDL,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import Dialect


class Instant(TypeDecorator[datetime]):
    """An aware datetime kept as 2026-03-01T10:00:00.000000+00:00."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else text_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def text_of(instant: datetime) -> str:
    """An instant as the ledger writes it. A datetime without a zone is refused."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


metadata: Final = MetaData()

meta: Final = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

run: Final = Table(
    "run",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("programme", String, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("rule_hash", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("state", String, nullable=False),
    Column("started", Instant, nullable=False),
    Column("finished", Instant),
    Column("cohort", Integer, nullable=False),
    Column("summary", Text, nullable=False),
    UniqueConstraint("programme", "as_of"),
)

lease: Final = Table(
    "lease",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("host", String, nullable=False),
    Column("until", Instant, nullable=False),
    Column("fence", Integer, nullable=False),
)

item: Final = Table(
    "item",
    metadata,
    Column("campaign_key", String, primary_key=True),
    Column("run_id", ForeignKey("run.run_id"), nullable=False, index=True),
    Column("programme", String, nullable=False),
    Column("person", String, nullable=False, index=True),
    Column("cycle", String, nullable=False),
    Column("step", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("visit", String, nullable=False),
    Column("visit_start", Instant),
    Column("visit_place", String, nullable=False),
    Column("choices", Text, nullable=False),  # JSON: [slot, start, end] in the order of preference
    Column("aliases", Text, nullable=False),  # JSON: Patient ids
    Column("state", String, nullable=False, index=True),
    Column("reason", String, nullable=False, default=""),
    Column("list_name", String, nullable=False, default=""),
    Column("slot", String, nullable=False, default=""),
    Column("communication", String, nullable=False, default=""),
    Column("channel", String, nullable=False, default=""),
    Column("language", String, nullable=False, default=""),
    Column("updated", Instant, nullable=False),
)

hold: Final = Table(
    "hold",
    metadata,
    Column("hold_id", Integer, primary_key=True),
    Column("slot", String, nullable=False),
    Column("campaign_key", ForeignKey("item.campaign_key"), nullable=False),
    Column("person", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("mark", String, nullable=False),
    Column("state", String, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
)

_ACTIVE: Final = hold.c.state.in_(["wanted", "held"])


def _one_active(name: str, *columns: str) -> None:
    Index(name, *(hold.c[c] for c in columns), unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)


_one_active("hold_slot_once", "slot")
_one_active("hold_key_once", "campaign_key")
_one_active("hold_person_day_once", "person", "day")

outcome: Final = Table(
    "outcome",
    metadata,
    Column("run_id", ForeignKey("run.run_id"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("programme", String, nullable=False),
    Column("bucket", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("list_name", String, nullable=False),
    Column("campaign_key", String, nullable=False, default=""),  # "" when the plan itself decided
    sqlite_with_rowid=False,
)

event_log: Final = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("run_id", String, nullable=False),
    Column("campaign_key", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

switch: Final = Table(
    "switch",
    metadata,
    Column("name", String, primary_key=True),
    Column("who", String, nullable=False),
    Column("why", String, nullable=False),
    Column("at", Instant, nullable=False),
)


def _append_only(dialect: str, *statements: str) -> None:
    for statement in statements:
        event.listen(event_log, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


_append_only(
    "sqlite",
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
)
_append_only(
    "postgresql",
    "CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()",
)
