"""The lines of a file of one resource type, looked at as they pass, without taking them apart."""

from __future__ import annotations

import json
import re

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from outreach.errors import ServerFault
from outreach.pull.line_feeds import LineFeeds, Places

LONGEST = 1 << 26  #: bytes of a line; no resource we ask for comes near it

Flags = npt.NDArray[np.bool_]


class Lines:
    """What is known of the lines so far: ``count`` of those that are not blank, ``bytes`` and ``crc32`` of all.

    A line that begins as servers usually write it is not read further. Any other one is searched, and if need be read,
    for its resource type. ``type_`` empty: a line may be anything.
    """

    def __init__(self, type_: str) -> None:
        self.type, self.count, self.bytes, self.crc32 = type_, 0, 0, 0
        self.tail = self._first = self._last = b""
        self._feeds = LineFeeds()
        self._usual = tuple(f'{{"resourceType":{space}"{type_}"'.encode() for space in ("", " "))
        self._own = re.compile(rb'"resourceType"\s*:\s*"' + type_.encode() + rb'"')

    def take(self, chunk: bytes) -> None:
        """The next bytes, cut anywhere. ServerFault when a line is of another type, or has no end."""
        self.bytes += len(chunk)
        self.crc32 = isal_zlib.crc32(chunk, self.crc32)
        ends = self._feeds.places(chunk)
        if len(ends):
            first = self.tail + chunk[: ends[0]]
            if self._counts(first):
                self._note(1, first, first)
            if len(ends) > 1:
                self._pass(chunk, ends[:-1] + 1, ends[1:])
            self.tail = chunk[ends[-1] + 1 :]
        else:
            self.tail += chunk
        if len(self.tail) > LONGEST:
            raise ServerFault(f"A file of {self.type} has a line longer than {LONGEST >> 20} MiB.")

    def ends_are_ours(self) -> bool:
        """Whether the first line and the last are JSON of the type."""
        return not self.type or _type_of(self._first) == _type_of(self._last) == self.type

    def _pass(self, chunk: bytes, begins: Places, ends: Places) -> None:
        """Sees whole lines. Only unusual ones are taken out."""
        counts = self._begin_as_usual(chunk, begins)
        for odd in np.flatnonzero(~counts):
            counts[odd] = self._counts(chunk[begins[odd] : ends[odd]])
        if len(real := np.flatnonzero(counts)):
            first, last = (chunk[begins[n] : ends[n]] for n in (real[0], real[-1]))
            self._note(len(real), first, last)

    def _begin_as_usual(self, chunk: bytes, begins: Places) -> Flags:
        """Of each place whether a usual line begins there. No line feed is in a beginning: it is all of one line."""
        found = np.zeros(len(begins), np.bool_)
        for usual in self._usual:
            places = len(chunk) - len(usual) + 1
            if places > 0 and not found.all():
                fit = begins < places
                windows = np.ndarray((places,), f"S{len(usual)}", chunk, strides=(1,))
                found[fit] |= windows[begins[fit]] == usual
        return found

    def _counts(self, line: bytes) -> bool:
        """Whether a line is a row: it is not blank. ServerFault when it is one of another type."""
        if not line.strip():
            return False
        if self.type and not line.startswith(self._usual) and self._is_other(line):
            raise ServerFault(f"A file of {self.type} holds resources of another type.")
        return True

    def _note(self, lines: int, first: bytes, last: bytes) -> None:
        self.count += lines
        self._first, self._last = self._first or first, last

    def _is_other(self, line: bytes) -> bool:
        return not self._own.search(line) and _type_of(line) not in (None, self.type)


def _type_of(line: bytes) -> str | None:
    """The resourceType of a line; None when it is no JSON object with one."""
    try:
        return str(json.loads(line)["resourceType"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
