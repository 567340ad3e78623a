"""The blinded review sheet: people in words with dates and values, without what the engine said.

A clinician marks whom they would invite; the key lies in a file of its own.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from outreach.assess import with_names

#: Kinds of people who are not invited, one or more of each on the sheet while there are any.
KINDS: dict[str, str] = {
    "in work-up": "a.status = 'not-now' AND a.reason = 'work-up'",
    "scan unread": "a.status = 'not-now' AND a.reason = 'unread'",
    "already booked": "a.status = 'not-now' AND a.reason = 'booked'",
    "origin unknown": "a.status = 'unknown' AND list_contains(a.missing, 'birthplace')",
    "other fact missing": "a.status = 'unknown' AND NOT list_contains(a.missing, 'birthplace')",
    "no order": "o.bucket = 'withheld' AND o.reason = 'no-order'",
    "telehealth or no visit": "o.list_name = 'navigator'",
    "no portal": "o.list_name = 'call-list'",
    "language without a letter": "o.list_name = 'interpreter-call'",
    "opted out": "a.reason = 'opted-out'",
    "deceased": "a.reason = 'deceased'",
    "merged": "a.reason = 'merged'",
    "liver cancer, transplant or too ill": "a.status = 'excluded' AND a.reason <> 'deceased'",
    "up to date": "a.status = 'up-to-date'",
    "within grace": "a.status = 'due'",
    "no slot left": "o.bucket = 'deferred' AND a.status = 'overdue'",
    "not at risk": "a.reason = 'not-at-risk'",
}
PORTAL = "urn:outreach:portal-account"
_PEOPLE = """
    SELECT o.person, o.bucket, o.reason, o.list_name, a.status, a.reason AS why, a.due_on, a.risk_group,
        a.criteria, p.birth_raw, p.sex, p.deceased, p.replaced_by, p.language, p.identifier_systems
    FROM read_parquet($outcomes) o
    JOIN {assessment} a USING (person)
    JOIN read_parquet($person) p ON p.id = o.person
    WHERE {test} ORDER BY o.person
"""


@dataclass(frozen=True)
class Subject:
    """One person of the sheet: what a reviewer reads, and what the engine said."""

    person: str
    kind: str
    words: tuple[str, ...]
    answer: str


def choose(tables: Path, seed: int, invited: int = 10, others: int = 20) -> list[Subject]:
    """Ten invited and twenty not, of every kind there is, in a seeded order that tells nothing."""
    lottery = random.Random(seed)  # noqa: S311  (a sample for people to read, not a secret)
    sent = _people(tables, "o.bucket = 'sent'")
    chosen = [_subject(tables, row, "invited") for row in lottery.sample(sent, min(invited, len(sent)))]
    pools = {kind: _people(tables, test) for kind, test in KINDS.items()}
    for kind, row in _in_turn(pools, others, lottery):
        chosen.append(_subject(tables, row, kind))
    lottery.shuffle(chosen)
    return chosen


def _in_turn(pools: dict[str, list[dict[str, Any]]], wanted: int, lottery: random.Random) -> Iterable[tuple[str, Any]]:
    """One of each kind, then again, until there are enough."""
    left = {kind: lottery.sample(pool, len(pool)) for kind, pool in pools.items()}
    taken: list[tuple[str, Any]] = []
    while len(taken) < wanted and any(left.values()):
        taken += [(kind, pool.pop()) for kind, pool in left.items() if pool]
    return taken[:wanted]


def _people(tables: Path, test: str) -> list[dict[str, Any]]:
    files = {name: str(tables / f"{name}.parquet") for name in ("outcomes", "person")}
    sql = _PEOPLE.format(test=test, assessment=with_names(tables / "assessment.parquet"))
    found: list[dict[str, Any]] = duckdb.connect().sql(sql, params=files).to_arrow_table().to_pylist()
    return found


def _subject(tables: Path, row: dict[str, Any], kind: str) -> Subject:
    said = f"{row['status']} {row['why']} {row['risk_group']} → {row['bucket']} {row['reason']} {row['list_name']}"
    words = [
        *_person(row),
        *_record(row["criteria"] or ()),
        *_papers(tables, row["person"]),
        *_visits(tables, row["person"]),
    ]
    return Subject(row["person"], kind, tuple(words), " ".join(said.split()))


def _person(row: dict[str, Any]) -> list[str]:
    words = [f"born {row['birth_raw'] or 'on a day not recorded'}; {row['sex'] or 'sex not recorded'}"]
    words += ["the record says that the person has died"] if row["deceased"] else []
    words += [f"this record was merged into {row['replaced_by']}"] if row["replaced_by"] else []
    portal = "has" if PORTAL in (row["identifier_systems"] or ()) else "has no"
    return [*words, f"language: {row['language'] or 'not recorded'}; {portal} portal account"]


def _record(criteria: Sequence[dict[str, Any]]) -> list[str]:
    """Each fact once, in the rule's order: what was found, when, and where it stands."""
    words: dict[str, None] = {}
    for entry in criteria:
        leaf = ": " in entry["criterion"] or entry["section"] == "next_due"
        if leaf and entry["truth"] and entry["resource"] and not entry["resource"].startswith("Patient/"):
            on = f" on {entry['on']}" if entry["on"] else ", undated"
            words[f"{entry['value'] or entry['criterion']}{on} ({entry['resource']})"] = None
        elif leaf and entry["value"] and not entry["resource"]:
            words[entry["value"]] = None
    return list(words)


def _papers(tables: Path, person: str) -> list[str]:
    """Orders and refusals: what must be there, or must not, before anybody is written to."""
    orders = _rows(tables, "service_request", "SELECT DISTINCT id, status, coalesce(requester, false), display", person)
    words = [
        f"order {id_}: {what or 'no name'}, {status}{'' if signed else ', names no clinician'}"
        for id_, status, signed, what in orders
    ]
    refusals = _rows(tables, "consent", "SELECT id, status, coalesce(provision, '?'), coalesce(scope, '?')", person)
    words += [f"consent {id_}: {provision}, {status}, about {scope}" for id_, status, provision, scope in refusals]
    return words or ["no order and no refusal on record"]


def _rows(tables: Path, table: str, select: str, person: str, group: str = "") -> list[tuple[Any, ...]]:
    sql = f"{select} FROM read_parquet($path) WHERE person = $person {group} ORDER BY 1, 2"
    return duckdb.execute(sql, {"path": str(tables / f"{table}.parquet"), "person": person}).fetchall()


def _visits(tables: Path, person: str) -> list[str]:
    sql = """SELECT DISTINCT id, start::TIMESTAMP, status, coalesce(location, 'no place named') FROM read_parquet($path)
        WHERE person = $person ORDER BY 2"""
    rows = duckdb.execute(sql, {"path": str(tables / "appointment.parquet"), "person": person}).fetchall()
    return [
        f"visit {id_}: {start:%Y-%m-%d %H:%M} UTC, {place}, {status}" for id_, start, status, place in rows if start
    ]


def write_sheet(subjects: Sequence[Subject], folder: Path, as_of: date) -> tuple[Path, Path]:
    """Write ``review-sheet.md`` and ``review-key.csv``; returns their paths."""
    lines = [f"# Review sheet, {as_of}", "", f"{len(subjects)} people. Would you invite this person tonight? Mark yes "
             "or no, and why; then compare with review-key.csv.", ""]  # fmt: skip
    for number, subject in enumerate(subjects, start=1):
        lines += [
            f"## {number}",
            "",
            *[f"- {word}" for word in subject.words],
            "",
            "invite?  [ ] yes  [ ] no   why:",
            "",
        ]
    sheet, key = folder / "review-sheet.md", folder / "review-key.csv"
    sheet.write_text("\n".join(lines), encoding="utf-8")
    with key.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("number", "person", "kind", "the engine said"))
        writer.writerows((n, s.person, s.kind, s.answer) for n, s in enumerate(subjects, start=1))
    for path in (sheet, key):
        path.chmod(0o600)
    return sheet, key
