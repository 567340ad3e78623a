"""Exemplars as a landing of FHIR resources."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from outreach.check.exemplar import resources
from outreach.rulebook.case import Case
from outreach.rulebook.library import Library
from outreach.rulebook.model import Rule


def land(cases: Iterable[tuple[Rule, Case, str]], library: Library, landing: Path) -> None:
    """Write the resources of each case under its person's name, one file for each type.

    Raises:
        Refused: a case names a result or a value set that its rule does not know.
    """
    by_type: dict[str, list[str]] = defaultdict(list)
    for rule, case, person in cases:
        for resource in resources(rule, case, person, library.finder(Path(rule.path))):
            by_type[resource["resourceType"]].append(json.dumps(resource))
    landing.mkdir()
    for kind, lines in by_type.items():
        (landing / f"{kind}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
