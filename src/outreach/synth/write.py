"""Writing a whole population: blocks made side by side, written in order, counted."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from outreach.synth.block import Job, make_block
from outreach.synth.clinics import clinics, payers, staff_and_places
from outreach.synth.people import BLOCK
from outreach.synth.places import regions
from outreach.synth.truth import HEADER

TYPES = (
    "Appointment", "Condition", "Consent", "Coverage", "DiagnosticReport", "FamilyMemberHistory", "Location",
    "MedicationRequest", "Observation", "Organization", "Patient", "Practitioner", "Procedure", "Schedule",
    "ServiceRequest", "Slot",
)  # fmt: skip


@dataclass(frozen=True)
class SynthReport:
    """What was written: resources and archetypes counted, bytes of NDJSON, seconds on the wall clock."""

    patients: int
    resources: dict[str, int]
    archetypes: dict[str, int]
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Packed:
    """A block on its way between processes."""

    block: int
    size: int
    coming: int
    archetypes: Counter[str]
    truth: bytes
    lines: dict[str, tuple[int, bytes]]


def pack(job: Job) -> Packed:
    """Make one block, as bytes."""
    made = make_block(job)
    lines = {kind: (len(each), "\n".join([*each, ""]).encode()) for kind, each in made.lines.items() if each}
    return Packed(job.block, job.size, made.coming, made.archetypes, "".join(made.truth).encode(), lines)


class _Writer:
    """One open file per type, and what went into them."""

    def __init__(self, out: Path, stack: ExitStack) -> None:
        self.files: dict[str, BinaryIO] = {
            kind: stack.enter_context((out / f"{kind}.ndjson").open("wb", buffering=1 << 20)) for kind in TYPES
        }
        self.resources: Counter[str] = Counter()
        self.bytes = 0

    def put(self, kind: str, count: int, text: bytes) -> None:
        self.files[kind].write(text)
        self.resources[kind] += count
        self.bytes += len(text)

    def put_each(self, made: Iterable[tuple[str, str]]) -> None:
        for kind, line in made:
            self.put(kind, 1, line.encode() + b"\n")


def _jobs(patients: int, seed: int, as_of: date, scale: float) -> list[Job]:
    blocks = -(-patients // BLOCK)
    return [Job(seed, block, min(BLOCK, patients - block * BLOCK), as_of, scale) for block in range(blocks)]


def _packed(jobs: list[Job], processes: int) -> Iterator[Packed]:
    """The blocks in order. Processes are forked while this one has a single thread, else spawned afresh."""
    if processes < 2 or len(jobs) < 3:
        yield from map(pack, jobs)
        return
    alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    with multiprocessing.get_context("fork" if alone else "spawn").Pool(processes) as pool:
        yield from pool.imap(pack, jobs)


def generate(
    patients: int,
    seed: int,
    as_of: date,
    out: Path,
    processes: int = 2,
    progress: Callable[[int], None] | None = None,
    *,
    background: float = 1.0,
) -> SynthReport:
    """Write a synthetic population and the truth about it.

    ``out`` gets ``<Type>.ndjson`` for every type in ``TYPES`` and ``truth.csv``, written last. The bytes
    depend on ``patients``, ``seed``, ``as_of`` and ``background`` alone. People keep their records when
    ``patients`` grows, save somebody whose merged records would not fit at the end.

    Args:
        patients: how many Patient resources, records merged into others among them.
        progress: told how many patients are done, after each thousand.
        background: how many everyday records to make, 1.0 being about 17 a person. Changes no truth.

    Raises:
        ValueError: a negative number of patients or scale.
    """
    if patients < 0 or background < 0:
        raise ValueError("patients and background cannot be negative")
    began = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    coming: Counter[int] = Counter()
    archetypes: Counter[str] = Counter()
    with ExitStack() as stack:
        writer = _Writer(out, stack)
        truth = stack.enter_context((out / "truth.csv").open("wb"))
        truth.write(HEADER.encode())
        for packed in _packed(_jobs(patients, seed, as_of, background), processes):
            for kind, (count, text) in packed.lines.items():
                writer.put(kind, count, text)
            truth.write(packed.truth)
            coming[packed.block] = packed.coming
            archetypes.update(packed.archetypes)
            if progress:
                progress(packed.block * BLOCK + packed.size)
        _places(writer, seed, as_of, coming)
    seconds = time.perf_counter() - began
    return SynthReport(patients, dict(writer.resources), dict(archetypes), writer.bytes, seconds)


def _places(writer: _Writer, seed: int, as_of: date, coming: Counter[int]) -> None:
    """What belongs to no patient, sized to the people who were made (by block in ``coming``)."""
    writer.put_each(payers())
    for homes in regions(seed, len(coming), as_of):
        writer.put_each(staff_and_places(homes[0]))
        writer.put_each(clinics(seed, homes, coming))
