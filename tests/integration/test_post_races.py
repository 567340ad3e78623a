"""Many who want the same slots: allocators with ledgers of their own, and people who book by hand."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from integration.test_post_processes import in_child
from integration.test_post_world import HOLD, World
from outreach.errors import LostRace, NotWhole
from outreach.fhir.client import FhirClient, Versioned
from outreach.fhir.dialect import Resource
from outreach.ledger import SlotChoice
from outreach.post import slots
from outreach.post.server import Server
from servers.sekmet_server import put

pytest_plugins = ("integration.test_post_world",)

ALLOCATORS, PEOPLE, SLOTS = 4, 6, 10


def contest(base: str, folder: Path) -> tuple[list[World], list[SlotChoice]]:
    """Four sites of their own, all with the same ten slots in mind for their six people each."""
    clinic = World(base, folder)
    contested = [clinic.slot(f"s{n}") for n in range(SLOTS)]
    put(clinic.client, clinic.resources)
    worlds = []
    for _ in range(ALLOCATORS):
        world = World(base, folder)
        for n in range(PEOPLE):
            name = f"p{n}"
            world.person(name)
            turned = contested[n:] + contested[:n]
            world.people[name] = replace(world.people[name], choices=tuple(turned))
        worlds.append(world.plan())
    return worlds, contested


def book_by_hand(base: str, contested: list[SlotChoice]) -> None:
    """Somebody at the desk books what is free, with the version seen, as a careful program would."""
    client, picked = FhirClient(base), random.Random(7)
    for _ in range(30):
        found = client.read("Slot", picked.choice(contested).slot)
        if found is not None and found.resource["status"] == "free":
            try:
                client.update(found.resource | {"status": "busy", "comment": "by hand"}, if_match=found.etag)
            except LostRace:
                continue


def run_together(works: list[Callable[[], None]]) -> None:
    pids = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            os._exit(0 if in_child(work) == 0 else 1)
        pids.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * len(pids)


def takings(client: FhirClient, contested: list[SlotChoice]) -> dict[str, int]:
    """How often each slot went to somebody else, by the server's own history."""
    taken = {}
    for choice in contested:
        owners = [owner_of(row) for row in history(client, choice.slot)]
        changes = [after for before, after in pairwise(owners) if after and after != before]
        taken[choice.slot] = len(changes)
    return taken


def history(client: FhirClient, slot: str) -> list[Resource]:
    bundle = requests.get(f"{client.base}/Slot/{slot}/_history?_count=100", timeout=30).json()
    return [entry["resource"] for entry in reversed(bundle["entry"])]


def owner_of(slot: Resource) -> str:
    marks = [i["value"] for i in slot.get("identifier", []) if i["system"] == HOLD]
    return "" if slot["status"] == "free" else "|".join(marks) or slot.get("comment", "?")


def test_no_slot_goes_to_two(post_server: str, tmp_path: Path) -> None:
    worlds, contested = contest(post_server, tmp_path)
    run_together(
        [lambda w=world: assert_finished(w) for world in worlds] + [lambda: book_by_hand(post_server, contested)]
    )
    assert takings(worlds[0].client, contested) == {choice.slot: 1 for choice in contested}
    ends = Counter(state for world in worlds for state in world.states().values())
    assert set(ends) == {"sent", "deferred:slot-lost"}
    by_hand = sum(owner_of(history(worlds[0].client, c.slot)[-1]) == "by hand" for c in contested)
    assert ends["sent"] == SLOTS - by_hand
    assert sum(sum(world.messages().values()) for world in worlds) == ends["sent"]


def assert_finished(world: World, client: Server | None = None) -> None:
    if not world.post(client).whole:
        raise NotWhole("left something open")


class Careless:
    """The real client, but its updates take whatever version there is: what a server makes of it without If-Match."""

    def __init__(self, base: str) -> None:
        self._client = FhirClient(base, deadline_s=30)
        self.read, self.search, self.create = self._client.read, self._client.search, self._client.create

    def update(self, resource: Resource, *, if_match: str) -> Versioned:
        for _ in range(50):
            found = self._client.read(resource["resourceType"], resource["id"])
            assert found is not None
            try:
                return self._client.update(resource, if_match=found.etag)
            except LostRace:
                continue
        raise AssertionError


def test_some_would_without_the_version_check(
    post_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same contest without If-Match, and without the probe that would have refused such a server."""
    monkeypatch.setattr("outreach.post.night.checks_versions", lambda client, slot: True)
    monkeypatch.setattr(slots, "_is_offered", lambda desk, slot, choice: True)
    worlds, contested = contest(post_server, tmp_path)
    run_together([lambda w=world: assert_finished(w, Careless(post_server)) for world in worlds])
    assert max(takings(worlds[0].client, contested).values()) > 1
