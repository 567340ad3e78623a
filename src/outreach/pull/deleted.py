"""What an export says is no longer there: transaction Bundles of DELETEs, landed as one type and id a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from outreach.errors import ServerFault
from outreach.fhir.dialect import elements, reference_to
from outreach.pull.manifest import LandedFile
from outreach.pull.ndjson import NdjsonFile

DELETED = "deleted.ndjson"


def land_deleted(bundles: Iterable[Path], part: Path, *, strict: bool) -> LandedFile | None:
    """Writes ``deleted.ndjson``, each resource once; None when nothing was deleted.

    Args:
        strict: an entry that cannot be read as the deletion of one resource fails the pull. A whole pull needs none of
            them, so there it is left out.
    """
    named = dict.fromkeys(pair for path in bundles for pair in _of_file(path, strict))
    if not named:
        return None
    with NdjsonFile("", part / DELETED) as file:
        for type_, id_ in named:
            file.write(json.dumps({"type": type_, "id": id_}).encode() + b"\n")
        return file.finish(len(named), delimited=True)


def _of_file(path: Path, strict: bool) -> Iterator[tuple[str, str]]:
    with path.open("rb") as lines:
        for line in filter(bytes.strip, lines):
            for entry in _entries(line):
                named = _deletes(entry)
                if named is not None:
                    yield named
                elif strict:
                    raise ServerFault("The bulk export names something deleted in a way that cannot be read.")


def _entries(line: bytes) -> Iterator[Mapping[str, object]]:
    """The entries of a Bundle; one that cannot be read has one entry that says nothing."""
    try:
        bundle = json.loads(line)
    except (ValueError, RecursionError):
        bundle = None
    listed = bundle.get("entry", []) if isinstance(bundle, dict) else None
    found = list(elements(bundle, "entry")) if isinstance(bundle, dict) else []
    yield from found if isinstance(listed, list) and len(found) == len(listed) else [{}]


def _deletes(entry: Mapping[str, object]) -> tuple[str, str] | None:
    request = entry.get("request")
    if not isinstance(request, Mapping) or request.get("method") != "DELETE":
        return None
    return reference_to(request.get("url"))
