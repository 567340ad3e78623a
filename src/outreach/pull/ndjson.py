"""One NDJSON file on its way to the disk, counted and looked at as it passes; no more than a line is held."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from types import TracebackType
from typing import Self

from outreach.errors import ServerFault
from outreach.fhir.faults import Unsettled
from outreach.pull.landing import create, settle
from outreach.pull.manifest import LandedFile

LONGEST = 1 << 26  #: bytes of a line; no resource we ask for comes near it


class NdjsonFile:
    """A ``Sink`` for the rows of one resource type.

    ``begin`` empties it, so that a broken download can be tried again. Lines are bytes between line feeds; blank ones
    do not count. A line that is JSON of another resource type fails the file; a line that is no JSON is left for the
    flattening, which sets it aside with its number, unless it is the first or the last: then the file is not what it
    should be, or was cut.
    """

    def __init__(self, type_: str, path: Path) -> None:
        self.type, self.path, self.lines, self.bytes = type_, path, 0, 0
        self._file = create(path)
        self._usual = f'{{"resourceType":"{type_}"'.encode()
        self._own = re.compile(rb'"resourceType"\s*:\s*"' + type_.encode() + rb'"')
        self.begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    def begin(self) -> None:
        """Forgets all that was written."""
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()
        self.lines = self.bytes = 0
        self._tail = self._first = self._last = b""

    def write(self, chunk: bytes) -> None:
        """Takes the next bytes, cut anywhere."""
        self._put(chunk)
        *lines, self._tail = (self._tail + chunk).split(b"\n")
        if len(self._tail) > LONGEST:
            raise ServerFault(f"A file of {self.type} has a line longer than {LONGEST >> 20} MiB.")
        for line in lines:
            self._see(line)

    def finish(self, count: int | None, delimited: bool) -> LandedFile:
        """Settles the file.

        Args:
            count: the rows that the server says it has, if it does.
            delimited: whether the server said where the body ends.

        Raises:
            Unsettled: it was cut, or its rows are not ``count``.
        """
        if count is None and not delimited:
            raise Unsettled(f"A file of {self.type} came with neither length nor row count: a cut would not be seen.")
        if self._tail:
            self.write(b"\n")  # some servers leave out the last line feed; a line that was cut does not parse, below
        if count is not None and count != self.lines:
            raise Unsettled(f"A file of {self.type} holds {self.lines} rows where the server speaks of {count}.")
        if self.lines and not (self._is_ours(self._first) and self._is_ours(self._last)):
            raise Unsettled(f"A file of {self.type} does not begin and end with a {self.type}.")
        settle(self._file)
        return LandedFile(self.type, self.path.name, self.lines, self.bytes, self._digest.hexdigest())

    def _put(self, chunk: bytes) -> None:
        try:
            self._file.write(chunk)
        except OSError as error:
            raise ServerFault(f"The disk did not take a file of {self.type}: {error.strerror}.") from None
        self._digest.update(chunk)
        self.bytes += len(chunk)

    def _see(self, line: bytes) -> None:
        if not line.strip():
            return
        if not line.startswith(self._usual) and not self._own.search(line) and self._is_other(line):
            raise ServerFault(f"A file of {self.type} holds resources of another type.")
        self._first = self._first or line
        self._last = line
        self.lines += 1

    def _is_ours(self, line: bytes) -> bool:
        return _type_of(line) == self.type

    def _is_other(self, line: bytes) -> bool:
        return _type_of(line) not in (None, self.type)


def _type_of(line: bytes) -> str | None:
    """The resourceType of a line; None when it is no JSON object with one."""
    try:
        return str(json.loads(line)["resourceType"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
