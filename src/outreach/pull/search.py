"""The way of the paged search: one resource type, proved whole by what the server counts of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from outreach.fhir.client import FhirClient
from outreach.fhir.faults import SEARCH_REFUSED, BadStatus, Unsettled
from outreach.fhir.writing import body_of
from outreach.pull.manifest import LandedFile
from outreach.pull.ndjson import NdjsonFile

HANDS = 8  #: requests in flight, at most


@dataclass(frozen=True)
class Searching:
    """Searches of one pull. ``since``: only what changed from that instant on; empty for everything."""

    client: FhirClient
    part: Path
    progress: Callable[[str, int], object]
    since: str = ""

    def count(self, type_: str) -> int | None:
        """The server's own count; None when it does not give one."""
        try:
            return self.client.total(type_, self._changed())
        except BadStatus as fault:
            if fault.status in (SEARCH_REFUSED if self.since else {400}):
                return None
            raise

    def bring(self, type_: str, before: int | None, stop: Event) -> LandedFile | None:
        """Every resource of the type; None when there is none. Tried twice when it does not add up.

        Args:
            before: the server's count when the pull began; None where none was taken, and then it is taken here.
        """
        counted = self.count(type_)
        if counted == 0 and not before and not self._shows_any(type_):
            return None
        before = counted if before is None else before
        try:
            return self._search(type_, before, stop)
        except Unsettled:
            (self.part / f"{type_}.ndjson").unlink()
            return self._search(type_, before, stop)

    def _shows_any(self, type_: str) -> bool:
        """Whether a search finds any: a count of none alone would make a whole type vanish without a word."""
        return bool(next(iter(self.client.stream(type_, self._changed(), page=1)), []))

    def _changed(self) -> list[tuple[str, str]]:
        return [("_lastUpdated", f"ge{self.since}")] if self.since else []

    def _search(self, type_: str, before: int | None, stop: Event) -> LandedFile:
        with NdjsonFile(type_, self.part / f"{type_}.ndjson", stop) as sink:
            self._pages(type_, sink)
            landed = sink.finish(sink.lines, delimited=True)
        after = self.count(type_)
        if not fits(landed.lines, before, after):
            raise Unsettled(f"Search brought {landed.lines} rows of {type_}; the server counts {after}.")
        return landed

    def _pages(self, type_: str, sink: NdjsonFile) -> None:
        """Writes the pages, in the order of ids if the server can sort by it: then updates meanwhile shift no page."""
        for order in ([("_sort", "_id")], []):
            try:
                for page in self.client.stream(type_, [*self._changed(), *order]):
                    sink.write(b"".join(body_of(row) + b"\n" for row in page))
                    self.progress(type_, sink.lines)
                return
            except BadStatus as fault:
                if fault.status != 400 or not order:
                    raise
                sink.begin()


def fits(lines: int, before: int | None, after: int | None) -> bool:
    """Whether a number of rows lies between two counts of a live server. Where it does not count, nothing is judged."""
    counts = [count for count in (before, after) if count is not None]
    return reaches(lines, before, after) and (not counts or lines <= max(counts))


def reaches(lines: int, before: int | None, after: int | None) -> bool:
    """Whether it is not below both counts: an export of what changed may lawfully bring more."""
    counts = [count for count in (before, after) if count is not None]
    return not counts or (min(counts) <= lines and not (before and after == 0))
