"""How long a night's matching takes. Prints one JSON object.

    python tests/bench/allocate.py                    50,000 people, 5,000 slots, 20 sites, 14 days
    python tests/bench/allocate.py --visits 2         everybody has visits at two places or days

``solve`` is the matching alone; ``allocate`` the whole room, from dataclasses to dataclasses. On a busy machine
read the processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from outreach.allocate import Policy, allocate
from outreach.allocate.feasible import feasible, upcoming
from outreach.allocate.match import match
from outreach.domain.slot import Overdue, Slot, Visit

NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)
GROUPS = ("cirrhosis", "hepatitis-b-score", "hepatitis-b-family")
POLICY = Policy(
    zone=ZoneInfo("America/New_York"), longest_wait_minutes=240, notice_hours=24, horizon_days=16, risk_groups=GROUPS
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--slots", type=int, default=5_000)
    parser.add_argument("--visits", type=int, default=1, help="per person")
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--json", action="store_true", help="the default and only output")
    print(json.dumps(measure(parser.parse_args())))


def measure(size: argparse.Namespace) -> dict[str, object]:
    people, visits, slots = night(size, random.Random(7))
    wall, cpu = time.perf_counter(), time.process_time()
    answer = allocate(people, visits, slots, POLICY, now=NOW, seed=1)
    whole = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {
        **{k: v for k, v in vars(size).items() if k != "json"},
        "pairs": dict(answer.pairs),
        "offers": len(answer.offers),
        **solve_alone(people, visits, slots),
        "allocate_seconds": {k: round(v, 3) for k, v in whole.items()},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def solve_alone(people: list[Overdue], visits: list[Visit], slots: list[Slot]) -> dict[str, object]:
    """``match`` alone, in an arbitrary order of need; ``most`` is how many scipy says can be seated at all."""
    ids = sorted(p.person for p in people)
    slots = sorted(slots, key=lambda s: (s.location, s.start))
    pairs = feasible(ids, upcoming(visits, ids, POLICY, NOW), slots, POLICY, NOW)
    order = np.random.default_rng(1).permutation(np.unique(pairs.person))
    wall, cpu = time.perf_counter(), time.process_time()
    chosen = match(pairs, order)
    seconds = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    graph = csr_array((np.ones(len(pairs.slot)), (pairs.person, pairs.slot)), shape=(len(ids), len(slots)))
    most = int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
    return {"seated": len(chosen), "most": most, "solve_seconds": {k: round(v, 3) for k, v in seconds.items()}}


def night(size: argparse.Namespace, draw: random.Random) -> tuple[list[Overdue], list[Visit], list[Slot]]:
    def moment(open_: int, close: int, step: int) -> datetime:
        day = NOW.replace(hour=13) + timedelta(days=1 + draw.randrange(size.days))
        return day + timedelta(minutes=draw.randrange(open_, close, step))

    def site() -> str:
        return f"site-{draw.randrange(size.sites):02}"

    half = timedelta(minutes=30)
    people = [
        Overdue(f"p{i}", date(2025, 1, 1), since, draw.choice(GROUPS), "order")
        for i in range(size.people)
        for since in (date(2025, 3, 1) + timedelta(days=draw.randrange(360)),)
    ]
    visits = [
        Visit(f"v{p.person}-{n}", p.person, at, at + half, site(), draw.random() < 0.1)
        for p in people
        for n in range(size.visits)
        for at in (moment(0, 480, 15),)
    ]
    slots = [
        Slot(f"s{i}", "1", "pop-up", site(), at, at + half, "free")
        for i in range(size.slots)
        for at in (moment(0, 480, 30),)
    ]
    return people, visits, slots


if __name__ == "__main__":
    main()
