"""Second sight of the lines that are not certain: mended into a part of their own, or set aside with a reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from outreach.flatten.desk import Desk, exactly
from outreach.flatten.duck import LONGEST_LINE, select
from outreach.flatten.lines import Line, chosen
from outreach.flatten.mend import Unsure, mend, person_of
from outreach.flatten.reading import unsure_lines
from outreach.flatten.table import Table

_KEPT = """
    SELECT * FROM read_json($files, format = 'newline_delimited', columns = {
        file: 'VARCHAR', line: 'BIGINT', type: 'VARCHAR', person: 'VARCHAR', reason: 'VARCHAR'})"""


@dataclass
class Quarantine:
    """Lines set aside, kept as NDJSON until written: a file that is bad throughout must not fill memory."""

    kept: Path
    lines: int = 0
    mended: int = 0

    def write(self, desk: Desk, to: Path) -> None:
        """quarantine.parquet: file, line (from 1, blank lines counted), type of the file, person or NULL, reason."""
        self.kept.touch()
        desk.copy(_KEPT, to, files=exactly([self.kept]))


def second_sight(desk: Desk, table: Table, part: Path, file: Path, quarantine: Quarantine) -> Path:
    """Read a file's uncertain lines one by one; what is certain in them comes back as another part."""
    recovered, shape = desk.part("ndjson"), table.schema
    with recovered.open("w") as out, quarantine.kept.open("a") as aside:
        for line in chosen(file, unsure_lines(desk, part, file.name), LONGEST_LINE):
            try:
                found = mend(line, table.resource, shape)
            except Unsure as unsure:
                aside.write(_entry(file, line, table, unsure.reason))
                quarantine.lines += 1
            else:
                out.writelines(json.dumps(resource) + "\n" for resource in found)
                quarantine.mended += 1
    again = desk.copy(select(table), desk.part("parquet"), files=exactly([recovered]), label=file.name)
    recovered.unlink()
    return again


def _entry(file: Path, line: Line, table: Table, reason: str) -> str:
    place = {"file": file.name, "line": line.number, "type": table.resource}
    return json.dumps({**place, "person": person_of(line.text), "reason": reason}) + "\n"
