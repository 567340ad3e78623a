"""How many messages a minute a night sends when the server is far away.

    python tests/bench/post.py --people 150 --latency 0.1

A real server behind a wire that adds the latency to every call. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from integration.test_post_proxy import Fate, wire
from integration.test_post_world import SETTINGS, World
from outreach.demo.server import sekmet
from outreach.fhir.client import FhirClient
from outreach.post import PostSettings


def measure(people: int, latency: float) -> dict[str, float]:
    """Plan and send once; the clock runs while sending."""

    def far_away(method: str, type_: str, before: int) -> Fate:
        time.sleep(latency)
        return "pass"

    shipped = replace(SETTINGS, workers=PostSettings.workers, batch=PostSettings.batch)
    with tempfile.TemporaryDirectory() as folder, sekmet(Path(folder) / "server") as base:
        world = World(base, Path(folder))
        for number in range(people):
            world.person(f"p{number}", f"s{number}")
        world.plan()
        with wire(base, far_away) as line:
            began = time.monotonic()
            sent = world.post(FhirClient(line.base), settings=shipped).sent_now
            seconds = time.monotonic() - began
    return {"sent": sent, "seconds": round(seconds, 1), "messages_a_minute": round(60 * sent / seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=150)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds added to every call")
    options = parser.parse_args()
    print(json.dumps(measure(options.people, options.latency)))


if __name__ == "__main__":
    main()
