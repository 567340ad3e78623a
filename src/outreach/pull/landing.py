"""The folder a pull lands in: under another name until it is whole, so that half of one is never seen."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from outreach.errors import PullIncomplete
from outreach.pull.manifest import NAME, Manifest


def part_of(landing: Path) -> Path:
    """Where a landing folder is written."""
    return landing.with_name(landing.name + ".part")


@contextmanager
def landing_part(landing: Path) -> Iterator[Path]:
    """The folder to write into, ``<landing>.part``, mode 0700, with what a crashed pull left there.

    It is removed at the end, unless ``commit`` gave it its name or the process was killed. Only one process has it.
    """
    _refuse_a_second(landing)
    part = part_of(landing)
    make(part)
    with held(part) as ours:
        if not ours:
            raise PullIncomplete(f"Another pull into {landing.name} is at work.")
        try:
            _refuse_a_second(landing)  # the other pull may have ended just now
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _refuse_a_second(landing: Path) -> None:
    if landing.exists():
        raise PullIncomplete(f"The folder {landing.name} already holds a pull; it was left as it is.")


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Whether this process alone has the folder, until the end of the block. The lock ends with its process."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _lock(handle) and folder.exists() and os.path.samestat(os.fstat(handle), folder.stat())
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def clear(part: Path, keep: Collection[str] = ()) -> None:
    """Removes what is in the folder, but for the names to keep."""
    for path in part.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def commit(part: Path, landing: Path, manifest: Manifest) -> None:
    """Writes the manifest, leaves nothing but what it names, and gives the folder its name.

    The last step is one that a power cut cannot halve.
    """
    with create(part / NAME) as file:
        file.write(manifest.as_json().encode())
        settle(file)
    clear(part, {NAME, *(each.name for each in manifest.everything())})
    settle_folder(part)
    part.rename(landing)
    settle_folder(landing.parent)


def make(folder: Path) -> None:
    """The folder and those above it that are missing, none of them open to others."""
    if not folder.parent.exists():
        make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def create(path: Path) -> BinaryIO:
    """A new file of mode 0600, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def start_writing(file: BinaryIO, start: int) -> None:
    """Has the system begin to write what the file holds from ``start`` on, and does not wait: ``settle`` then need not.

    Linux begins so when told that pages are not needed; those still to be written stay in memory all the same.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), start, 0, os.POSIX_FADV_DONTNEED)


def checksum(file: BinaryIO) -> str:
    """The CRC-32 of what the file holds from here on, in hex."""
    crc = 0
    while piece := file.read(1 << 20):
        crc = isal_zlib.crc32(piece, crc)
    return f"{crc:08x}"


def settle(file: BinaryIO) -> None:
    """Waits until the file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(path: Path) -> None:
    """Waits until the names in a folder are on the disk."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
