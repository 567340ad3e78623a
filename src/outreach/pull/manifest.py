"""What a landing folder holds, written beside its files as ``manifest.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "manifest.json"


@dataclass(frozen=True)
class LandedFile:
    """One NDJSON file: its resource type, its name in the folder, its rows and bytes, and the SHA-256 of the bytes."""

    type: str
    name: str
    lines: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A whole pull.

    ``method`` says for each type asked for how it came: ``bulk``, ``search``, or ``absent`` if the server counted none
    of it (such a type has no file). ``transaction_time`` is the instant before which every change is in: the export's,
    else when the pull began. ``totals`` are the rows landed per type, 0 for an absent one.
    """

    source: str
    method: Mapping[str, str]
    transaction_time: str
    files: tuple[LandedFile, ...]
    totals: Mapping[str, int]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


def read_manifest(landing: Path) -> Manifest | None:
    """The manifest of a whole landing folder; None if there is none, or a file it names is missing or of another size.

    Because a folder gets its name only when it is whole, this looks at sizes and does not read the files again.
    """
    try:
        told = json.loads((landing / NAME).read_text(encoding="utf-8"))
        files = tuple(LandedFile(**each) for each in told["files"])
        whole = all((landing / file.name).stat().st_size == file.bytes for file in files)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Manifest(**{**told, "files": files}) if whole else None
