"""FHIR resources out of JSON files, a Bundle taken apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import Problem

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Resource = dict[str, Json]
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Found:
    """A resource, the file it stands in, and the address a Bundle gives it ("" outside of one)."""

    file: Path
    resource: Resource
    address: str = ""

    @property
    def type(self) -> str:
        """Its resourceType; "" for JSON that is no resource."""
        return text(self.resource.get("resourceType"))


def read_file(path: Path) -> list[Found]:
    """The resources of a file: one, or those of a Bundle; none when the JSON is something else.

    Raises:
        ValueError: the file is not JSON, or too large; without its contents.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES // 2**20} MiB")
        top: Json = json.loads(path.read_bytes())
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({type(error).__name__})") from None
    whole = members(top)
    if whole.get("resourceType") != "Bundle":
        return [Found(path, whole)] if "resourceType" in whole else []
    entries = map(members, elements(whole.get("entry")))
    found = (Found(path, members(entry.get("resource")), text(entry.get("fullUrl"))) for entry in entries)
    return [each for each in found if each.type]


def read_files(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Found]:
    """The resources of many files; a file that cannot be read adds to ``problems``."""
    for path in paths:
        try:
            yield from read_file(path)
        except ValueError as error:
            hint = "Save it again, or take it away."
            problems.append(Problem(str(path), 0, 0, f"the file cannot be read: {error}", "not-json", hint))


def members(value: Json) -> Resource:
    """An object's members; none for anything else."""
    return value if isinstance(value, dict) else {}


def elements(value: Json) -> list[Json]:
    """A list's elements; none for anything else."""
    return value if isinstance(value, list) else []


def text(value: Json) -> str:
    """A string; "" for anything else."""
    return value if isinstance(value, str) else ""
