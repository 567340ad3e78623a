"""What one night reads, and how it asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from outreach.errors import PullIncomplete, ServerFault
from outreach.fhir.client import FhirClient
from outreach.fhir.faults import SEARCH_REFUSED, BadStatus
from outreach.fhir.filters import Params
from outreach.flatten import Base, FlattenReport, flatten
from outreach.pull import OF_NOBODY, Manifest


class Pull(Protocol):
    """Lands types in a folder: all there is of them, what changed since an instant, or what is of some patients."""

    def __call__(self, types: Sequence[str], folder: Path, since: str, patients: Sequence[str] = (), /) -> Manifest: ...


class Flatten(Protocol):
    """``outreach.flatten.flatten``, on the engine of the settings."""

    def __call__(
        self, landing: Path, tables: Path, *, base: Base | None = None, within: str = "", known: Path | None = None
    ) -> FlattenReport: ...


@dataclass(frozen=True)
class Reading:
    """What one night reads: the types, where they land, and the tables made of them; ``home`` has earlier nights.

    ``whole_every``: days after which everything is read anew; 0 or 1: each night. ``group``: the id of the Group to
    whose members ``pull`` keeps; empty for everybody.
    """

    client: FhirClient
    types: Sequence[str]
    landing: Path
    tables: Path
    home: Path
    pull: Pull
    whole_every: int
    progress: Callable[[str], object]
    group: str = ""
    flatten: Flatten = flatten

    def of_group(self, type_: str) -> bool:
        """Whether of this type only the Group's members' are read."""
        return bool(self.group) and type_ not in OF_NOBODY

    def count(self, type_: str) -> int | None:
        """How many the server has of what is read; None where it does not count that."""
        if self.of_group(type_):
            return None
        try:
            return self.total(type_, [])
        except BadStatus:
            return None

    def total(self, type_: str, params: Params) -> int | None:
        """The server's own count of a search. BadStatus where it refuses such a search, of everything by 400 alone."""
        try:
            return self.client.total(type_, params)
        except ServerFault as fault:
            if isinstance(fault, BadStatus) and fault.status in (SEARCH_REFUSED if params else {400}):
                raise
            raise PullIncomplete(f"{fault} Nothing was kept.") from None

    def landing_of(self, tables: Path) -> str:
        """Where the files of earlier tables landed, as a path in ``home`` that ends with a slash.

        Of tonight's own tables, made by an earlier reading of the day, the files are no longer there.
        """
        gone = "read before/" if tables == self.tables else ""
        return f"{tables.parent.relative_to(self.home)}/landing/{gone}"
