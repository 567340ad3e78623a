"""The lines of a file of one resource type, looked at as they pass, without taking them apart."""

from __future__ import annotations

import json
import re

from isal import isal_zlib

from outreach.errors import ServerFault

LONGEST = 1 << 26  #: bytes of a line; no resource we ask for comes near it


class Lines:
    """What is known of the lines so far: ``count`` of those that are not blank, ``bytes`` and ``crc32`` of all.

    A line that begins as servers usually write it is not read further. Any other one is searched, and if need be read,
    for its resource type. ``type_`` empty: a line may be anything.
    """

    def __init__(self, type_: str) -> None:
        self.type, self.count, self.bytes, self.crc32 = type_, 0, 0, 0
        self.tail = self._first = self._last = b""
        self._usual = tuple(f'{{"resourceType":{space}"{type_}"'.encode() for space in ("", " "))
        self._own = re.compile(rb'"resourceType"\s*:\s*"' + type_.encode() + rb'"')

    def take(self, chunk: bytes) -> None:
        """The next bytes, cut anywhere. ServerFault when a line is of another type, or has no end."""
        self.bytes += len(chunk)
        self.crc32 = isal_zlib.crc32(chunk, self.crc32)
        start = chunk.find(b"\n") + 1
        if start:
            self._see(self.tail + chunk[: start - 1])
            self.tail = chunk[self._pass(chunk, start) :]
        else:
            self.tail += chunk
        if len(self.tail) > LONGEST:
            raise ServerFault(f"A file of {self.type} has a line longer than {LONGEST >> 20} MiB.")

    def ends_are_ours(self) -> bool:
        """Whether the first line and the last are JSON of the type."""
        return not self.type or _type_of(self._first) == _type_of(self._last) == self.type

    def _pass(self, chunk: bytes, start: int) -> int:
        """Sees the whole lines from ``start`` on; where the last of them ends. Copies only what is unusual."""
        usual, last = self._usual, (0, 0)
        while (end := chunk.find(b"\n", start)) >= 0:
            if chunk.startswith(usual, start):
                self.count, last = self.count + 1, (start, end)
                self._first = self._first or chunk[start:end]
            elif self._see(chunk[start:end]):
                last = (0, 0)
            start = end + 1
        self._last = chunk[last[0] : last[1]] or self._last
        return start

    def _see(self, line: bytes) -> bool:
        """Whether the line counts."""
        if not line.strip():
            return False
        if self.type and not line.startswith(self._usual) and self._is_other(line):
            raise ServerFault(f"A file of {self.type} holds resources of another type.")
        self._first = self._first or line
        self._last = line
        self.count += 1
        return True

    def _is_other(self, line: bytes) -> bool:
        return not self._own.search(line) and _type_of(line) not in (None, self.type)


def _type_of(line: bytes) -> str | None:
    """The resourceType of a line; None when it is no JSON object with one."""
    try:
        return str(json.loads(line)["resourceType"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
