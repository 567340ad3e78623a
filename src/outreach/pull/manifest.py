"""What a landing folder holds, written beside its files as ``manifest.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "manifest.json"


@dataclass(frozen=True)
class LandedFile:
    """One NDJSON file: its resource type, its name in the folder, its rows and bytes, and the bytes' CRC-32 in hex.

    The checksum is there to find accidents, such as a disk that lost a block under a pull that was killed; nobody else
    writes in the folder.
    """

    type: str
    name: str
    lines: int
    bytes: int
    crc32: str


@dataclass(frozen=True)
class Manifest:
    """A whole pull.

    ``method`` says for each type asked for how it came: ``bulk``, ``search``, or ``absent`` if the server counted none
    of it (such a type has no file). ``transaction_time`` is the instant before which every change is in: the export's,
    else when the pull began. ``totals`` are the rows landed per type, 0 for an absent one.

    ``counted`` is what the server counted of each type when the pull began; None where it does not count.
    ``since`` is the instant from which on changes were asked for, ``group`` the id of the Group; both empty for all.
    ``deleted`` is the file of what is no longer there, ``{"type": …, "id": …}`` a line; ``outcomes`` the file of what
    the export told of itself, OperationOutcomes. None where there was nothing of the kind.
    """

    source: str
    method: Mapping[str, str]
    transaction_time: str
    files: tuple[LandedFile, ...]
    totals: Mapping[str, int]
    since: str = ""
    group: str = ""
    counted: Mapping[str, int | None] = field(default_factory=dict)
    deleted: LandedFile | None = None
    outcomes: LandedFile | None = None

    def everything(self) -> tuple[LandedFile, ...]:
        """Every file of the folder but the manifest itself."""
        return (*self.files, *(each for each in (self.deleted, self.outcomes) if each is not None))

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


def read_manifest(landing: Path) -> Manifest | None:
    """The manifest of a whole landing folder; None if there is none, or a file it names is missing or of another size.

    Because a folder gets its name only when it is whole, this looks at sizes and does not read the files again.
    """
    try:
        told = json.loads((landing / NAME).read_text(encoding="utf-8"))
        beside = {name: LandedFile(**told[name]) for name in ("deleted", "outcomes") if told.get(name)}
        files = tuple(LandedFile(**each) for each in told["files"])
        manifest = Manifest(**{**told, **beside, "files": files})
        whole = all((landing / file.name).stat().st_size == file.bytes for file in manifest.everything())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if whole else None
