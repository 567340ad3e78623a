"""A folder that appears whole or not at all: written beside its place, synced, then renamed into it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def begin(folder: Path) -> Path:
    """An empty ``<folder>.part``, mode 0700; what a crash left there is gone."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    part.chmod(0o700)
    return part


def publish(part: Path, folder: Path) -> None:
    """Put a finished part in its place; files 0600. The old folder goes only after the new one is durable."""
    for file in part.iterdir():
        file.chmod(0o600)
        _sync(file)
    _sync(part)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
