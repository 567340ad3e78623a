"""Each guard taken away: what it keeps from happening then happens."""

from __future__ import annotations

import pytest

from integration.test_post_doubt import Altered
from integration.test_post_processes import DieAt
from integration.test_post_refusals import CHANGES
from integration.test_post_stop import Forgetful, stop
from integration.test_post_world import World
from outreach.errors import OutcomeUnknown
from outreach.fhir.client import Created, FhirClient
from outreach.fhir.dialect import Resource
from outreach.post import Checkpoint, refusals

pytest_plugins = ("integration.test_post_world",)

#: One change for each reason that no other reason would catch.
ALONE = {
    "deceased": "died, with a year",
    "merged": "merged into another",
    "inactive": "made inactive",
    "opted-out": "said no",
    "visit-moved": "visit cancelled",
    "record-changed": "a new laboratory value",
}


@pytest.mark.parametrize("reason", ALONE)
def test_without_the_check_the_person_is_told(world: World, monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    world.person("ana", "a")
    world.plan()
    CHANGES[ALONE[reason]][1](world)
    left = tuple((name, test) for name, test in refusals.REASONS if name != reason)
    monkeypatch.setattr(refusals, "REASONS", left)
    world.post()
    assert world.messages() == {"ana": 1}


def test_without_the_check_of_the_order_only_the_change_of_the_record_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person("ana", "a")
    world.plan()
    CHANGES["order revoked"][1](world)
    left = tuple((name, test) for name, test in refusals.REASONS if name not in ("no-order", "record-changed"))
    monkeypatch.setattr(refusals, "REASONS", left)
    world.post()
    assert world.messages() == {"ana": 1}


class AnswerLost(Altered):
    """Stores every message twice over, if asked twice, and answers none."""

    def __init__(self, base: str) -> None:
        super().__init__(FhirClient(base, deadline_s=30), lambda client, type_, params: client.search(type_, params))
        self._keyless = Forgetful(base)
        self.create = self._create

    def _create(self, resource: Resource, *, if_none_exist: tuple[str, str]) -> Created:
        self._keyless.create(resource, if_none_exist=if_none_exist)
        raise OutcomeUnknown("the answer was lost")


def test_reading_back_saves_a_server_that_ignores_keys(world: World) -> None:
    world.person("ana", "a")
    world.plan().post(AnswerLost(world.base))
    assert world.messages() == {"ana": 1}
    world.assert_whole()


def test_without_reading_back_it_gets_a_second_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person("ana", "a")
    monkeypatch.setattr("outreach.post.messages.conclude", lambda *_: None)
    monkeypatch.setattr("outreach.post.messages.has_identifier", lambda *_: False)
    world.plan().post(AnswerLost(world.base))
    assert world.messages() == {"ana": 2}


def test_without_the_stop_switch_in_the_claim_messages_go_on_leaving(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        world.person(f"p{n}", f"s{n}")
    for place in ("items", "holds"):
        monkeypatch.setattr(f"outreach.ledger.{place}.refuse_if_stopped", lambda connection: None)
    world.plan().post(checkpoint=lambda here: stop(world) if here is Checkpoint.RECHECKED else None)
    assert len(world.messages()) == 4


def test_without_the_sweep_a_crash_leaves_a_slot_held_for_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person("ana", "a", portal=False)
    world.plan().post()
    world.change("Patient", "ana", deceasedBoolean=True)
    assert world.post_in_child(checkpoint=DieAt(Checkpoint.WITHHELD)) == -9
    monkeypatch.setattr("outreach.post.night.sweep", lambda desk: 0)
    world.post()
    assert len(world.held()) == 1
    monkeypatch.undo()
    world.post()
    world.assert_whole()


def test_without_the_mark_on_the_slot_a_hold_whose_answer_was_lost_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person("ana", "a")
    assert world.plan().post_in_child(checkpoint=DieAt(Checkpoint.SLOT_PUT)) == -9
    monkeypatch.setattr("outreach.post.slots.is_held", lambda slot, mark: False)
    world.post()
    assert world.states() == {"ana": "deferred:slot-lost"}
    assert len(world.held()) == 1, "and the slot is held for nobody"
