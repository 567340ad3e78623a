"""What the demo tells at its end: the night as a quality lead would want to hear it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from outreach.domain.outcome import Bucket
from outreach.fhir.client import FhirClient
from outreach.ledger import Item
from outreach.letters import named_places
from outreach.summary import Summary

_STEPS = ("cohort", "at_risk", "due", "overdue", "ready", "offered", "sent", "handed_over")


def ladder(report: Path) -> Iterator[str]:
    """The ladder by group, in the care team's own view; what leaves the team withholds small numbers."""
    frame = pd.read_parquet(report / "care_team" / "ladder.parquet")
    yield "THE LADDER, by group: the care team's own view (the one to share, report/share, withholds 1 to 10)"
    yield (
        f"  {'':<34}"
        + "".join(f"{step.replace('_', ' '):>12}" for step in _STEPS)
        + "   of the ready, written to (95 % interval)"
    )
    for stratifier, part in frame.groupby("stratifier", sort=False):
        for stratum, rows in part.groupby("stratum", sort=False):
            if " × " in str(stratifier):
                continue
            yield _rung(str(stratifier), str(stratum), {row["step"]: row for row in rows.to_dict("records")})


def _rung(stratifier: str, stratum: str, steps: Mapping[str, Mapping[Hashable, Any]]) -> str:
    name = stratum if stratifier == "overall" else f"{stratifier.replace('_', ' ')}: {stratum}"
    counts = "".join(f"{_whole(steps[step]['count']):>12}" for step in _STEPS)
    return f"  {name[:34]:<34}{counts}   {_interval(steps['sent'])}"


def _whole(count: Any) -> str:
    return "–" if pd.isna(count) else str(int(count))


def _interval(row: Mapping[Hashable, Any]) -> str:
    if pd.isna(row["share"]):
        return "–"
    share, low, high = (100 * float(row[name]) for name in ("share", "share_low", "share_high"))
    return f"{share:.0f} % ({low:.0f} to {high:.0f}){' unstable' if row['unstable'] else ''}"


def lists(worklist: Path) -> Iterator[str]:
    """The worklists, the work-up list first."""
    yield "THE WORKLISTS, work-up first: a finding is being looked into, and the late ones come first"
    looked_into = _csv(worklist / "work-up.csv")
    for row in looked_into[:8]:
        yield f"  {row['person']:<12} since {row['since'] or '?':<12}{'LATE' if row['late'] == 'True' else ''}"
    if len(looked_into) > 8:
        yield f"  … and {len(looked_into) - 8} more"
    for path in sorted(worklist.glob("*.csv"), key=lambda path: (path.stem != "work-up", path.stem)):
        yield f"  {path.stem:<22}{len(_csv(path)):>5} people   {path}"


def offers(items: Sequence[Item], tables: Path, zone: ZoneInfo) -> Iterator[str]:
    """Who was offered which slot on the day of which visit."""
    places = named_places(tables)
    yield "OFFERED a scan on the day of a visit"
    held = [item for item in items if item.slot]
    for item in held[:12]:
        choice = next((c for c in item.planned.choices if c.slot == item.slot), None)
        visit = item.planned.visit_start
        if choice is None or visit is None:
            continue
        by = f"portal message ({item.language})" if item.state == "sent" else item.list_name
        yield (f"  {item.planned.person:<12} visit {_time(visit, zone)}, scan {_time(choice.start, zone)[11:]} in slot "
               f"{item.slot:<16} {places.get(item.planned.visit_place, ''):<28} {by}")  # fmt: skip
    if len(held) > 12:
        yield f"  … and {len(held) - 12} more"


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def messages(items: Sequence[Item], client: FhirClient) -> Iterator[str]:
    """How many in which language, and two whole messages as the portal has them."""
    sent = [item for item in items if item.communication]
    spoken = Counter(item.language for item in sent)
    yield f"MESSAGES posted: {len(sent)} ({', '.join(f'{n} in {name}' for name, n in spoken.most_common())})"
    for language in sorted(spoken)[:2]:
        item = next(i for i in sent if i.language == language)
        found = client.read("Communication", item.communication)
        if found is not None:
            yield f"\n  as received by {item.planned.person} (Communication/{item.communication}):"
            yield f"  ┌ {found.resource['topic']['text']}"
            yield from (f"  │ {line}" for line in found.resource["payload"][0]["contentString"].splitlines())


def calls(worklist: Path) -> Iterator[str]:
    """Who is called instead of written to, with the place held for them."""
    for name in ("call-list", "interpreter-call"):
        rows = _csv(worklist / f"{name}.csv")
        yield f"HANDED to the {name}: {len(rows)} people"
        for row in rows[:4]:
            language = row["language"] or "language not recorded"
            yield f"  {row['person']:<12} {language:<22} slot {row['slot_start']}  {row['why']}"
        if len(rows) > 4:
            yield f"  … and {len(rows) - 4} more"


def reasons(summary: Summary) -> Iterator[str]:
    """Everybody else, each with a reason."""
    yield "EVERYONE ELSE, each counted once with a reason"
    for bucket in Bucket:
        found = summary.buckets.get(bucket.value, {})
        told = ", ".join(f"{reason or 'all'} {n}" for reason, n in sorted(found.items(), key=lambda pair: -pair[1]))
        yield f"  {bucket.value.replace('_', ' '):<16}{summary.total(bucket):>6}   {told}"
    total = sum(summary.total(bucket) for bucket in Bucket)
    yield f"  {'sum':<16}{total:>6}   of a cohort of {summary.cohort}; unaccounted {summary.unaccounted}"


def _csv(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
