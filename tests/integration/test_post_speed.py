"""How fast a night is sent when the server is far away. Run with -s to see the figure."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from integration.test_post_proxy import Fate, wire
from integration.test_post_world import SETTINGS, World
from outreach.fhir.client import FhirClient
from outreach.post import PostSettings

pytest_plugins = ("integration.test_post_world",)


@pytest.mark.long
def test_six_hundred_messages_a_minute_at_a_tenth_of_a_second_of_latency(world: World, post_server: str) -> None:
    for n in range(150):
        world.person(f"p{n}", f"s{n}")
    world.plan()

    def far_away(method: str, type_: str, before: int) -> Fate:
        time.sleep(0.1)
        return "pass"

    as_shipped = replace(SETTINGS, workers=PostSettings.workers, batch=PostSettings.batch)
    with wire(post_server, far_away) as line:
        began, busy = time.monotonic(), time.process_time()
        sent = world.post(FhirClient(line.base), settings=as_shipped).sent_now
        seconds = time.monotonic() - began
    rate, busy = 60 * sent / seconds, time.process_time() - busy
    print(
        f"\n{sent} messages in {seconds:.1f} s: {rate:.0f} a minute; {len(line.seen)} calls, {busy:.1f} s of processor"
    )
    assert rate >= 600
