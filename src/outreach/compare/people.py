"""Every person's place under both rules, by group, counted once. Only ``movers`` tells who somebody is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from outreach.compare.steps import step_of
from outreach.domain.query import ask, quoted
from outreach.domain.tables import Rows
from outreach.report.strata import groups
from outreach.rulebook.model import Rule


@dataclass(frozen=True)
class Assessed:
    """A rule and what it said of everyone on a day. ``path``: assess's own table."""

    rule: Rule
    path: Path


@dataclass(frozen=True)
class Ground:
    """The people compared: a night's tables on a day, and the groups to count by."""

    tables: Path
    as_of: date
    by: tuple[str, ...]
    portal_system: str = "urn:outreach:portal-account"


_PAIRS = """
SELECT {columns}, was.step AS was, now.step AS now, count(*)::BIGINT AS people
FROM was JOIN now USING (person) LEFT JOIN told AS g USING (person)
GROUP BY ALL ORDER BY ALL
"""
_STEP = """
SELECT a.person, {step} AS step
FROM read_parquet({path}) AS a LEFT JOIN ({people}) AS p ON p.id = a.person
"""
_MOVERS = """
SELECT person, a.status AS was, a.reason AS was_reason, b.status AS now, b.reason AS now_reason
FROM read_parquet($was) AS a JOIN read_parquet($now) AS b USING (person)
WHERE a.status <> b.status OR a.reason <> b.reason ORDER BY person
"""


def pairs(was: Assessed, now: Assessed, ground: Ground) -> pd.DataFrame:
    """How many people stand where under both: stratifier, stratum, was, now (step keys), people.

    Everyone comes first, as stratifier "". A person belongs to one stratum of each stratifier.
    """
    with _opened(was, now, ground) as db:
        found = [_count(db, None), *(_count(db, name) for name in ground.by)]
    return pd.concat(found, ignore_index=True)


@contextmanager
def _opened(was: Assessed, now: Assessed, ground: Ground) -> Iterator[duckdb.DuckDBPyConnection]:
    people = Rows(ground.tables, "person").sql()
    with duckdb.connect() as db:
        groups(db, ground.tables, ground.as_of, ground.portal_system).create_view("told")
        for name, side in (("was", was), ("now", now)):
            step = step_of(side.rule, ground.as_of)
            sql = _STEP.format(step=step, path=quoted(side.path), people=people)
            db.sql(sql).create(name)
        yield db


def _count(db: duckdb.DuckDBPyConnection, stratifier: str | None) -> pd.DataFrame:
    columns = f"'{stratifier}' AS stratifier, g.{stratifier} AS stratum"
    if stratifier is None:
        columns = "'' AS stratifier, 'Everyone' AS stratum"
    frame: pd.DataFrame = db.sql(_PAIRS.format(columns=columns)).df()
    return frame


def movers(was: Path, now: Path) -> list[tuple[str, str, str, str, str]]:
    """For the care team alone: each person whose status or reason differs: id, status and reason before, and now."""
    return ask(_MOVERS, {"was": was, "now": now})


def at_risk(path: Path) -> int:
    """How many are known or possibly at risk, and neither left out nor lost to their own choice."""
    sql = f"SELECT count(*) FROM read_parquet($path) WHERE status IN {AT_RISK}"  # noqa: S608  (words of ours)
    ((number,),) = ask(sql, {"path": path})
    return int(number)


#: The statuses of whoever is at risk, as the report counts them.
AT_RISK: Sequence[str] = ("up-to-date", "due", "overdue", "not-now", "unknown")
