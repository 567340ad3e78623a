"""The engine's own promises: the zone of its connections, memory that grows, errors that reach whoever waits."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from outreach.assess import DuckEngine
from outreach.assess import engine as module
from outreach.errors import NoRoom


@pytest.fixture
def new_york(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_instants_are_read_in_utc_on_every_connection_wherever_the_machine_stands(tmp_path, new_york):
    engine = DuckEngine(tmp_path)
    at = engine.values("instants", pa.table({"at": pa.array(["2026-03-01T01:00:00Z"])}))
    kept = engine.keep("kept", at.select(day=at["at"].cast("timestamp('UTC')").cast("string")))
    assert engine.write(kept, tmp_path / "day.parquet")() == 1
    engine.close()
    assert pq.read_table(tmp_path / "day.parquet")["day"][0].as_py().startswith("2026-03-01 01:00:00")


def test_statements_run_in_the_order_in_which_they_were_made(tmp_path):
    engine = DuckEngine(tmp_path)
    table = engine.values("start", pa.table({"n": pa.array(range(1000))}))
    for step in range(20):
        table = engine.keep(f"step{step % 2}", table.mutate(n=table.n + 1))
    assert engine.write(engine.stage("last", table.filter(table.n >= 1000)), tmp_path / "n.parquet")() == 20
    assert (tmp_path / "n.parquet").stat().st_mode & 0o777 == 0o600
    engine.close()


def test_what_failed_before_is_told_to_whoever_waits_for_the_file(tmp_path):
    engine = DuckEngine(tmp_path)
    words = engine.values("words", pa.table({"word": pa.array(["seven"])}))
    numbers = engine.keep("numbers", words.select(n=words.word.cast("int64")))
    with pytest.raises(duckdb.ConversionException, match="seven"):
        engine.write(numbers, tmp_path / "n.parquet")()
    assert not (tmp_path / "n.parquet").exists()
    engine.close()


def _too_much(engine: DuckEngine) -> ibis.Table:
    """An aggregate whose states cannot be spilled: about 100 MB of them."""
    start = engine.values("start", pa.table({"n": pa.array(range(1000))}))
    other = start.select(m="n")
    pairs = start.cross_join(other)
    text = (pairs.n * 1000 + pairs.m).cast("string").lpad(60, "x")
    return engine.keep("much", pairs.group_by(g=pairs.n % 2).aggregate(all=text.collect()))


def test_memory_that_is_too_little_grows(tmp_path):
    engine = DuckEngine(tmp_path, memory=40)
    assert engine.write(_too_much(engine), tmp_path / "much.parquet")() == 2
    assert engine._memory > 40
    engine.close()


def test_memory_does_not_grow_beyond_the_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_MACHINE_MB", 60)
    engine = DuckEngine(tmp_path, memory=40)
    with pytest.raises(NoRoom, match="45 MB are too little"):
        engine.write(_too_much(engine), tmp_path / "much.parquet")()
    engine.close()


def test_nothing_is_written_any_more_once_the_engine_has_stopped(tmp_path):
    engine = DuckEngine(tmp_path)
    start = engine.values("start", pa.table({"n": pa.array(range(20_000))}))
    pairs = start.cross_join(start.select(m="n"))
    slow = pairs.group_by(g=(pairs.n * pairs.m) % 7).aggregate(all=(pairs.n + pairs.m).sum())
    waits = [engine.write(slow, tmp_path / f"{n}.parquet") for n in range(6)]
    began = time.monotonic()
    engine.stop()
    assert time.monotonic() - began < 2
    for wait in waits:
        with pytest.raises((duckdb.InterruptException, CancelledError)):
            wait()
    engine.close()


def test_a_full_disk_is_not_taken_for_too_little_memory(tmp_path):
    engine = DuckEngine(tmp_path, memory=40)
    engine.backend.raw_sql("SET max_temp_directory_size = '2MB'")
    start = engine.values("start", pa.table({"n": pa.array(range(1000))}))
    pairs = start.cross_join(start.select(m="n"))
    wide = pairs.select(text=(pairs.n * 1000 + pairs.m).cast("string").lpad(200, "x"))
    with pytest.raises(NoRoom, match="no room on the disk"):
        engine.write(engine.keep("wide", wide), tmp_path / "wide.parquet")()
    assert engine._memory == 40
    engine.close()
