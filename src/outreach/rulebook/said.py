"""What a rule says once its names are known: its lines and rows with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from outreach.rulebook.criterion import Age
from outreach.rulebook.model import DueRow, Named, Reads
from outreach.rulebook.named_values import Entry


@dataclass(frozen=True)
class Said:
    """``sections`` holds the lines of each of the model's SECTIONS, in order."""

    sections: Mapping[str, tuple[Entry[Named], ...]]
    age: Age
    reads: tuple[Reads, ...]
    due: tuple[Entry[DueRow], ...]
    due_from: Literal["latest-test", "longest-lasting-test"]

    def lines(self) -> Iterator[Entry[Named]]:
        """Every line of every section."""
        for lines in self.sections.values():
            yield from lines
