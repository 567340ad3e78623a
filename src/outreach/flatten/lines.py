"""The lines of an NDJSON file in bounded memory, whatever is in it: over-long lines and damaged gzip included."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

Fault = Literal["", "line-too-long", "gzip-damaged"]
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Line:
    """One line that is not blank. With a ``fault``, ``text`` is only its beginning, or nothing."""

    number: int  #: from 1, blank lines counted
    text: bytes
    fault: Fault = ""


def is_gzip(path: Path) -> bool:
    """By content, not by name."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP_MAGIC


def lines(path: Path, longest: int) -> Iterator[Line]:
    """Every line that is not blank. What follows a damage in a gzip stream is one last line with that fault."""
    number = 0
    with _opened(path) as file:
        try:
            while text := file.readline(longest + 1):
                number += 1
                if len(text) > longest and not text.endswith(b"\n"):
                    yield Line(number, text, "line-too-long")
                    _skip(file, longest)
                elif not text.isspace():
                    yield Line(number, text.strip(b"\r\n"))
        except (EOFError, gzip.BadGzipFile, zlib.error):
            yield Line(number + 1, b"", "gzip-damaged")


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
