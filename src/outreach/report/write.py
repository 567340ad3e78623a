"""The night's report as files: the care team's own view, and the one that may be shared."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from outreach.report.counts import count
from outreach.report.coverage import OVERALL_RATE, coverage
from outreach.report.crosswalk import CROSSWALK
from outreach.report.ladder import ladder
from outreach.report.quality import quality
from outreach.report.records import count_records, records, withheld_records
from outreach.report.share import withheld
from outreach.report.strata import CROSSES

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class ReportFiles:
    """Where the report was written. Each holds coverage, ladder, quality, records and about as .parquet and .csv."""

    care_team: Path  #: every number, small ones marked unstable: stays with the care team
    share: Path  #: small numbers withheld: may leave it


def write_report(
    night_tables: Path,
    report_dir: Path,
    as_of: date,
    *,
    portal_system: str,
    references: Mapping[str, str] | None = None,
    crosses: Sequence[tuple[str, str]] = CROSSES,
    shared_before: Path | None = None,
) -> ReportFiles:
    """Write one night's report, in both views. The same tables give the same CSV bytes.

    Args:
        night_tables: folder with the tables that flatten wrote, and assessment, survivors and outcomes .parquet.
        report_dir: made if need be; ``care_team/`` and ``share/`` go into it (0700, files 0600).
        portal_system: the identifier system that marks a portal account.
        references: stratifier to the stratum it is compared with; the overall rate where none is named.
        crosses: pairs of stratifiers, each in the order of ``strata.STRATIFIERS``.
        shared_before: the ``share`` folder that left the team last. A count that moved by 1 to 10 since is
            withheld too, so share rarely: two pages a night apart would hide nearly everything.

    Raises:
        TablesDisagree: the three tables do not speak of the same people.
        Refused: ``references`` names no stratifier.
    """
    counts = count(night_tables, as_of, portal_system, crosses)
    files = ReportFiles(report_dir / "care_team", report_dir / "share")
    earlier = pd.read_parquet(shared_before / "counts.parquet") if shared_before else None
    lost = count_records(night_tables, as_of, portal_system)
    lost_earlier = pd.read_parquet(shared_before / "records.parquet") if shared_before else None
    views = (
        (files.care_team, counts, lost),
        (files.share, withheld(counts, earlier), withheld_records(lost, lost_earlier)),
    )
    for folder, view, of_records in views:
        frames = {
            "coverage": coverage(view, references),
            "ladder": ladder(view),
            "quality": quality(view),
            "records": records(of_records),
            "about": _about(as_of, references or {}),
            "counts": view,
        }
        _private(report_dir)
        _private(folder)
        for name, frame in frames.items():
            _write(folder / f"{name}.parquet", frame.to_parquet(compression="zstd", index=False))
            _write(folder / f"{name}.csv", csv(frame).encode())
    return files


def csv(frame: pd.DataFrame) -> str:
    """The frame as CSV that no spreadsheet runs as a formula; shares to four places, empty where withheld."""
    safe = frame.apply(lambda column: column.map(_defused) if column.dtype in ("str", "object") else column)
    return str(safe.to_csv(index=False, float_format="%.4f", lineterminator="\n"))


def _defused(cell: object) -> object:
    """A lone carriage return ends a row for some readers, quoted or not, so it becomes a newline, which is quoted."""
    if not isinstance(cell, str):
        return cell
    return ("'" if cell.startswith(_FORMULA) else "") + cell.replace("\r", "\n")


def _about(as_of: date, references: Mapping[str, str]) -> pd.DataFrame:
    """What the numbers rest on: name, value."""
    facts = {"as_of": as_of.isoformat(), "crosswalk": CROSSWALK, "reference": OVERALL_RATE}
    facts |= {f"reference for {stratifier}": stratum for stratifier, stratum in sorted(references.items())}
    return pd.DataFrame(sorted(facts.items()), columns=["name", "value"])


def _private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, for the owner's eyes."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
