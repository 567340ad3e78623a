"""One NDJSON file on its way to the disk, counted and looked at as it passes; no more than a line is held."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

from outreach.errors import ServerFault
from outreach.fhir.faults import Unsettled
from outreach.pull.landing import create, settle, start_writing
from outreach.pull.lines import Lines
from outreach.pull.manifest import LandedFile

STRIDE = 1 << 24  #: bytes after which the disk is given work, so that little is left for the end


class NdjsonFile:
    """A ``Sink`` for the rows of one resource type.

    ``begin`` empties it, so that a broken download can be tried again. Lines are bytes between line feeds; blank ones
    do not count. A line that is JSON of another resource type fails the file; a line that is no JSON is left for the
    flattening, which sets it aside with its number, unless it is the first or the last: then the file is not what it
    should be, or was cut.
    """

    def __init__(self, type_: str, path: Path, stop: Event | None = None) -> None:
        self.type, self.path, self._stop = type_, path, stop or Event()
        self._file = create(path)
        self.begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    @property
    def lines(self) -> int:
        """The rows so far."""
        return self._lines.count

    def begin(self) -> None:
        """Forgets all that was written."""
        self._file.seek(0)
        self._file.truncate()
        self._lines, self._sent = Lines(self.type), 0

    def write(self, chunk: bytes) -> None:
        """Takes the next bytes, cut anywhere."""
        if self._stop.is_set():
            raise ServerFault("The pull was broken off.")
        try:
            self._file.write(chunk)
        except OSError as error:
            raise ServerFault(f"The disk did not take a file of {self.type}: {error.strerror}.") from None
        self._lines.take(chunk)
        if self._lines.bytes - self._sent >= STRIDE:
            start_writing(self._file, self._sent)
            self._sent = self._lines.bytes

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
        if self._lines.tail:
            self.write(b"\n")  # some servers leave out the last line feed; a line that was cut does not parse, below
        if count is not None and count != self.lines:
            raise Unsettled(f"A file of {self.type} holds {self.lines} rows where the server speaks of {count}.")
        if self.lines and not self._lines.ends_are_ours():
            raise Unsettled(f"A file of {self.type} does not begin and end with a {self.type}.")
        settle(self._file)
        return LandedFile(self.type, self.path.name, self.lines, self._lines.bytes, f"{self._lines.crc32:08x}")
