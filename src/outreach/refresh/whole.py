"""Types read whole, each resource once: rows that came twice are no harm, unless they hide that others are missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from outreach.errors import PullIncomplete
from outreach.flatten import Base, FlattenReport
from outreach.pull import Manifest
from outreach.refresh.reading import Reading


def read_whole(
    reading: Reading, types: Sequence[str], folder: str = "", base: Base | None = None, known: Path | None = None
) -> tuple[Manifest, FlattenReport]:
    """Read types whole, into a folder of landing/, in the place of what ``base`` has of them.

    A type of which rows came twice and others may be missing is read once more. ``known``: as flatten has it.

    Raises:
        PullIncomplete: that happened again; or the Group has no members.
    """
    manifest, report = _read(reading, types, folder, base, known)
    if short := _short(reading, manifest, report):
        again, report = _read(reading, short, f"{folder or 'all'}-again", Base(reading.tables, frozenset(short)))
        if short := _short(reading, again, report):
            raise PullIncomplete(f"Rows of {', '.join(short)} came twice, and others may be missing. Nothing was kept.")
    if reading.group and "Patient" in types and not report.resources["Patient"]:
        raise PullIncomplete("The Group has no members. Nothing was kept.")
    return manifest, report


def _read(
    reading: Reading, types: Sequence[str], folder: str, base: Base | None, known: Path | None = None
) -> tuple[Manifest, FlattenReport]:
    where = reading.landing / folder
    reading.progress(f"pull all of {', '.join(types)}" if folder else "pull")
    manifest = reading.pull(types, where, "")
    reading.progress("flatten")
    within = f"{folder}/" if folder else ""
    return manifest, reading.flatten(where, reading.tables, base=base, known=known, within=within)


def _short(reading: Reading, manifest: Manifest, report: FlattenReport) -> list[str]:
    """The types of which rows came twice and fewer resources than the server counts; of a Group it counts none."""
    doubled = [type_ for type_, rows in manifest.totals.items() if report.resources[type_] < rows]
    return [type_ for type_ in doubled if reading.of_group(type_) or _fewer(reading, manifest, report, type_)]


def _fewer(reading: Reading, manifest: Manifest, report: FlattenReport, type_: str) -> bool:
    """A live server gains some between two counts: the smaller one is asked for."""
    counts = [count for count in (manifest.counted.get(type_), reading.count(type_)) if count is not None]
    return bool(counts) and report.resources[type_] < min(counts)
