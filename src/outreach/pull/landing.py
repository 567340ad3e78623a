"""The folder a pull lands in: under another name until it is whole, so that half of one is never seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from outreach.errors import PullIncomplete
from outreach.pull.manifest import NAME, Manifest


@contextmanager
def landing_part(landing: Path) -> Iterator[Path]:
    """The folder to write into, ``<landing>.part``, mode 0700. What a crashed pull left there is removed first.

    It is removed again unless ``commit`` gave it its name.
    """
    if landing.exists():
        raise PullIncomplete(f"The folder {landing.name} already holds a pull; it was left as it is.")
    part = landing.with_name(landing.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    _make(part)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def commit(part: Path, landing: Path, manifest: Manifest) -> None:
    """Writes the manifest and gives the folder its name, in one step that a power cut cannot halve."""
    with create(part / NAME) as file:
        file.write(manifest.as_json().encode())
        settle(file)
    _settle_folder(part)
    part.rename(landing)
    _settle_folder(landing.parent)


def _make(folder: Path) -> None:
    """The folder and those above it that are missing, none of them open to others."""
    if not folder.parent.exists():
        _make(folder.parent)
    folder.mkdir(mode=0o700)


def create(path: Path) -> BinaryIO:
    """A new file of mode 0600, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def settle(file: BinaryIO) -> None:
    """Waits until the file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def _settle_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
