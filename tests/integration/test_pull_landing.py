"""The folder of a pull: whole or absent, closed to others, and true to its manifest."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.errors import PullIncomplete
from outreach.fhir.client import FhirClient
from outreach.pull import pull, read_manifest
from servers.faulty import Faulty

TYPES = ["Patient", "Condition", "Observation"]


def now() -> datetime:
    return datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("prefer_bulk", [True, False])
def test_folders_are_0700_and_files_0600_whatever_the_umask(prefer_bulk: bool, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Faulty() as server:
            pull(FhirClient(server.base), TYPES, tmp_path / "nights" / "landing", prefer_bulk=prefer_bulk, now=now)
    finally:
        os.umask(before)
    landing = tmp_path / "nights" / "landing"
    assert {mode(path) for path in (landing, landing.parent)} == {0o700}
    assert {path.name: mode(path) for path in landing.iterdir()} == {
        "Patient.ndjson": 0o600,
        "Condition.ndjson": 0o600,
        "manifest.json": 0o600,
    }


@pytest.mark.parametrize("prefer_bulk", [True, False])
def test_the_manifest_says_what_the_files_are(prefer_bulk: bool, tmp_path: Path) -> None:
    with Faulty() as server:
        manifest = pull(FhirClient(server.base), TYPES, tmp_path / "landing", prefer_bulk=prefer_bulk, now=now)
    assert manifest.source == server.base
    assert manifest.transaction_time == ("2026-03-01T00:00:00Z" if prefer_bulk else "2026-03-01T01:30:00.000Z")
    for file in manifest.files:
        content = (tmp_path / "landing" / file.name).read_bytes()
        assert (len(content), content.count(b"\n")) == (file.bytes, file.lines)
        assert f"{zlib.crc32(content):08x}" == file.crc32
        assert content.endswith(b"}\n")


def test_a_folder_that_lost_a_file_or_bytes_is_not_whole(tmp_path: Path) -> None:
    with Faulty() as server:
        pull(FhirClient(server.base), TYPES, tmp_path / "landing", now=now)
    patients = tmp_path / "landing" / "Patient.ndjson"
    content = patients.read_bytes()
    patients.write_bytes(content[:-1])
    assert read_manifest(tmp_path / "landing") is None
    patients.unlink()
    assert read_manifest(tmp_path / "landing") is None
    patients.write_bytes(content)
    assert read_manifest(tmp_path / "landing") is not None
    assert read_manifest(tmp_path) is None


def test_a_landing_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with Faulty() as server:
        pull(FhirClient(server.base), TYPES, tmp_path / "landing", now=now)
        asked = len(server.history)
        with pytest.raises(PullIncomplete, match="already holds a pull"):
            pull(FhirClient(server.base), TYPES, tmp_path / "landing", now=now)
        assert len(server.history) == asked
    assert read_manifest(tmp_path / "landing") is not None


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """The process may write no file beyond 100 bytes: the write fails as on a full disk."""
    script = (
        "import resource, signal, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from outreach.errors import PullIncomplete; from outreach.fhir.client import FhirClient\n"
        "from outreach.pull import pull\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: pull(FhirClient(sys.argv[1]), ['Patient'], Path(sys.argv[2]), now=lambda: datetime.now(UTC))\n"
        "except PullIncomplete as fault: print(fault)\n"
    )
    with Faulty() as server:
        command = [sys.executable, "-c", script, server.base, str(tmp_path / "landing")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "too large" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_killed_pull_leaves_no_landing_and_the_next_one_starts_clean(tmp_path: Path) -> None:
    script = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from outreach.fhir.client import FhirClient; from outreach.pull import pull\n"
        "stop = lambda type_, rows: (print('stopped', flush=True), sys.stdin.read())\n"
        "pull(FhirClient(sys.argv[1]), ['Patient'], Path(sys.argv[2]), progress=stop, now=lambda: datetime.now(UTC))\n"
    )
    with Faulty() as server:
        command = [sys.executable, "-c", script, server.base, str(tmp_path / "landing")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
            assert killed.stdout is not None
            assert killed.stdout.readline() == b"stopped\n"
            killed.send_signal(signal.SIGKILL)
        assert [path.name for path in tmp_path.iterdir()] == ["landing.part"]
        (tmp_path / "landing.part" / "Observation.ndjson").write_text("left over\n")
        pull(FhirClient(server.base), TYPES, tmp_path / "landing", now=now)
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]
    assert not (tmp_path / "landing" / "Observation.ndjson").exists()
