"""What the file of a value set says beside its codes: its meaning, its source, whether it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.rulebook.located import Mapping, Text, read


@dataclass(frozen=True)
class Card:
    """``status`` is the file's own word, such as draft; "" where it says none."""

    name: str
    meaning: str
    source: str
    status: str


def read_card(codes: Path, name: str) -> Card | None:
    """The card of a value set in a folder; None for a rule's own codes, which have no file.

    Raises:
        Refused: the file cannot be read.
    """
    path = codes / f"{name}.yaml"
    if ":" in name or not path.is_file():
        return None
    _, top = read(path, f"{codes.name}/{path.name}")
    return Card(name, _word(top, "meaning"), _word(top, "source"), _word(top, "status"))


def _word(top: Mapping, key: str) -> str:
    at = top.get(key)
    return " ".join(str(at.value).split()) if isinstance(at, Text) and at.value is not None else ""
