"""What a night's tables hold and from when, written beside them as ``read.json`` once they are proved whole."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from outreach import __version__
from outreach.flatten import FlattenReport
from outreach.flatten.columns import TABLES
from outreach.refresh.reading import Reading

NAME = "read.json"

#: Tables of another release, or of other columns, are not carried on.
SHAPE = hashlib.sha256(f"{__version__} {TABLES!r}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class State:
    """What the tables of a night were read from.

    ``at``: every change before this instant is in. ``whole_at``: the same of the last time that everything was read.
    ``resources``: how many the server has of each type that was read, the unreadable among them. ``newest``: the
    newest ``meta.lastUpdated`` of each type that can be asked for its changes (see ``changeable``). ``group``: the id
    of the Group whose members alone were read.
    """

    source: str
    at: str
    whole_at: str
    resources: Mapping[str, int]
    newest: Mapping[str, str]
    group: str = ""
    shape: str = SHAPE

    def changeable(self, type_: str) -> bool:
        """Whether a type can be asked for what changed: the server stamps each resource, and not all alike."""
        return type_ in self.newest or self.resources.get(type_) == 0

    def anchor(self) -> datetime:
        """From when to ask: our own clock may be ahead of the server's stamps, so never after the newest of them."""
        return min(map(datetime.fromisoformat, [self.at, *([max(self.newest.values())] if self.newest else [])]))


def state_of(reading: Reading, at: str, whole_at: str, report: FlattenReport) -> State:
    """What a reading came to, by its report."""
    resources = {type_: report.resources[type_] for type_ in reading.types}
    newest = {type_: report.newest[type_] for type_ in reading.types if type_ in report.newest}
    return State(reading.client.base, at, whole_at, resources, newest, reading.group)


def write_state(tables: Path, state: State) -> None:
    """Write it whole or not at all."""
    part = tables / f"{NAME}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(state), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(tables / NAME)


def is_proved(tables: Path) -> bool:
    """Whether the tables are those of a reading that was whole."""
    return (tables / NAME).is_file()


def states(home: Path) -> Iterator[tuple[Path, State]]:
    """The tables of earlier nights and rehearsals, with what they hold; unreadable and foreign ones are left out."""
    for path in sorted(home.glob(f"*/*/tables/{NAME}")):
        try:
            state = State(**json.loads(path.read_text(encoding="utf-8")))
            state.anchor()
        except (OSError, ValueError, TypeError, AttributeError):
            continue
        if state.shape == SHAPE:
            yield path.parent, state
