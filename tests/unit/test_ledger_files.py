"""What lies on the disk: private files, a secret that cannot be swapped, no patient data in errors."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from outreach.errors import Refused
from outreach.ledger import Ledger
from outreach.ledger.tables import meta, outcome
from unit.test_ledger_support import NIGHT, person


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def book(home: Path) -> Ledger:
    return Ledger.open(home / "ledger.sqlite")


def test_the_folder_and_every_file_are_private(home: Path, book: Ledger) -> None:
    book.secret()
    with book.lease("night", "one") as lease:
        book.begin_run(lease, "hcc", NIGHT, rule_hash="r")
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in home.iterdir()}
    assert len(modes) == 5, modes  # the database, its two logs, the lock, the secret
    assert set(modes.values()) == {0o600}


def test_a_ledger_that_was_open_to_others_is_closed(home: Path, book: Ledger) -> None:
    book.close()
    (home / "ledger.sqlite").chmod(0o644)
    Ledger.open(home / "ledger.sqlite").close()
    assert stat.S_IMODE((home / "ledger.sqlite").stat().st_mode) == 0o600


def test_a_commit_reaches_the_disk_before_it_is_answered(book: Ledger) -> None:
    with book.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_address_and_a_path_are_the_same_ledger(home: Path, book: Ledger) -> None:
    book.stop("nurse", "why")
    assert Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}").stopped() == book.stopped()


def test_a_database_elsewhere_needs_a_folder_for_the_secret() -> None:
    with pytest.raises(Refused, match="home"):
        Ledger.open("sqlite://")


def test_a_ledger_of_another_version_is_not_written_to(home: Path, book: Ledger) -> None:
    with book.engine.begin() as connection:
        connection.execute(update(meta).where(meta.c.name == "schema").values(value="2"))
    with pytest.raises(Refused, match="version 2"):
        Ledger.open(home / "ledger.sqlite")


def test_a_scratch_ledger_leaves_nothing(tmp_path: Path) -> None:
    scratch = Ledger.scratch(tmp_path)
    with scratch.lease("night", "dry run") as lease:
        run = scratch.begin_run(lease, "hcc", NIGHT, rule_hash="r", mode="dry-run")
        scratch.plan(lease, run, [person("ana")], [])
    assert scratch.counts(run).offered == 1
    assert list(tmp_path.iterdir()) == []


def test_no_error_of_the_database_shows_whose_row_it_was(book: Ledger) -> None:
    row = {
        "run_id": "no-such-run",
        "person": "CANARY-7",
        "programme": "hcc",
        "bucket": "sent",
        "reason": "",
        "list_name": "",
    }
    with pytest.raises(IntegrityError) as refused, book.engine.begin() as connection:
        connection.execute(insert(outcome).values(row))
    assert "CANARY" not in str(refused.value)


class TestTheSecret:
    def test_it_is_made_once(self, home: Path, book: Ledger) -> None:
        secret = book.secret()
        assert len(secret) == 32
        assert Ledger.open(home / "ledger.sqlite").secret() == secret
        assert [p.name for p in home.glob("*campaign*")] == ["campaign.key"]

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700])
    def test_one_that_others_can_read_is_refused(self, home: Path, book: Ledger, mode: int) -> None:
        book.secret()
        (home / "campaign.key").chmod(mode)
        again = Ledger.open(home / "ledger.sqlite")
        if mode & 0o077:
            with pytest.raises(Refused, match="open-secret"):
                again.secret()
        else:
            again.secret()

    def test_without_it_nobody_is_invited_a_second_time(self, home: Path, book: Ledger) -> None:
        """A new secret would give everybody a new campaign key."""
        book.secret()
        (home / "campaign.key").unlink()
        with pytest.raises(Refused, match="lost-secret"):
            Ledger.open(home / "ledger.sqlite").secret()

    @pytest.mark.parametrize(
        ("content", "name"), [(b"x" * 32, "wrong-secret"), (b"x" * 7, "damaged-secret"), (b"", "damaged-secret")]
    )
    def test_another_one_is_refused(self, home: Path, book: Ledger, content: bytes, name: str) -> None:
        book.secret()
        (home / "campaign.key").write_bytes(content)
        with pytest.raises(Refused, match=name):
            Ledger.open(home / "ledger.sqlite").secret()

    def test_one_from_before_the_ledger_is_taken(self, home: Path, book: Ledger) -> None:
        """A ledger begun anew beside its old key keeps the keys, and the server still knows them."""
        (home / "campaign.key").write_bytes(b"k" * 32)
        (home / "campaign.key").chmod(0o600)
        assert book.secret() == b"k" * 32


def test_the_reading_transactions_do_not_block_a_writer(book: Ledger, home: Path) -> None:
    other = Ledger.open(home / "ledger.sqlite")
    with book._reading() as connection:
        connection.execute(text("SELECT count(*) FROM item")).all()
        other.stop("nurse", "while somebody reads")
    assert book.stopped() is not None
