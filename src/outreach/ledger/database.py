"""The door to the database: SQLite with its safety on, or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, StaticPool, Table, create_engine, event, insert, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from outreach.errors import Refused
from outreach.ledger.tables import meta, metadata

#: FULL: a claim that was committed survives a power cut; the message may already be on its way.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
#: One writer at a time on PostgreSQL too, as BEGIN IMMEDIATE gives on SQLite. The number is ours alone.
WRITER_LOCK = 5_402_001
SCHEMA = "1"


def address_of(where: str | Path) -> URL:
    """A database URL, or a path to a SQLite file."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    return make_url(where)


def open_engine(url: URL) -> Engine:
    """An engine whose tables exist. A SQLite file is readable by its owner only. Refused: tables of another version."""
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url)
    else:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    with engine.execution_options(writes=True).begin() as connection:
        lock_writers(connection)
        metadata.create_all(connection)
        _refuse_another_schema(connection)
    return engine


def lock_writers(connection: Connection) -> None:
    """Wait for the one place of a writer until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def insert_many(connection: Connection, table: Table, rows: Sequence[tuple[str, ...]]) -> None:
    """Insert rows of text given in the order of the table's columns: a whole cohort in seconds."""
    names = [column.name for column in table.columns]
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=names)
    if compiled.positional:
        connection.exec_driver_sql(str(compiled), list(rows))
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in rows])


def _refuse_another_schema(connection: Connection) -> None:
    known = connection.scalar(select(meta.c.value).where(meta.c.name == "schema"))
    if known is None:
        connection.execute(insert(meta).values(name="schema", value=SCHEMA))
    elif known != SCHEMA:
        raise Refused(f"this ledger has the tables of version {known}; this program writes version {SCHEMA}")


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        engine = create_engine("sqlite://", hide_parameters=True, poolclass=StaticPool)
    else:
        _private(Path(str(url.database)))
        engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _safety_on)
    event.listen(engine, "begin", _begin)
    return engine


def _private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _safety_on(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # the driver's own BEGIN would come too late (SQLAlchemy, pysqlite dialect)
    cursor = raw.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
