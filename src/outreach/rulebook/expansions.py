"""A folder of FHIR ValueSets with their expansions, as a shelf that rules can name sets from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from outreach.errors import Problem
from outreach.rulebook.published import Json, Published, as_dict, as_list, published
from outreach.rulebook.terms import ValueSet

MAX_BYTES = 64 * 1024 * 1024


class Expansions:
    """The sets of a folder by the slug of their title or name, and by id or OID; read when first asked.

    A set that is not whole, and two that share a name and differ in codes, are problems when asked for.
    """

    states_units = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._sets: dict[str, list[Published]] | None = None

    def names(self) -> list[str]:
        return sorted(name for name in self._read() if not name[0].isdigit())

    def titles(self) -> dict[str, str]:
        """What their makers call them, of those that can be used."""
        found = self._read()
        return {name: values.title for name in self.names() if (values := found[name][0].values) and values.title}

    def has(self, name: str) -> bool:
        return name in self._read()

    def file(self, name: str) -> Path | None:
        """None: sets of others are named by their makers, and only asked for where nobody else has one."""
        return None

    def get(self, name: str) -> ValueSet | None:
        found = self._read().get(name, [])
        if len({one.content for one in found}) > 1:
            files = " and ".join(sorted(one.path.name for one in found)[:2])
            what = f"several value sets are called “{name}” and differ: {files}"
            self._say(self.folder, what, "ambiguous-value-set", "Ask for it by its id.")
            return None
        wrong = next((one for one in found if one.wrong), None)
        if wrong is not None:
            hint = "Save it with its whole expansion: a code left out makes a criterion false."
            self._say(wrong.path, f"the value set “{name}” cannot be used: {wrong.wrong}", "not-whole", hint)
            return None
        return found[0].values if found else None

    def _say(self, path: Path, what: str, name: str, hint: str) -> None:
        problem = Problem(str(path), 0, 0, what, name, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def _read(self) -> dict[str, list[Published]]:
        if self._sets is None:
            self._sets = {}
            for path in sorted(self.folder.rglob("*.json")):
                for resource in self._resources(path):
                    found = published(path, resource)
                    for name in found.names:
                        self._sets.setdefault(name, []).append(found)
        return self._sets

    def _resources(self, path: Path) -> Iterator[dict[str, Json]]:
        """The ValueSets of a file: one, or those of a Bundle."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise ValueError(f"larger than {MAX_BYTES // 2**20} MiB")
            top: Json = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            hint = "Save the ValueSet again, or take the file away."
            self._say(path, f"the file is not JSON: {type(error).__name__}", "not-json", hint)
            return
        entries = [as_dict(entry).get("resource") for entry in as_list(as_dict(top).get("entry"))]
        for resource in map(as_dict, [top, *entries]):
            if resource.get("resourceType") == "ValueSet":
                yield resource
