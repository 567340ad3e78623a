"""The way of the bulk export: every file of one job landed, several at a time, and gone on with after a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from outreach.domain.operation_outcome import OUTCOMES, told
from outreach.fhir import bulk
from outreach.fhir.bulk import BulkFile, Export
from outreach.fhir.client import FhirClient
from outreach.fhir.faults import Expired, Unsettled
from outreach.pull.deleted import land_deleted
from outreach.pull.kept import Job, Kept
from outreach.pull.manifest import LandedFile
from outreach.pull.ndjson import NdjsonFile
from outreach.pull.together import together

HANDS = 2  #: files at a time: with more, threads wait for each other more than for the server

Progress = Callable[[str, int], object]
"""Told a resource type and its rows so far, by whichever thread lands them."""


@dataclass(frozen=True)
class Exported:
    """What an export brought. ``doubtful``: it tells of an error that names nobody, so anything may be missing."""

    transaction_time: str
    files: dict[str, list[LandedFile]]
    deleted: LandedFile | None
    outcomes: LandedFile | None
    doubtful: bool


@dataclass(frozen=True)
class _Place:
    """A file of the export and the name it gets. ``type`` is empty where rows may be anything."""

    place: str
    file: BulkFile
    name: str
    type: str

    def rows(self, counted: Mapping[str, int | None]) -> int:
        """How many it may hold. The longest begin first, so that none is left to one hand while the others rest."""
        return self.file.count or counted.get(self.type) or 0


@dataclass(frozen=True)
class Exporting:
    """One pull's export. ``start`` starts a job, or says by None that the server offers none."""

    client: FhirClient
    part: Path
    kept: Kept
    start: Callable[[], Job | None]
    progress: Progress
    poll: bulk.Poll

    def bring(self, job: Job | None) -> Exported | None:
        """Everything of one job, or None when the server offers none.

        A job or a file that the server no longer has is met by one new job; ``job``, if given, is one of before a
        crash, and does not count as that one.
        """
        chances = 2 if job is None else 3
        while (job := job or self.start()) is not None:
            try:
                return self._take(job)
            except Expired:
                chances -= 1
                if not chances:
                    raise
                self.kept.forget()
                job = None
        return None

    def _take(self, job: Job) -> Exported:
        """The job is ended in any case but a crash: some servers allow one at a time."""
        try:
            export = job.export or bulk.wait(self.client, job.url, self.poll)
            self.kept.finished(job, export)
            wanted = list(_places(export, frozenset(job.order.types)))
            longest_first = sorted(wanted, key=lambda each: each.rows(job.before), reverse=True)
            files = together(lambda each, stop: self._file(each, export.login, stop), longest_first, HANDS)
        finally:
            bulk.end(self.client, job.url)
        came, landed = dict(zip(longest_first, files, strict=True)), dict[str, list[LandedFile]]()
        for place in wanted:
            if place.place.isdigit():
                landed.setdefault(place.type, []).append(came[place])
        outcomes, doubtful = self._outcomes(self._named(wanted, "trouble"))
        deleted = land_deleted(self._named(wanted, "deleted"), self.part, strict=bool(job.order.since))
        return Exported(export.transaction_time, landed, deleted, outcomes, doubtful)

    def _named(self, wanted: list[_Place], kind: str) -> list[Path]:
        return [self.part / each.name for each in wanted if each.place.startswith(kind)]

    def _file(self, wanted: _Place, login: bool, stop: Event) -> LandedFile:
        """One file, tried twice when it does not add up, unless it landed before a crash."""
        if (landed := self.kept.landed.get(wanted.place)) is not None:
            return landed
        with NdjsonFile(wanted.type, self.part / wanted.name, stop) as sink:
            try:
                landed = self._fetch(wanted.file, login, sink)
            except Unsettled:
                landed = self._fetch(wanted.file, login, sink)
        self.progress(wanted.file.type, self.kept.add(wanted.place, landed))
        return landed

    def _fetch(self, file: BulkFile, login: bool, sink: NdjsonFile) -> LandedFile:
        answer = bulk.fetch(self.client, file, login, sink)
        return sink.finish(file.count, answer.delimited)

    def _outcomes(self, parts: list[Path]) -> tuple[LandedFile | None, bool]:
        """What the export tells of itself, as one file; and whether an error in it names nobody."""
        if not parts:
            return None, False
        doubtful = False
        with NdjsonFile("", self.part / OUTCOMES) as file:
            for path in parts:
                with path.open("rb") as lines:
                    for line in filter(bytes.strip, lines):
                        file.write(line)
                        doubtful = doubtful or told(line).nameless
            landed = file.finish(file.lines, delimited=True)
        return (replace(landed, type="OperationOutcome") if landed.lines else None), doubtful


def _places(export: Export, types: frozenset[str]) -> Iterator[_Place]:
    numbers = Counter[str]()
    for place, file in enumerate(export.files):
        if file.type in types:
            numbers[file.type] += 1
            number = numbers[file.type]
            name = f"{file.type}.ndjson" if number == 1 else f"{file.type}.{number}.ndjson"
            yield _Place(str(place), file, name, file.type)
    for kind, type_, files in (("trouble", "", export.troubles), ("deleted", "Bundle", export.deleted)):
        for number, file in enumerate(files):
            yield _Place(f"{kind}.{number}", file, f"{kind}.{number}.part", type_)
