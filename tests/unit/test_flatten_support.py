"""What the tests of flatten share: a small landing, flattened for real, read back as plain rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from outreach.flatten import FlattenReport, flatten

Row = dict[str, Any]
Sent = dict[str, Any] | str | bytes
PROVENANCE = ("file", "nth", "lost")
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"


@dataclass(frozen=True)
class Flattened:
    """A flattened landing."""

    tables: Path
    report: FlattenReport

    def rows(self, table: str) -> list[Row]:
        """A table's rows, in the order they lie in."""
        return list(pq.read_table(self.tables / f"{table}.parquet").to_pylist())

    def row(self, table: str) -> Row:
        """A table's only row."""
        (row,) = self.rows(table)
        return row

    @property
    def quarantine(self) -> list[tuple[str, int, str | None, str]]:
        """File, line, person and reason of each line set aside."""
        return [(each["file"], each["line"], each["person"], each["reason"]) for each in self.rows("quarantine")]

    def nulled(self, table: str, column: str) -> int:
        """What counts.parquet says of a column; it must be there, zero or not."""
        (count,) = [e["nulled"] for e in self.rows("counts") if (e["table"], e["column"]) == (table, column)]
        return int(count)


def line(sent: Sent) -> bytes:
    """A resource as a line of NDJSON; text and bytes as they are."""
    if isinstance(sent, bytes):
        return sent
    return (sent if isinstance(sent, str) else json.dumps(sent)).encode()


def ndjson(lines: Sequence[Sent]) -> bytes:
    return b"".join(line(each) + b"\n" for each in lines)


def flat(folder: Path, /, *, memory: str | None = None, **lines: Sequence[Sent]) -> Flattened:
    """Flatten the given lines, by type: ``flat(tmp_path, Patient=[{…}])``."""
    return flat_files(folder, {f"{name}.ndjson": ndjson(each) for name, each in lines.items()}, memory=memory)


def flat_files(folder: Path, files: dict[str, bytes], *, memory: str | None = None) -> Flattened:
    """Flatten files of exactly these bytes."""
    landing = folder / "landing"
    landing.mkdir()
    for name, content in files.items():
        (landing / name).write_bytes(content)
    return Flattened(folder / "tables", flatten(landing, folder / "tables", threads=2, memory=memory))


def concept(*codes: str, system: str = LOINC, text: str | None = None) -> dict[str, Any]:
    """A CodeableConcept of bare codes."""
    found: dict[str, Any] = {"coding": [{"system": system, "code": code} for code in codes]} if codes else {}
    return found | ({"text": text} if text else {})


def resource(type_: str, id_: str = "1", **fields: Any) -> dict[str, Any]:
    return {"resourceType": type_, "id": id_, **fields}


def observation(id_: str = "1", **fields: Any) -> dict[str, Any]:
    """An Observation of one person, one coding and one day, unless told otherwise."""
    usual = {"status": "final", "subject": {"reference": "Patient/p"}, "code": concept("777-3")}
    return resource("Observation", id_, **{**usual, "effectiveDateTime": "2025-10-01", **fields})
