"""What changed since an earlier night, on top of its tables; proved whole by the server's own counts.

What changed is asked for from a little before the newest stamp that is known (``OVERLAP``): servers make a record
visible some time after they stamped it. A resource that comes again replaces what was known of it, so asking for too
much does no harm. Then every type must be as many as the server counts. Where one is not, something was deleted, or
came unseen: its history is asked for deletions, and if it still does not add up, the type alone is read whole. A
change that a server neither stamps nor counts is seen by the next full reading (``whole_every``).

A server counts nothing of a Group. Who its members are is read whole each night instead (``members``).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.faults import BadStatus
from outreach.fhir.history import deleted
from outreach.flatten import Base, FlattenReport
from outreach.flatten.columns import TABLES
from outreach.pull import Manifest
from outreach.refresh.members import Members
from outreach.refresh.reading import Reading
from outreach.refresh.state import State, state_of, write_state
from outreach.refresh.whole import read_whole

#: Servers were seen to show a record up to two minutes after its stamp (LinuxForHealth's conformance page).
OVERLAP = timedelta(minutes=10)


class Changes:
    """One night's reading on top of an earlier one."""

    def __init__(self, reading: Reading, base: Path, state: State) -> None:
        self.reading, self.base, self.state = reading, base, state
        self.since = _instant(state.anchor() - OVERLAP)
        self.members = Members(reading, base) if reading.group else None
        read_anyway = {"Patient"} if self.members else set()
        self.types = [type_ for type_ in reading.types if type_ not in read_anyway]
        self.asked = [type_ for type_ in self.types if state.changeable(type_) and self._takes_since(type_)]
        self.counts: dict[str, int | None] = {}

    def read(self) -> Manifest:
        """Make tonight's tables."""
        reading = self.reading
        reading.progress("pull what changed")
        self.counts = {type_: self.reading.count(type_) for type_ in self.asked}
        manifest = reading.pull(self.asked, reading.landing, self.since)
        with closing(self.members) if self.members else nullcontext():
            changed = self._change()
        report = self._settle(changed) if changed else self._again(reading.types, settled=True)
        write_state(reading.tables, state_of(reading, manifest.transaction_time, self.state.whole_at, report))
        return manifest

    def _change(self) -> FlattenReport | None:
        """The earlier tables with what came; of a Group, with who its members are now. None: all must be read."""
        reading, gone, members = self.reading, _gone(self.reading.landing), self.members
        others = frozenset(table.resource for table in TABLES) - set(self.asked)
        base = Base(self.base, others, gone, reading.landing_of(self.base))
        if members is not None:
            members.read()
            base = Base(reading.tables, others - {"Patient"}, members.records_of_those_who_left(gone))
        reading.progress("flatten what changed")
        report = reading.flatten(reading.landing, reading.tables, base=base)
        if report.superseded:  # what came twice may hide what did not come, and a change adds nothing to a count
            return None
        return members.bring_new() if members is not None and members.new else report

    def _settle(self, report: FlattenReport) -> FlattenReport:
        """What does not add up is looked into; what still does not, and what cannot be asked so, is read whole."""
        if short := self._short(report):
            self.reading.progress("look for what was deleted")
            report = self._forget(short) or report
        again = [*(type_ for type_ in self.types if type_ not in self.asked), *self._short(report)]
        return self._again(again) if again else report

    def _again(self, types: Sequence[str], *, settled: bool = False) -> FlattenReport:
        return read_whole(self.reading, types, "whole", Base(self.reading.tables, frozenset(types), settled=settled))[1]

    def _short(self, report: FlattenReport) -> list[str]:
        """The types that are not as many as the server counts. Where it does not count, nothing is judged."""
        return [type_ for type_ in self.asked if not self._fits(type_, report.resources[type_])]

    def _fits(self, type_: str, found: int) -> bool:
        bounds = [count for count in (self.counts[type_], self.reading.count(type_)) if count is not None]
        return not bounds or min(bounds) <= found <= max(bounds)

    def _forget(self, types: Sequence[str]) -> FlattenReport | None:
        """Take out what the server's history says was deleted; None where it keeps no history."""
        gone = {type_: ids for type_ in types if (ids := self._deleted(type_))}
        if not gone:
            return None
        with tempfile.TemporaryDirectory(dir=self.reading.landing) as nothing:
            others = frozenset(table.resource for table in TABLES) - set(self.reading.types)
            return self.reading.flatten(
                Path(nothing), self.reading.tables, base=Base(self.reading.tables, others, _listed(gone))
            )

    def _deleted(self, type_: str) -> set[str] | None:
        try:
            return deleted(self.reading.client, type_, self.since)
        except (ServerFault, ServerRefused):  # the type is then read whole, which has the last word
            return None

    def _takes_since(self, type_: str) -> bool:
        """Whether the type may be asked for what changed: an export always, a search not everywhere."""
        if self.reading.of_group(type_):
            return True
        try:
            self.reading.total(type_, [("_lastUpdated", f"ge{self.since}")])
        except BadStatus:
            return False
        return True


def _gone(landing: Path) -> Mapping[str, Sequence[str]]:
    """What an export says was deleted, ids by type."""
    found: dict[str, list[str]] = {}
    path = landing / "deleted.ndjson"
    for line in path.open(encoding="utf-8") if path.exists() else ():
        told = json.loads(line)
        found.setdefault(told["type"], []).append(told["id"])
    return found


def _listed(gone: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {type_: sorted(ids) for type_, ids in gone.items()}


def _instant(at: datetime) -> str:
    """In UTC with Z: some servers compare instants as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
