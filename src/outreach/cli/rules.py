"""Which rules a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.content import shipped
from outreach.errors import Problem, Refused
from outreach.prose.words import listed
from outreach.rulebook.load import load, rule_files
from outreach.rulebook.model import Rule
from outreach.rulebook.nearest import nearest

CODES_HELP = "only these value sets, besides codes/ beside a rule (default: codes/ beside and above it, and what ships)"


@dataclass(frozen=True)
class Chosen:
    """Rule files or folders. ``codes``: the only folder of value sets, if one was named; see ``library.places``."""

    paths: list[Path]
    codes: Path | None


def chosen(paths: Sequence[Path], codes: Path | None) -> Chosen:
    """The rules named, by file, folder or name, else ./rules, else those that ship."""
    root = Path("rules") if Path("rules").is_dir() else shipped("rules")
    found = [one_file(path) if not path.is_dir() else path for path in paths] or [root]
    missing = [_missing(path, root) for path in found if not path.exists()]
    if missing:
        raise Refused(missing)
    return Chosen(found, codes)


def _missing(path: Path, root: Path) -> Problem:
    """A path that is not there, and what is there in its place."""
    there = next((folder for folder in path.parents if folder.is_dir()), Path())
    names = sorted(each.name for each in there.iterdir() if each.is_dir() or each.suffix == ".yaml")
    lost = path.relative_to(there).parts[0]
    near = [str(there / name) for name in nearest(lost, [name for name in names if not name.startswith(".")])]
    near += [name for name in nearest(path.stem, [file.stem for file in rule_files(root)]) if name not in near][:2]
    here = ", ".join(names[:8]) or "nothing"
    hint = f"Did you mean {listed(near, 'or')}?" if near else f"Rules or folders in {there or '.'}: {here}."
    return Problem(str(path), 0, 0, "there is no such file or folder", "no-such-path", hint)


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
