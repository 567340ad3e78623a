"""Writing a new rule, with value-set stubs and cases; nothing that is there is overwritten."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from outreach.domain.calendar import Period, add
from outreach.errors import Refused, at_file
from outreach.scaffold.text import CODES, RULE, SETS, STUB_SYSTEM

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def scaffold(name: str, folder: Path, day: date) -> list[Path]:
    """Write a rule and its value-set stubs; nothing that is there is overwritten.

    Args:
        name: small letters, digits and hyphens.
        folder: made if need be. Its codes go into the nearest ``codes`` folder above it, else into one of its own.
        day: today; the rule is to be reviewed within a year.

    Returns:
        The files, the rule first.

    Raises:
        Refused: the name is no name, or a file is there already.
    """
    if not _NAME.fullmatch(name):
        raise Refused(f"“{name}” is not a name for a rule: small letters, digits and hyphens, like lung-screening")
    path, codes = folder / f"{name}.yaml", _codes(folder)
    files = {path: rule_text(name, path, codes, day)}
    files |= {codes / f"{name}-{part}.yaml": stub_text(name, part) for part in SETS}
    for file in files:
        if file.exists():
            raise at_file(file, "the file is there already", "exists", "Choose another name, or remove it.")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(files)


def _codes(folder: Path) -> Path:
    above = (folder, *folder.resolve().parents)
    return next((at / "codes" for at in above if (at / "codes").is_dir()), folder / "codes")


def rule_text(name: str, path: Path, codes: Path, day: date) -> str:
    """The rule as it is written; its review is due a year after ``day``."""
    return RULE.format(name=name, path=path, codes=f"{codes.name}/", review_by=add(day, Period(1, "years")))


def stub_text(name: str, part: str) -> str:
    """The value set of one part of the rule."""
    title, codes = SETS[part]
    lines = [f"      - {{code: {code}, display: {code.replace('-', ' ').capitalize()}}}" for code in codes]
    return CODES.format(set=f"{name}-{part}", title=title, system=STUB_SYSTEM, lines="\n".join(lines))
