"""Which rules a command is about, and where their codes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.content import shipped
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule


@dataclass(frozen=True)
class Chosen:
    """Rule files or folders, and the folder of value sets."""

    paths: list[Path]
    codes: Path


def chosen(paths: Sequence[Path], codes: Path | None) -> Chosen:
    """The rules named, else ./rules, else those that ship; their codes from the nearest codes/ above."""
    root = Path("rules") if Path("rules").is_dir() else shipped("rules")
    found = list(paths) or [root]
    return Chosen(found, codes or nearest_codes(found[0], root))


def nearest_codes(path: Path, root: Path) -> Path:
    """The nearest codes/ folder at or above a path, else that of ``root``."""
    for folder in (path, *path.resolve().parents):
        if (folder / "codes").is_dir():
            return folder / "codes"
    return root / "codes"


def one_file(path: Path) -> Path:
    """A rule by its file, or by its name among ./rules or those that ship."""
    if path.is_file() or path.suffix or len(path.parts) > 1:
        return path
    root = Path("rules") if Path("rules").is_dir() else shipped("rules")
    return next(iter(sorted(root.rglob(f"{path}.yaml"))), path)


def one_rule(path: Path, codes: Path | None) -> Rule:
    """One rule by its file or name.

    Raises:
        Refused: it cannot be read.
    """
    file = one_file(path)
    found = chosen([file], codes)
    return load(found.paths, found.codes, need_cases=False)[0]
