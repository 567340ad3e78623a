"""A pull that is killed at any instruction ends, run again, in a whole landing; and goes on with the same export."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import outreach.fhir.bulk
import outreach.pull
from integration.test_post_processes import in_child
from outreach.errors import PullIncomplete
from outreach.fhir.client import FhirClient
from outreach.pull import pull, put_away, read_manifest
from outreach.pull.kept import JOB, LANDED
from outreach.pull.landing import held, part_of
from servers.versions import Answered, Versions, rows

TYPES = ["Patient", "Condition", "Slot", "Observation"]
ROOMS = tuple(str(Path(module.__file__).parent) for module in (outreach.pull, outreach.fhir.bulk))  # type: ignore[arg-type]
ERROR = json.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "Patient/p3"}]})
GONE = {"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": "Condition/c9"}}]}


def server(**how: Any) -> Versions:
    """Nine files in all: one type short, so that it is read by search."""
    return Versions(errors=[ERROR.encode()], deleted=[json.dumps(GONE).encode()], omit=("Slot",), **how)


def now() -> datetime:
    return datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def pulled(base: str, landing: Path, at: Callable[[], datetime] = now, **how: Any) -> None:
    pull(FhirClient(base, sleep=lambda seconds: None), how.pop("types", TYPES), landing, now=at, **how)


class Dying:
    """Kills its process at the nth line that the rooms of the pull carry out, in whichever thread."""

    def __init__(self, nth: int) -> None:
        self.nth, self.lines, self._lock = nth, 0, threading.Lock()

    def __enter__(self) -> Dying:
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, arg: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(ROOMS) else None

    def _line(self, frame: FrameType, event: str, arg: object) -> Any:
        with self._lock:
            self.lines += 1
            if self.lines == self.nth:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._line


def killed(base: str, landing: Path, nth: int) -> bool:
    """Whether it was; else it went through."""

    def work() -> None:
        with Dying(nth):
            pulled(base, landing)

    status = in_child(work)
    assert status in (0, -signal.SIGKILL)
    return status != 0


def assert_whole(landing: Path) -> None:
    manifest = read_manifest(landing)
    assert manifest is not None
    found: dict[str, list[str]] = {type_: [] for type_ in TYPES}
    for file in manifest.files:
        lines = (landing / file.name).read_bytes().splitlines()
        assert len(lines) == file.lines
        found[file.type] += [json.loads(line)["id"] for line in lines]
    assert found == {type_: [row["id"] for row in listed] for type_, listed in rows().items()}
    assert (landing / "deleted.ndjson").read_text() == '{"type": "Condition", "id": "c9"}\n'
    assert (landing / "outcomes.ndjson").read_text() == ERROR + "\n"
    assert {path.name for path in landing.iterdir()} == {"manifest.json", *(f.name for f in manifest.everything())}
    assert not part_of(landing).exists()


@pytest.fixture(scope="module")
def lines_of_a_pull(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many lines a pull carries out in which nothing dies."""
    with server() as honest, Dying(0) as counted:
        pulled(honest.base, tmp_path_factory.mktemp("undisturbed") / "landing")
    assert counted.lines > 500
    return counted.lines


def points(lines: int, step: int) -> Iterator[int]:
    return iter(range(1, lines, step))


@pytest.mark.parametrize(
    "step",
    [
        61,
        pytest.param(17, marks=pytest.mark.long),
        pytest.param(1, marks=[pytest.mark.long, pytest.mark.matrix]),  # each line of a pull: most of an hour
    ],
)
def test_killed_at_any_line_and_run_again(step: int, lines_of_a_pull: int, tmp_path: Path) -> None:
    deaths = starts = 0
    for nth in points(lines_of_a_pull, step):
        with server() as honest:
            landing = tmp_path / str(nth)
            if killed(honest.base, landing, nth):
                deaths += 1
                assert not landing.exists() or read_manifest(landing) is not None
            if not landing.exists():
                pulled(honest.base, landing)
            assert_whole(landing)
            assert honest.starts <= 2
            starts += honest.starts
            lost = {1} - honest.ended  # killed between the server's answer and the disk: nobody knows of the job
            assert honest.jobs - honest.ended <= lost
        shutil.rmtree(landing)
    assert deaths > 10
    assert starts < 1.5 * deaths  # most go on with the same job


def test_killed_again_and_again(lines_of_a_pull: int, tmp_path: Path) -> None:
    """Each process gets a little further than the one before, with one export between them all."""
    with server() as honest:
        deaths, nth, landing = 0, 250, tmp_path / "landing"
        while not landing.exists() and killed(honest.base, landing, nth):  # the last may die when all is in its place
            deaths, nth = deaths + 1, nth + 60
        assert_whole(landing)
    assert deaths > 5
    assert honest.starts <= 2


@pytest.fixture
def cut_off(tmp_path: Path) -> Iterator[tuple[Versions, Path]]:
    """A server, and a landing whose pull was killed when three of its eight files were there."""

    def work() -> None:
        def progress(type_: str, rows: int) -> None:
            if len((part_of(landing) / LANDED).read_bytes().splitlines()) >= 3:
                os.kill(os.getpid(), signal.SIGKILL)

        pulled(honest.base, landing, progress=progress)

    landing = tmp_path / "landing"
    with server(one_job=True) as honest:
        assert in_child(work) == -signal.SIGKILL
        assert honest.jobs - honest.ended == {1}
        yield honest, landing


def fetched(honest: Versions) -> list[str]:
    return [seen.path for seen in honest.history if "/files/" in seen.path and seen.method == "GET"]


def test_only_what_is_missing_is_fetched(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    before = len(honest.history)
    there = [json.loads(line)[1]["name"] for line in (part_of(landing) / LANDED).read_text().splitlines()]
    pulled(honest.base, landing)
    assert_whole(landing)
    again = [seen.path for seen in honest.history[before:] if "/files/" in seen.path]
    assert len(there) >= 3
    assert len(again) == 8 - len(there)
    assert (honest.starts, honest.ended) == (1, {1})


def test_what_was_written_down_is_closed_to_others(cut_off: tuple[Versions, Path]) -> None:
    part = part_of(cut_off[1])
    assert part.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in part.iterdir()} == dict.fromkeys(
        [path.name for path in part.iterdir()], 0o600
    )


@pytest.mark.parametrize("harm", ["a byte less", "another byte", "gone"])
def test_a_landed_file_that_was_harmed_is_fetched_again(harm: str, cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    name = json.loads((part_of(landing) / LANDED).read_text().splitlines()[0])[1]["name"]
    path = part_of(landing) / name
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        path.write_bytes(content[:-1] if harm == "a byte less" else re.sub(rb'("id": ")\w', rb"\1x", content, count=1))
    pulled(honest.base, landing)
    assert_whole(landing)
    assert honest.starts == 1


def test_a_last_word_that_was_cut_does_not_count(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    log = part_of(landing) / LANDED
    log.write_bytes(log.read_bytes()[:-10])
    pulled(honest.base, landing)
    assert_whole(landing)
    assert honest.starts == 1


OTHER: dict[str, dict[str, Any]] = {
    "types": {"types": [*TYPES, "Consent"]},
    "since": {"since": "2026-02-01T00:00:00Z"},
    "group": {"group": "g1"},
    "way": {"prefer_bulk": False},
    "too late": {"at": lambda: now() + timedelta(hours=12, seconds=1)},
    "a clock set back": {"at": lambda: now() - timedelta(hours=13)},
}


@pytest.mark.parametrize("other", OTHER)
def test_another_order_starts_anew_and_ends_the_old_job(other: str, cut_off: tuple[Versions, Path]) -> None:
    """The server allows one job at a time: the new one is not kept waiting by the old."""
    honest, landing = cut_off
    (part_of(landing) / "Observation.ndjson").write_text("left over\n")
    pulled(honest.base, landing, **OTHER[other])
    assert honest.starts == (1 if other == "way" else 2)
    assert honest.ended == honest.jobs
    assert not (landing / "Observation.ndjson").exists()


def test_another_server_is_told_nothing(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    before = len(honest.history)
    with server() as another:
        pulled(another.base, landing)
    assert_whole(landing)
    assert len(honest.history) == before
    assert not [seen for seen in another.history if "/job/1" in seen.path and seen.method == "DELETE"][1:]


def test_within_the_limit_it_is_gone_on_with(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    pulled(honest.base, landing, at=lambda: now() + timedelta(hours=11, minutes=59))
    assert_whole(landing)
    assert honest.starts == 1


def test_a_job_that_the_server_forgot_is_started_anew(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    honest.ended.add(1)
    pulled(honest.base, landing)
    assert_whole(landing)
    assert honest.starts == 2


def test_a_job_file_that_cannot_be_read_is_none(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    honest.ended.add(1)
    (part_of(landing) / JOB).write_text("{")
    pulled(honest.base, landing)
    assert_whole(landing)
    assert honest.starts == 2


def test_an_address_that_may_no_longer_be_asked_is_not(cut_off: tuple[Versions, Path]) -> None:
    """What is written down is checked again: the settings may have changed, or the file."""
    honest, landing = cut_off
    with Versions() as elsewhere:
        job = part_of(landing) / JOB
        job.write_text(job.read_text().replace(honest.base, elsewhere.base).replace(elsewhere.base, honest.base, 1))
        with pytest.raises(PullIncomplete, match="another origin"):
            pulled(honest.base, landing)
        assert elsewhere.history == []


def test_two_pulls_into_one_landing_are_one(cut_off: tuple[Versions, Path]) -> None:
    honest, landing = cut_off
    with held(part_of(landing)) as ours:
        assert ours
        with pytest.raises(PullIncomplete, match="at work"):
            pulled(honest.base, landing)
        put_away(FhirClient(honest.base), landing)
        assert part_of(landing).exists()
    pulled(honest.base, landing)
    assert_whole(landing)


def test_what_another_night_left_is_put_away(cut_off: tuple[Versions, Path], tmp_path: Path) -> None:
    honest, landing = cut_off
    put_away(FhirClient(honest.base), landing)
    assert list(tmp_path.iterdir()) == []
    assert honest.ended == {1}
    put_away(FhirClient(honest.base), landing)


def test_an_orderly_failure_keeps_nothing(tmp_path: Path) -> None:
    with server(script={"/Patient/2": [Answered(500)] * 99}) as honest:
        with pytest.raises(PullIncomplete, match="500"):
            pulled(honest.base, tmp_path / "landing")
        assert honest.ended == {1}
    assert list(tmp_path.iterdir()) == []
