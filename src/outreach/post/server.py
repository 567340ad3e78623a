"""What post asks of a FHIR client: the few interactions it uses, as ``fhir.client`` gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from outreach.fhir.client import Created, Versioned
from outreach.fhir.dialect import Resource


class Server(Protocol):
    """A FHIR server as post sees it. Shared between threads."""

    def read(self, type_: str, id_: str) -> Versioned | None:
        """The resource as it is now; None when there is none."""
        ...

    def search(self, type_: str, params: Sequence[tuple[str, str]] = ()) -> list[Resource]:
        """Every match, or a ServerFault."""
        ...

    def update(self, resource: Resource, *, if_match: str) -> Versioned:
        """LostRace when somebody else was first; OutcomeUnknown when the answer was lost."""
        ...

    def create(self, resource: Resource, *, if_none_exist: tuple[str, str]) -> Created:
        """OutcomeUnknown when the answer was lost; SeveralMatch when the key is there several times."""
        ...
