"""Second sight of the lines that are not certain: mended into a part of their own, or set aside with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.tables import Rows
from outreach.flatten.desk import Desk, exactly
from outreach.flatten.duck import LONGEST_LINE, select
from outreach.flatten.lines import Line, chosen
from outreach.flatten.mend import Unsure, identity_of, mend, people_of
from outreach.flatten.reading import unsure_lines
from outreach.flatten.table import Table

NOT_EXPORTED = "not-exported"  #: no line of ours: an export said that something of the person could not be had

_KEPT = """
    SELECT * FROM read_json($files, format = 'newline_delimited', columns = {
        file: 'VARCHAR', line: 'BIGINT', type: 'VARCHAR', person: 'VARCHAR', reason: 'VARCHAR', id: 'VARCHAR'})"""
_IDS = f"SELECT DISTINCT id FROM ({_KEPT}) WHERE type = $type AND id IS NOT NULL"  # noqa: S608
_EARLIER = """
    COPY (SELECT * REPLACE (if(file LIKE '%/landing/%', '', $landing) || file AS file)
        FROM read_parquet($earlier) WHERE type = $type AND {stays}) TO $written (FORMAT json)"""
_TOLD = f"SELECT * FROM ({_KEPT}) WHERE type = $type AND id IS NOT NULL AND reason <> '{NOT_EXPORTED}'"  # noqa: S608
_OWNED = """
    COPY (
        WITH told AS ({told}),
        owners AS (
            SELECT DISTINCT id, person FROM ({rows}) WHERE person IS NOT NULL AND id IN (SELECT id FROM told)),
        named AS (
            SELECT * FROM ({kept})
            WHERE person IS NOT NULL OR type <> $type OR id IS NULL OR id NOT IN (SELECT id FROM owners))
        FROM named
        UNION
        SELECT told.* REPLACE (owners.person AS person) FROM told JOIN owners USING (id)
        ORDER BY file, line, person
    ) TO $written (FORMAT json)"""
_NOT_COME = "(id IS NULL OR id NOT IN (SELECT id FROM gone))"
_NOT_BROUGHT = f"reason = '{NOT_EXPORTED}'"
#: A resource that came on two lines is one; a line that does not tell its resource is one of its own.
_PER_TYPE = f"""
    SELECT type, count(DISTINCT coalesce(id, file || ':' || line)) FROM read_parquet($written)
    WHERE reason <> '{NOT_EXPORTED}' GROUP BY type"""  # noqa: S608


@dataclass
class Quarantine:
    """Lines set aside, kept as NDJSON until written: a file that is bad throughout must not fill memory."""

    kept: Path
    within: str = ""  #: goes before the name of a file
    lines: int = 0
    mended: int = 0

    def ids(self, desk: Desk, table: Table) -> list[str]:
        """The resources of a type that tonight's lines hold and nobody can read."""
        self.kept.touch()
        found = desk.rows(_IDS, files=exactly([self.kept]), type=table.resource)
        return [str(id_) for (id_,) in found]

    def carry(self, desk: Desk, table: Table, earlier: Path, landing: str, *, whole: bool = False) -> None:
        """Take over what an earlier night set aside of a type, but for what has come anew (the engine's ``gone``).

        Args:
            landing: goes before the names of its files, but for those that were an earlier night's already.
            whole: the type came whole. Then only those stay of whom an export could not bring something: that was of
                another type, and has not come since.
        """
        taken = desk.part("ndjson")
        told = {"earlier": exactly([earlier]), "type": table.resource, "landing": landing, "written": str(taken)}
        desk.engine.execute(_EARLIER.format(stays=_NOT_BROUGHT if whole else _NOT_COME), told)
        with taken.open() as lines, self.kept.open("a") as aside:
            aside.writelines(lines)
        taken.unlink()

    def name_owners(self, desk: Desk, table: Table, known: Sequence[Rows]) -> None:
        """Name those whose a resource is by what is ``known`` of it, where a line that nobody can read does not."""
        if not table.is_about_people or not self.ids(desk, table):
            return
        rows = " UNION ALL ".join(f"SELECT id, person FROM ({each.sql()})" for each in known)  # noqa: S608
        written = desk.part("ndjson")
        told = {"files": exactly([self.kept]), "type": table.resource, "written": str(written)}
        desk.engine.execute(_OWNED.format(told=_TOLD, rows=rows, kept=_KEPT), told)
        written.replace(self.kept)

    def write(self, desk: Desk, to: Path) -> dict[str, int]:
        """quarantine.parquet: file, line (from 1, blank lines counted), type of the file, person, reason and id.

        A line that concerns several people has a row for each. Person is NULL where nobody is known to be concerned,
        id where the line does not plainly tell it. Returns the lines per type.
        """
        self.kept.touch()
        desk.copy(_KEPT, to, files=exactly([self.kept]))
        return {str(type_): int(str(n)) for type_, n in desk.rows(_PER_TYPE, written=exactly([to]))}


def second_sight(desk: Desk, table: Table, part: Path, file: Path, quarantine: Quarantine) -> Path:
    """Read a file's uncertain lines one by one; what is certain in them comes back as another part."""
    recovered, shape = desk.part("ndjson"), table.schema
    with recovered.open("w") as out, quarantine.kept.open("a") as aside:
        for line in chosen(file, unsure_lines(desk, part, file.name), LONGEST_LINE):
            try:
                found = mend(line, table.resource, shape)
            except Unsure as unsure:
                aside.writelines(_entries(quarantine.within + file.name, line, table, unsure.reason))
                quarantine.lines += 1
            else:
                out.writelines(json.dumps(resource) + "\n" for resource in found)
                quarantine.mended += 1
    again = desk.copy(select(table), desk.part("parquet"), files=exactly([recovered]), label=file.name)
    recovered.unlink()
    return again


def _entries(file: str, line: Line, table: Table, reason: str) -> Iterator[str]:
    place = {"file": file, "line": line.number, "type": table.resource}
    known = {"reason": reason, "id": identity_of(line.text, table.resource)}
    people: list[str | None] = [*sorted(people_of(line.text))]
    for person in people or [None]:
        yield json.dumps({**place, "person": person, **known}) + "\n"
