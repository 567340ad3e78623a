"""The people whom an export's errors name: something of theirs is not here, so nothing about them can be trusted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from outreach.domain.operation_outcome import OUTCOMES, told
from outreach.domain.tables import Rows
from outreach.flatten.columns import TABLES
from outreach.flatten.desk import Desk
from outreach.flatten.duck import LONGEST_LINE
from outreach.flatten.lines import lines
from outreach.flatten.quarantine import NOT_EXPORTED, Quarantine

_OWNERS = """
    SELECT DISTINCT id, person FROM ({rows})
    WHERE person IS NOT NULL AND id IN (SELECT unnest($ids))"""


def set_aside(desk: Desk, landing: Path, tables: Path, quarantine: Quarantine) -> None:
    """Quarantines everybody whom an error of the export names, or whose resource it names if that was landed.

    The type of such a row is Patient: the person counts as one of the night's even where no record of theirs came.

    Args:
        tables: the folder in which the tables were written.
    """
    file = landing / OUTCOMES
    if not file.is_file():
        return
    found = [(line.number, told(line.text)) for line in lines(file, LONGEST_LINE)]
    named = {pair for _, each in found for pair in each.resources}
    owners = _owners(desk, tables, named) if named else {}
    with quarantine.kept.open("a") as aside:
        for number, each in found:
            people = each.people.union(*(owners.get(pair, ()) for pair in each.resources))
            for person in sorted(people):
                entry = {"file": quarantine.within + file.name, "line": number, "type": "Patient", "person": person}
                entry["reason"] = NOT_EXPORTED
                aside.write(json.dumps(entry) + "\n")
            quarantine.lines += len(people)


def _owners(desk: Desk, tables: Path, named: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], set[str]]:
    """The people each named resource is about, as far as it was landed."""
    ids, owners = defaultdict[str, list[str]](list), defaultdict[tuple[str, str], set[str]](set)
    for type_, id_ in named:
        ids[type_].append(id_)
    for table in (each for each in TABLES if each.is_about_people):
        if wanted := ids.get(table.resource):
            for resource, person in desk.rows(_OWNERS.format(rows=Rows(tables, table.name).sql()), ids=wanted):
                owners[table.resource, str(resource)].add(str(person))
    return owners
