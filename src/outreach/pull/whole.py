"""The whole cohort, or nothing.

By Bulk Data export where the server offers it, by paged search where not, and by paged search for each type that the
export left out or fell short of. How each type is proved whole:

- the server counts it before and after (``_summary=count``);
- a **bulk** file must have the rows the manifest speaks of, and all files of a type together a number of rows from the
  smaller to the larger of the two counts: a live server may have gained or lost rows meanwhile (but not all of them:
  that is a search index being rebuilt). Outside of that, or unequal to the counts where the export reports errors, the
  type is read again by search;
- a **search** must add up to the totals its own pages give, and to the two counts as above;
- a type that did not come is **absent** only when the server counts none of it.

Not seen by this: as many rows gained as lost between two pages of one search. A server that keeps a search's result
set still (HAPI does) or gives pages in the order of ids, as we ask it to, makes that harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from outreach.errors import PullIncomplete, ServerFault
from outreach.fhir import bulk
from outreach.fhir.bulk import BulkFile, Export, Poll
from outreach.fhir.client import FhirClient
from outreach.fhir.faults import BadStatus, Unsettled
from outreach.fhir.writing import body_of
from outreach.pull.landing import commit, landing_part
from outreach.pull.manifest import LandedFile, Manifest
from outreach.pull.ndjson import NdjsonFile

Progress = Callable[[str, int], object]
"""Told a resource type and its rows so far."""


def pull(
    client: FhirClient,
    types: Sequence[str],
    landing: Path,
    *,
    prefer_bulk: bool = True,
    progress: Progress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    poll: Poll = Poll(),  # noqa: B008  frozen
) -> Manifest:
    """Lands every resource of ``types`` as NDJSON in the new folder ``landing``, with its manifest.

    Folders have mode 0700, files 0600. The folder appears when all of it is there and on the disk; after any failure
    there is nothing. Memory does not grow with a type's size on the bulk way, and by one hash a row on the search way.

    Raises:
        PullIncomplete: not all of it could be had, with one sentence that says why.
        ServerRefused: the login or a scope was refused, or the server is not R4.
    """
    try:
        with landing_part(landing) as part:
            manifest = _Pull(client, list(dict.fromkeys(types)), part, progress or (lambda type_, rows: None)).run(
                prefer_bulk, now, poll
            )
            commit(part, landing, manifest)
            return manifest
    except ServerFault as fault:
        raise PullIncomplete(f"{fault} Nothing was kept.") from None
    except OSError as error:
        raise PullIncomplete(f"The landing folder could not be written: {error.strerror}.") from None


@dataclass
class _Pull:
    client: FhirClient
    types: list[str]
    part: Path
    progress: Progress
    files: dict[str, list[LandedFile]] = field(default_factory=dict)
    method: dict[str, str] = field(default_factory=dict)
    before: dict[str, int | None] = field(default_factory=dict)
    at: str = ""  #: the transaction time

    def run(self, prefer_bulk: bool, now: Callable[[], datetime], poll: Poll) -> Manifest:
        self.at = now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        offered = bulk.offers_export(self.client.capability())
        self.before = {type_: self._count(type_) for type_ in self.types}
        if prefer_bulk and offered:
            self._by_bulk(poll)
        for type_ in self.types:
            if type_ not in self.method:
                self._by_search(type_)
        landed = {type_: sum(file.lines for file in self.files.get(type_, [])) for type_ in self.types}
        files = tuple(file for type_ in self.types for file in self.files.get(type_, []))
        return Manifest(self.client.base, self.method, self.at, files, landed)

    def _by_bulk(self, poll: Poll) -> None:
        """Settles every type that an export brings whole; the others stay open."""
        job = bulk.start(self.client, self.types)
        if job is None:
            return
        try:
            export = bulk.wait(self.client, job, poll)
            for file in export.files:
                if file.type in self.types:
                    self._download(export, file)
            errors = bulk.tells_of_errors(self.client, export)
        finally:
            bulk.end(self.client, job)
        self.at = export.transaction_time if _is_instant(export.transaction_time) else self.at
        for type_ in list(self.files):
            self._judge(type_, exact=errors)

    def _download(self, export: Export, file: BulkFile) -> None:
        """One file, tried twice when it does not add up."""
        path = self._next_path(file.type)
        with NdjsonFile(file.type, path) as sink:
            for last in (False, True):
                answer = bulk.fetch(self.client, file, export.login, sink)
                try:
                    landed = sink.finish(file.count, answer.delimited)
                    break
                except Unsettled:
                    if last:
                        raise
        self.files.setdefault(file.type, []).append(landed)
        self.progress(file.type, sum(each.lines for each in self.files[file.type]))

    def _judge(self, type_: str, exact: bool) -> None:
        """Whether what the export brought of a type is all of it; if not, it is thrown away for a search."""
        lines, after = sum(file.lines for file in self.files[type_]), self._count(type_)
        if _fits(lines, self.before[type_], after) and not (exact and not lines == self.before[type_] == after):
            self.method[type_] = "bulk"
        else:
            self._forget(type_)

    def _by_search(self, type_: str) -> None:
        """A type by paged search, unless the server counts none of it; tried twice when it does not add up."""
        if self._count(type_) == 0 and not self.before[type_]:
            self.method[type_] = "absent"
            return
        for last in (False, True):
            try:
                self._search(type_)
                break
            except Unsettled:
                self._forget(type_)
                if last:
                    raise
        self.method[type_] = "search"

    def _search(self, type_: str) -> None:
        with NdjsonFile(type_, self._next_path(type_)) as sink:
            self._pages(type_, sink)
            self.files[type_] = [sink.finish(sink.lines, delimited=True)]
        after = self._count(type_)
        if not _fits(sink.lines, self.before[type_], after):
            raise Unsettled(f"Search brought {sink.lines} rows of {type_}; the server counts {after}.")

    def _pages(self, type_: str, sink: NdjsonFile) -> None:
        """Writes the pages, in the order of ids if the server can sort by it: then updates meanwhile shift no page."""
        for order in ([("_sort", "_id")], []):
            try:
                for page in self.client.stream(type_, order):
                    sink.write(b"".join(body_of(row) + b"\n" for row in page))
                    self.progress(type_, sink.lines)
                return
            except BadStatus as fault:
                if fault.status != 400 or not order:
                    raise
                sink.begin()

    def _count(self, type_: str) -> int | None:
        """The server's own count; None when it does not give one."""
        try:
            return self.client.total(type_)
        except BadStatus as fault:
            if fault.status == 400:
                return None
            raise

    def _next_path(self, type_: str) -> Path:
        number = len(self.files.get(type_, [])) + 1
        return self.part / (f"{type_}.ndjson" if number == 1 else f"{type_}.{number}.ndjson")

    def _forget(self, type_: str) -> None:
        for path in [self.part / f"{type_}.ndjson", *self.part.glob(f"{type_}.*.ndjson")]:
            path.unlink(missing_ok=True)
        self.files.pop(type_, None)


def _fits(lines: int, before: int | None, after: int | None) -> bool:
    """Whether a number of rows lies between two counts of a live server. Where it does not count, nothing is judged."""
    counts = [count for count in (before, after) if count is not None]
    return not counts or (min(counts) <= lines <= max(counts) and not (before and after == 0))


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
