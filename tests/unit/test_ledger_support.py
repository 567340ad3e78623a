"""What the tests of the ledger share: a ledger on each database, a clock, people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from outreach.domain.outcome import Bucket, Outcome
from outreach.ledger import Lease, Ledger, PlannedInvitation, Run, SlotChoice

#: The address of an empty PostgreSQL database, with the driver: postgresql+psycopg://…
POSTGRES = os.environ.get("OUTREACH_TEST_POSTGRES", "")
NIGHT = date(2026, 3, 1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class TestClock:
    """A clock that only moves when told to."""

    __test__ = False

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


Opener = Callable[..., Ledger]


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def open_ledger(request: pytest.FixtureRequest, tmp_path: Path, clock: TestClock) -> Iterator[Opener]:
    """Opens the one ledger of a test, as often as asked: each is as another process would see it."""
    if request.param == "postgresql" and not POSTGRES:
        pytest.skip("OUTREACH_TEST_POSTGRES names no database")
    with _address(request.param, tmp_path) as address:
        opened: list[Ledger] = []

        def opener() -> Ledger:
            opened.append(Ledger.open(address, folder=tmp_path, clock=clock))
            return opened[-1]

        yield opener
        for ledger in opened:
            ledger.close()


@contextmanager
def _address(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield str(folder / "ledger.sqlite")
    else:
        with postgres_schema() as address:
            yield address


@cache
def _database() -> str:
    """The database given; where tests run side by side, one for each worker: leases are locks of a whole database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return POSTGRES
    name, engine = f"outreach_{worker}_{os.getpid()}", create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgres_schema() -> Iterator[str]:
    """The address of a schema of its own in the PostgreSQL that the tests were given."""
    address = _database()
    schema, engine = f"test_{uuid4().hex}", create_engine(address)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{address}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def ledger(open_ledger: Opener) -> Ledger:
    return open_ledger()


@pytest.fixture
def lease(ledger: Ledger) -> Iterator[Lease]:
    with ledger.lease("night", "this test") as held:
        yield held


def slot(name: str, hour: int = 12) -> SlotChoice:
    start = NOON.replace(hour=hour)
    return SlotChoice(name, start, start + timedelta(minutes=30))


def person(name: str, *slots: str) -> PlannedInvitation:
    """An invitation of somebody, under a key that says whose it is."""
    choices = tuple(slot(s) for s in (slots or (f"slot-{name}",)))
    return PlannedInvitation(f"key-{name}", name, "2026-02", "first", f"order-{name}", choices, f"visit-{name}", NOON)


def not_due(*people: str) -> list[Outcome]:
    return [Outcome(name, Bucket.NOT_DUE, "up-to-date") for name in people]


def planned_run(ledger: Ledger, lease: Lease, *people: PlannedInvitation, others: tuple[str, ...] = ()) -> Run:
    run = ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1")
    return ledger.plan(lease, run, people, not_due(*others))


def reserve(ledger: Ledger, lease: Lease, name: str, slot_name: str) -> bool:
    day, mark, expires = NOON.date(), f"mark-{slot_name}-{name}", NOON
    kept = ledger.reserve(lease, f"key-{name}", slot=slot_name, person=name, day=day, mark=mark, expires=expires)
    return kept is not None
