"""What a pull by export writes down as it goes, so that one that was killed can be gone on with.

``job.json`` is there before the job is waited for; ``landed.jsonl`` gets a line for each file that is whole on the
disk. Both lie in the part folder, mode 0600, and are gone when it gets its name: an address in them may be signed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from outreach.fhir.bulk import BulkFile, Export
from outreach.pull.landing import checksum, clear, create, settle, settle_folder
from outreach.pull.manifest import LandedFile

JOB, LANDED = "job.json", "landed.jsonl"
STALE = timedelta(hours=12)  #: what a server exported longer ago is not gone on with


@dataclass(frozen=True)
class Order:
    """What a pull asks of which server. Only a job of the very same order is gone on with."""

    source: str
    types: tuple[str, ...]
    since: str
    group: str
    patients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A job of the server's. ``begun``: when the pull began; ``before``: the server's counts then."""

    order: Order
    url: str
    begun: str
    before: Mapping[str, int | None]
    export: Export | None = None  #: once it is finished

    def answers(self, order: Order, now: datetime) -> bool:
        """Whether it is of this order and not stale."""
        try:
            return self.order == order and abs(now - datetime.fromisoformat(self.begun)) <= STALE
        except (ValueError, TypeError):
            return False


class Kept:
    """The job of one part folder, and what of it has landed: the place in the export → its file."""

    def __init__(self, part: Path) -> None:
        self._part, self._lock = part, Lock()
        self.landed: dict[str, LandedFile] = {}

    def resume(self) -> None:
        """Finds what landed whole of the job that is written down, and removes everything else."""
        self.landed = {place: file for place, file in self._written().items() if self._is_whole(file)}
        clear(self._part, {JOB, *(file.name for file in self.landed.values())})
        for place, file in self.landed.items():
            self._write(place, file)

    def begin(self, job: Job) -> Job:
        """Writes a job down, in the place of any other. It is on the disk when this returns."""
        fresh = self._part / f"{JOB}.new"
        fresh.unlink(missing_ok=True)
        with create(fresh) as file:
            file.write(json.dumps(asdict(job)).encode())
            settle(file)
        fresh.replace(self._part / JOB)
        settle_folder(self._part)
        return job

    def finished(self, job: Job, export: Export) -> Job:
        """Writes down that the job is finished, and what its files are."""
        return self.begin(replace(job, export=export))

    def add(self, place: str, file: LandedFile) -> int:
        """Writes down that a file is whole on the disk; the rows of its type that are."""
        with self._lock:
            self._write(place, file)
            self.landed[place] = file
            return sum(each.lines for each in self.landed.values() if each.type == file.type)

    def forget(self) -> None:
        """Removes everything: the job first, so that a crash meanwhile leaves nothing to go on with."""
        (self._part / JOB).unlink(missing_ok=True)
        settle_folder(self._part)
        clear(self._part)
        self.landed = {}

    def _write(self, place: str, file: LandedFile) -> None:
        handle = os.open(self._part / LANDED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as log:
            log.write(json.dumps([place, asdict(file)]).encode() + b"\n")
            settle(log)

    def _written(self) -> dict[str, LandedFile]:
        """A last line that a crash cut does not count."""
        try:
            lines = (self._part / LANDED).read_bytes().split(b"\n")[:-1]
            return {place: LandedFile(**file) for place, file in map(json.loads, lines)}
        except (OSError, ValueError, TypeError):
            return {}

    def _is_whole(self, file: LandedFile) -> bool:
        try:
            with (self._part / file.name).open("rb") as written:
                return checksum(written) == file.crc32
        except OSError:
            return False


def read_job(part: Path) -> Job | None:
    """The job that a part folder tells of; None if it tells of none that can be read."""
    try:
        told = json.loads((part / JOB).read_bytes())
        order = Order(**told["order"] | {name: tuple(told["order"][name]) for name in ("types", "patients")})
        return Job(**{**told, "order": order, "export": _export(told["export"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _export(told: Mapping[str, object] | None) -> Export | None:
    if told is None:
        return None
    files = {name: tuple(BulkFile(**each) for each in told[name]) for name in ("files", "troubles", "deleted")}  # type: ignore[attr-defined]
    return Export(**{**told, **files})  # type: ignore[arg-type]
