"""One pull at work: by export, by search, and what it comes to. How it is proved whole stands in ``whole``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir import bulk
from outreach.fhir.bulk import Kickoff, Poll
from outreach.fhir.client import FhirClient
from outreach.fhir.faults import SEARCH_REFUSED, BadStatus
from outreach.pull.export import Exported, Exporting, Progress
from outreach.pull.kept import Job, Kept, Order, read_job
from outreach.pull.left import end_left
from outreach.pull.manifest import LandedFile, Manifest
from outreach.pull.search import HANDS, Searching, fits, reaches
from outreach.pull.together import together

#: What is in no patient's compartment, so in no Group's export; and the Schedules, which here are the clinics'.
#: https://hl7.org/fhir/R4/compartmentdefinition-patient.html
OF_NOBODY = frozenset({"Slot", "Schedule", "Location", "Organization", "Practitioner", "HealthcareService"})


@dataclass
class Pulling:
    """``run`` lands what was ordered in the folder ``part`` and tells what it is; nothing is put in its place."""

    client: FhirClient
    order: Order
    part: Path
    progress: Progress
    now: Callable[[], datetime]
    poll: Poll
    kickoff: Kickoff
    before: dict[str, int | None] = field(default_factory=dict)
    files: dict[str, list[LandedFile]] = field(default_factory=dict)
    method: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kept = Kept(self.part)
        self.search = Searching(self.client, self.part, self.progress, self.order.since)

    def run(self, by_bulk: bool) -> Manifest:
        at, offered = self._instant(), self._offered()
        job = self._left(by_bulk and offered)
        self.before = dict(job.before) if job else self._counts()
        exported = self._export(job) if by_bulk and offered else None
        silent = self._silent(exported)
        if exported is not None:
            self.files = exported.files
            self._judge(exported)
        self._search([type_ for type_ in self.order.types if type_ not in self.method], silent)
        return self._manifest(exported, job.begun if job else at)

    def _offered(self) -> bool:
        if set(self.order.types) <= self._unasked():  # an export of no type would be one of every type
            return False
        return bool(self.order.group) or bulk.offers_export(self.client.capability())

    def _left(self, wanted: bool) -> Job | None:
        """The job of a pull that was killed, to go on with; any other is ended, and what it brought removed."""
        job = read_job(self.part)
        if job is not None and wanted and job.answers(self.order, self.now()):
            self._check(job)
            self.kept.resume()
            return job
        if job is not None:
            end_left(self.client, job)
        self.kept.forget()
        return None

    def _check(self, job: Job) -> None:
        """The addresses were checked before they were written; the settings may have changed meanwhile."""
        files = [*job.export.files, *job.export.troubles, *job.export.deleted] if job.export else []
        for url in (job.url, *(file.url for file in files)):
            self.client.transport.origin.resolve_file(url)

    def _counts(self) -> dict[str, int | None]:
        if self.order.group:
            return {}
        found = together(lambda type_, stop: self.search.count(type_), self.order.types, HANDS)
        return dict(zip(self.order.types, found, strict=True))

    def _export(self, job: Job | None) -> Exported | None:
        return Exporting(self.client, self.part, self.kept, self._start, self.progress, self.poll).bring(job)

    def _start(self) -> Job | None:
        order = self.order
        types = [type_ for type_ in order.types if type_ not in self._unasked()]
        since, group = order.since or None, order.group or None
        url = bulk.start(
            self.client, types,
            since=since, group=group, patients=order.patients, kickoff=self.kickoff, poll=self.poll,
        )  # fmt: skip
        if url is not None:
            return self.kept.begin(Job(order, url, self._instant(), self.before))
        if order.group:
            raise ServerRefused(f"The server does not start an export of {_whom(order)}.")
        return None

    def _unasked(self) -> frozenset[str]:
        """The types that the export is not asked for."""
        return OF_NOBODY if self.order.group else frozenset()

    def _silent(self, exported: Exported | None) -> frozenset[str]:
        """The types of which an export of what changed says that nothing did, and the server counts nothing else."""
        if exported is None or exported.doubtful or not self.order.since:
            return frozenset()
        asked = frozenset(self.order.types) - self._unasked() - exported.files.keys()
        return frozenset(type_ for type_ in asked if not self.before.get(type_))

    def _judge(self, exported: Exported) -> None:
        """Which types the export brought whole; what it brought of the others is thrown away for a search."""
        if self.order.group and exported.doubtful:
            raise ServerFault("The bulk export of the Group reports an error that names nobody.")
        for type_, whole in zip(self.order.types, self._whole(exported.doubtful), strict=True):
            if whole:
                self.method[type_] = "bulk"
            else:
                self._forget(type_)

    def _whole(self, doubtful: bool) -> list[bool]:
        return together(lambda type_, stop: self._is_whole(type_, doubtful), self.order.types, HANDS)

    def _is_whole(self, type_: str, doubtful: bool) -> bool:
        if self.order.group:
            return type_ not in self._unasked()
        if type_ not in self.files:
            return False
        if self.order.since and doubtful:
            return False
        lines, before = sum(file.lines for file in self.files[type_]), self.before.get(type_)
        after = self.search.count(type_)
        if self.order.since:
            return reaches(lines, before, after)
        return fits(lines, before, after) and not (doubtful and not lines == before == after)

    def _forget(self, type_: str) -> None:
        for file in self.files.pop(type_, []):
            (self.part / file.name).unlink()

    def _search(self, types: list[str], silent: frozenset[str]) -> None:
        together(lambda type_, stop: self._by_search(type_, type_ in silent, stop), types, HANDS)

    def _by_search(self, type_: str, word: bool, stop: Event) -> None:
        """``word``: an export has said that nothing of the type changed; believed where the server cannot search so."""
        try:
            landed = self.search.bring(type_, self.before.get(type_), stop)
        except BadStatus as fault:
            if fault.status not in SEARCH_REFUSED or not word:
                raise
            self.method[type_] = "bulk"
            (self.part / f"{type_}.ndjson").unlink(missing_ok=True)
            return
        self.method[type_] = "search" if landed else "absent"
        if landed:
            self.files[type_] = [landed]

    def _manifest(self, exported: Exported | None, began: str) -> Manifest:
        files = {type_: self.files.get(type_, []) for type_ in self.order.types}
        at = exported.transaction_time if exported and _is_instant(exported.transaction_time) else began
        return Manifest(
            self.client.base,
            {type_: self.method[type_] for type_ in files},
            at,
            tuple(file for each in files.values() for file in each),
            {type_: sum(file.lines for file in each) for type_, each in files.items()},
            self.order.since,
            self.order.group,
            self.before,
            exported.deleted if exported else None,
            exported.outcomes if exported else None,
        )

    def _instant(self) -> str:
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _whom(order: Order) -> str:
    return "some of the Group's members" if order.patients else "the Group"


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
