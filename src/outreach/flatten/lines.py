"""The lines of an NDJSON file in bounded memory, whatever is in it: over-long lines and damaged gzip included."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

Fault = Literal["", "line-too-long", "gzip-cut", "gzip-damaged"]
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 64 * 1024  # of packed bytes: at most 66 MB when unpacked


@dataclass(frozen=True)
class Line:
    """One line that is not blank. With a ``fault``, ``text`` is what is left of it, or nothing."""

    number: int  #: from 1, blank lines counted
    text: bytes
    fault: Fault = ""


def is_gzip(path: Path) -> bool:
    """By content, not by name."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP_MAGIC


def lines(path: Path, longest: int) -> Iterator[Line]:
    """Every line that is not blank.

    What follows the cut of a gzip stream is one last line with that fault. A stream whose checksum is wrong has it
    on every line: the damage may lie in any of them, and still read well.
    """
    number, damaged = 0, is_damaged(path)
    with _opened(path) as file:
        try:
            while text := file.readline(longest + 1):
                number += 1
                if len(text) > longest and not text.endswith(b"\n"):
                    yield Line(number, text, "line-too-long")
                    _skip(file, longest)
                elif not text.isspace():
                    yield Line(number, text.strip(b"\r\n"), "gzip-damaged" if damaged else "")
        except (EOFError, gzip.BadGzipFile, zlib.error):
            yield Line(number + 1, b"", "gzip-damaged" if damaged else "gzip-cut")


def is_damaged(path: Path) -> bool:
    """Whether a gzip stream is not what was packed, by its checksum, which the engine does not look at.

    One that only ends early is not damaged: its beginning is sound. Nor is one with something else behind it.
    """
    member, between_members = zlib.decompressobj(wbits=31), True
    with path.open("rb") as file:
        packed = file.read(_CHUNK)
        while packed:
            if between_members and not _GZIP_MAGIC.startswith(packed[:2]):
                return False
            try:
                member.decompress(packed)
            except zlib.error:
                return True
            packed, between_members = member.unused_data.lstrip(b"\0") or file.read(_CHUNK), member.eof
            if between_members:
                member = zlib.decompressobj(wbits=31)
    return False


def chosen(path: Path, ordinals: Iterable[int], longest: int) -> Iterator[Line]:
    """Those lines whose place among the non-blank ones, from 1, is in ``ordinals`` (ascending)."""
    wanted = iter(ordinals)
    next_one = next(wanted, 0)
    for ordinal, line in enumerate(lines(path, longest), start=1):
        if ordinal == next_one:
            yield line
            next_one = next(wanted, 0)
            if not next_one:
                return


def write_stand_in(path: Path, to: Path, longest: int) -> None:
    """Copy a file without what ends a whole read: a faulty line becomes ``null``, so all lines keep their place."""
    with to.open("wb") as out:
        for line in lines(path, longest):
            out.write((b"null" if line.fault else line.text) + b"\n")


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if is_gzip(path) else path.open("rb")


def _skip(file: BinaryIO, longest: int) -> None:
    while (text := file.readline(longest)) and not text.endswith(b"\n"):
        pass
