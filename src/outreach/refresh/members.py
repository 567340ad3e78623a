"""Who is a member of the Group tonight, next to an earlier night's tables.

An export of what changed need not bring what is older of those who joined since, and says nothing of those who left.
So the Group's Patients are read whole each night. Of a person who is new, everything is fetched; of one who left,
nothing is kept but a visit that is a member's as well. Somebody of whom the earlier export could not bring everything
counts as new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from outreach.domain.tables import Rows
from outreach.errors import PullIncomplete, ServerRefused
from outreach.flatten import NOT_EXPORTED, Base, FlattenReport
from outreach.flatten.columns import TABLES
from outreach.flatten.desk import exactly
from outreach.pull import OF_NOBODY
from outreach.refresh.reading import Reading
from outreach.refresh.whole import read_whole

SHARE, MOST = 4, 2000  #: more new members than one in so many, or than so many: everybody is read

#: Everybody of whom a Patient came, readable or not; NULL for a line that does not tell whose it is.
_PEOPLE = """
    CREATE TABLE {name} AS SELECT id FROM ({person})
    UNION SELECT coalesce(id, person) FROM read_parquet($aside) WHERE type = 'Patient'"""
_IN_DOUBT = """
    CREATE TABLE doubt AS SELECT DISTINCT person AS id FROM read_parquet($aside) WHERE reason = $reason"""
_NEW = "FROM now EXCEPT (FROM before EXCEPT FROM doubt) ORDER BY id"
_LEFT = "FROM before EXCEPT FROM now"
_THEIRS = """
    WITH theirs AS MATERIALIZED (SELECT DISTINCT id FROM ({rows}) WHERE person IN (FROM gone))
    FROM theirs EXCEPT SELECT id FROM ({rows}) SEMI JOIN theirs USING (id) WHERE person IN (FROM now)"""
_UNREAD = "SELECT DISTINCT type, id FROM read_parquet($aside) WHERE id IS NOT NULL AND person IN (FROM gone)"
_BROUGHT = "SELECT DISTINCT json ->> '$.id' FROM read_ndjson_objects($files, ignore_errors = true)"


class Members:
    """``read`` first; then ``new`` are the ids of those of whom everything is to be fetched. ``close`` at the end."""

    def __init__(self, reading: Reading, earlier: Path) -> None:
        self.reading, self.earlier = reading, earlier
        self.new: list[str] = []
        self._all = 0
        self._db = duckdb.connect()

    def close(self) -> None:
        self._db.close()

    def read(self) -> None:
        """Tonight's tables become the earlier ones, with the Group's Patients as they are now."""
        reading, earlier = self.reading, self.earlier
        self._people("before", earlier)  # first: the earlier tables may be tonight's, of a reading before this one
        self._db.execute(_IN_DOUBT, {"aside": _aside(earlier), "reason": NOT_EXPORTED})
        base = Base(earlier, frozenset({"Patient"}), landing=reading.landing_of(earlier), settled=True)
        read_whole(reading, ["Patient"], "members", base)
        self._people("now", reading.tables)
        unknown = "SELECT count(*) FROM now WHERE id IS NULL"
        self._all = self._number("SELECT count(id) FROM now")
        self.new = [id_ for id_ in self._column(_NEW) if id_ is not None]
        # Whoever stands on a line that does not say whose it is did not leave: then nobody is forgotten tonight.
        self._db.execute(f"CREATE TABLE gone AS FROM ({_LEFT}) WHERE id IS NOT NULL AND ({unknown}) = 0")

    def records_of_those_who_left(self, gone: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Ids by type, beside those that are ``gone`` already."""
        found = {type_: list(ids) for type_, ids in gone.items()}
        if not self._number("SELECT count(*) FROM gone"):
            return found
        for table in (each for each in TABLES if each.is_about_people):
            sql = _THEIRS.format(rows=Rows(self.reading.tables, table.name).sql())
            found.setdefault(table.resource, []).extend(map(str, self._column(sql)))
        for type_, id_ in self._db.execute(_UNREAD, {"aside": _aside(self.reading.tables)}).fetchall():
            found.setdefault(type_, []).append(id_)
        return found

    def bring_new(self) -> FlattenReport | None:
        """Add everything of those who are new; None where they are many, or the server cannot say it of some alone."""
        reading, folder = self.reading, self.reading.landing / "new"
        if len(self.new) > min(MOST, self._all // SHARE):
            return None
        reading.progress("pull everything of new members")
        types = [type_ for type_ in reading.types if type_ not in OF_NOBODY]
        try:
            manifest = reading.pull(types, folder, "", self.new)
        except (ServerRefused, PullIncomplete):  # a server that is away fails what is done instead, too
            return None
        files = exactly([folder / file.name for file in manifest.files if file.type == "Patient"])
        if not files or not set(self.new) <= set(self._column(_BROUGHT, files=files)):
            return None
        report = reading.flatten(folder, reading.tables, base=Base(reading.tables), within="new/")
        return None if report.superseded else report  # what came twice may hide what did not come

    def _people(self, name: str, tables: Path) -> None:
        person = Rows(tables, "person").sql()
        self._db.execute(_PEOPLE.format(name=name, person=person), {"aside": _aside(tables)})

    def _column(self, sql: str, **parameters: object) -> list[str | None]:
        return [value for (value,) in self._db.execute(sql, parameters).fetchall()]

    def _number(self, sql: str) -> int:
        found = self._db.execute(sql).fetchone()
        return int(found[0]) if found else 0


def _aside(tables: Path) -> list[str]:
    return exactly([tables / "quarantine.parquet"])
