"""A finished export, as its manifest tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.errors import ServerFault
from outreach.fhir.dialect import Resource

WHAT = "bulk export"


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
    """The export in the pages of a manifest; an entry given twice counts once.

    An answer that is no manifest must not be read as an export of nothing. ``output`` is on every page, empty or not,
    and names the type and address of each file; the other lists may be missing or null, and what they hold is known.

    Args:
        resolve: gives an address as one that may be asked, or raises.

    Raises:
        ServerFault: a page is no manifest, or holds an entry that cannot be read.
    """
    if not all(isinstance(page.get("output"), list) for page in pages):
        raise ServerFault(f"{WHAT}: the answer is no manifest: it has no list of files.")

    def files(*names: str) -> tuple[BulkFile, ...]:
        found = (_file(each, resolve, name) for page in pages for name in names for each in _listed(page, name))
        return tuple(dict.fromkeys(found))

    return Export(
        _text(pages[0], "transactionTime"),
        files("output"),
        files("error", "outcome"),  # version 4 renamed it
        files("deleted"),
        login=pages[0].get("requiresAccessToken") is not False,
    )


def further_page(page: Resource) -> str:
    """The link to the manifest's next page; empty when there is none."""
    return next((_text(each, "url") for each in _listed(page, "link") if each.get("relation") == "next"), "")


def _file(entry: Mapping[str, Any], resolve: Callable[[str], str], name: str) -> BulkFile:
    count = entry.get("count")
    type_ = _text(entry, "type") if name == "output" else str(entry.get("type"))
    return BulkFile(type_, resolve(_text(entry, "url")), count if type(count) is int else None)


def _listed(page: Resource, name: str) -> list[Mapping[str, Any]]:
    listed = page.get(name)
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise ServerFault(f"{WHAT}: what the manifest has as “{name}” cannot be read.")
    return listed


def _text(element: Mapping[str, Any], name: str) -> str:
    """What must be there."""
    found = element.get(name)
    if not isinstance(found, str) or not found:
        raise ServerFault(f"{WHAT}: the manifest lacks a “{name}”.")
    return found
