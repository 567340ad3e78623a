"""A finished export, as its manifest tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.fhir.dialect import Resource, elements


@dataclass(frozen=True)
class BulkFile:
    """One file of an export. ``count``: rows as the manifest says, None when it does not."""

    type: str
    url: str
    count: int | None


@dataclass(frozen=True)
class Export:
    """A finished export.

    ``troubles`` are the files that tell what could not be exported, and of mere warnings; ``deleted`` those that name
    what is no longer there.
    """

    transaction_time: str
    files: tuple[BulkFile, ...]
    troubles: tuple[BulkFile, ...]
    deleted: tuple[BulkFile, ...]
    login: bool  #: whether our login goes with the files (requiresAccessToken)


def export_of(pages: Sequence[Resource], resolve: Callable[[str], str]) -> Export:
    """The export in the pages of a manifest; a list that is missing is empty, an entry given twice counts once.

    ``resolve`` gives an address as one that may be asked, or raises.
    """

    def files(*names: str) -> tuple[BulkFile, ...]:
        found = (_file(each, resolve) for page in pages for name in names for each in elements(page, name))
        return tuple(dict.fromkeys(found))

    return Export(
        str(pages[0].get("transactionTime", "")),
        files("output"),
        files("error", "outcome"),  # version 4 renamed it
        files("deleted"),
        login=pages[0].get("requiresAccessToken") is not False,
    )


def further_page(page: Resource) -> str:
    """The link to the manifest's next page; empty when there is none."""
    return next((str(each.get("url")) for each in elements(page, "link") if each.get("relation") == "next"), "")


def _file(entry: Mapping[str, Any], resolve: Callable[[str], str]) -> BulkFile:
    count = entry.get("count")
    return BulkFile(str(entry.get("type")), resolve(str(entry.get("url", ""))), count if type(count) is int else None)
