"""The blinded review sheet: people in words with dates and values, without what the engine said.

A clinician marks whom they would invite; the key lies in a file of its own.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from outreach.assess import with_names
from outreach.domain.query import ask, exact
from outreach.domain.tables import Rows
from outreach.explain.evidence import birth, measured
from outreach.prose.scores import score_title
from outreach.prose.words import language_said, said

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
    JOIN ({people}) p ON p.id = o.person
    WHERE {test} ORDER BY o.person
"""


@dataclass(frozen=True)
class Subject:
    """One person of the sheet: what a reviewer reads, and what the engine said."""

    person: str
    kind: str
    words: tuple[str, ...]
    answer: str


def choose(tables: Path, seed: int, zone: ZoneInfo, invited: int = 10, others: int = 20) -> list[Subject]:
    """Ten invited and twenty not, of every kind there is, in a seeded order that tells nothing."""
    lottery = random.Random(seed)  # noqa: S311  (a sample for people to read, not a secret)
    sent = _people(tables, "o.bucket = 'sent'")
    chosen = [_subject(tables, row, "invited", zone) for row in lottery.sample(sent, min(invited, len(sent)))]
    pools = {kind: _people(tables, test) for kind, test in KINDS.items()}
    for kind, row in _in_turn(pools, others, lottery):
        chosen.append(_subject(tables, row, kind, zone))
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
    files = {"outcomes": exact(tables / "outcomes.parquet")}
    people = Rows(tables, "person").sql()
    sql = _PEOPLE.format(test=test, assessment=with_names(tables / "assessment.parquet"), people=people)
    found: list[dict[str, Any]] = duckdb.connect().sql(sql, params=files).to_arrow_table().to_pylist()
    return found


def _subject(tables: Path, row: dict[str, Any], kind: str, zone: ZoneInfo) -> Subject:
    told = f"{row['status']} {row['why']} {row['risk_group']} → {row['bucket']} {row['reason']} {row['list_name']}"
    words = [
        *_person(row),
        *_record(row["criteria"] or ()),
        *_papers(tables, row["person"]),
        *_visits(tables, row["person"], zone),
    ]
    return Subject(row["person"], kind, tuple(words), " ".join(told.split()))


def _person(row: dict[str, Any]) -> list[str]:
    born = birth(row["birth_raw"]) if row["birth_raw"] else "on a day not recorded"
    words = [f"born {born}; {row['sex'] or 'sex not recorded'}"]
    words += ["the record says that the person has died"] if row["deceased"] else []
    words += ["this record was merged into another"] if row["replaced_by"] else []
    portal = "has" if PORTAL in (row["identifier_systems"] or ()) else "has no"
    return [
        *words,
        f"language: {language_said(row['language']) if row['language'] else 'not recorded'}; {portal} portal account",
    ]


def _record(criteria: Sequence[dict[str, Any]]) -> list[str]:
    """Each fact once, in the rule's order: what was found, when, and where it stands."""
    words: dict[str, None] = {}
    for entry in criteria:
        leaf = ": " in entry["criterion"] or entry["section"] == "next_due"
        if leaf and entry["truth"] and entry["resource"] and not entry["resource"].startswith("Patient/"):
            on = f" on {said(entry['on'])}" if entry["on"] else ", undated"
            words[f"{measured(entry['value'] or entry['criterion'])}{on}"] = None
        elif leaf and entry["value"] and not entry["resource"] and entry["applies"]:
            name, _, number = entry["value"].partition(" ")
            words[f"{score_title(name)} {number}"] = None
    return list(words)


def _papers(tables: Path, person: str) -> list[str]:
    """Orders and refusals: what must be there, or must not, before anybody is written to."""
    orders = _rows(tables, "service_request", "SELECT DISTINCT id, status, coalesce(requester, false), display", person)
    words = [
        f"order: {what or 'no name'}, {status}{'' if signed else ', names no clinician'}"
        for _, status, signed, what in orders
    ]
    refusals = _rows(tables, "consent", "SELECT id, status, coalesce(provision, '?'), coalesce(scope, '?')", person)
    words += [
        f"consent: {provision}, {status}, about {scope.replace('-', ' ')}" for _, status, provision, scope in refusals
    ]
    return list(dict.fromkeys(words)) or ["no order and no refusal on record"]


def _rows(tables: Path, table: str, select: str, person: str, group: str = "") -> list[tuple[Any, ...]]:
    sql = f"{select} FROM ({Rows(tables, table).sql()}) WHERE person = $person {group} ORDER BY 1, 2"
    return ask(sql, {"person": person})


def _visits(tables: Path, person: str, zone: ZoneInfo) -> list[str]:
    """Each visit by the clinic's own clock, at the place by its name."""
    visits, places = (Rows(tables, name).sql() for name in ("appointment", "location"))
    sql = f"""SELECT DISTINCT v.id, epoch(v.start), v.status, coalesce(l.name, v.location, 'no place named')
        FROM ({visits}) v LEFT JOIN ({places}) l ON l.id = v.location
        WHERE v.person = $person AND v.start IS NOT NULL ORDER BY 2"""  # noqa: S608  paths of ours, quoted
    rows = ask(sql, {"person": person})
    times = ((datetime.fromtimestamp(start, zone), status, place) for _, start, status, place in rows)
    return [f"visit: {said(at.date())}, {at:%H:%M}, {place}, {status}" for at, status, place in times]


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
