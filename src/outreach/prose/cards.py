"""What the file of a value set says beside its codes: its meaning, its source, whether it is confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.rulebook.doubts import doubtful, doubts
from outreach.rulebook.located import Located, Mapping, Sequence, Text, read

_SENTENCE = re.compile(r"(?<=[.;]) +(?=[A-Z])")


@dataclass(frozen=True)
class Card:
    """``status`` is the file's own word, such as draft; "" where it says none. ``open``: what it calls unsettled."""

    name: str
    meaning: str
    source: str
    status: str
    open: tuple[str, ...] = ()


def read_card(codes: Path, name: str) -> Card | None:
    """The card of a value set in a folder; None for a rule's own codes, which have no file.

    Raises:
        Refused: the file cannot be read.
    """
    path = codes / f"{name}.yaml"
    if ":" in name or not path.is_file():
        return None
    _, top = read(path, f"{codes.name}/{path.name}")
    words = {key: _word(top, key) for key in ("meaning", "source")}
    remarks = [doubt.says for doubt in doubts(path.read_text(encoding="utf-8-sig"))]
    said = [part for text in words.values() for part in _SENTENCE.split(text) if doubtful(part)]
    told = (*said, *remarks, *_notes(top))
    return Card(name, words["meaning"], words["source"], _word(top, "status"), tuple(dict.fromkeys(told)))


def _notes(top: Mapping) -> Iterator[str]:
    """What is noted beside codes, with the codes of which it is noted."""
    noted: dict[str, list[str]] = {}
    for code in _codes(top):
        if isinstance(code, Mapping) and code.get("note"):
            noted.setdefault(_word(code, "note"), []).append(f"{_word(code, 'code')} ({_word(code, 'display')})")
    return (f"{note}: {', '.join(codes)}" for note, codes in noted.items() if doubtful(note))


def _codes(top: Mapping) -> Iterator[Located]:
    for key in ("includes", "partly"):
        blocks = top.get(key)
        for block in blocks.items if isinstance(blocks, Sequence) else ():
            codes = block.get("codes") if isinstance(block, Mapping) else None
            yield from codes.items if isinstance(codes, Sequence) else ()


def _word(top: Mapping, key: str) -> str:
    at = top.get(key)
    return " ".join(str(at.value).split()) if isinstance(at, Text) and at.value is not None else ""
