"""A night carried out against a real server: who is told, who is called, who is not, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from integration.test_post_records import SOON
from integration.test_post_world import SETTINGS, World, letter, persons
from outreach.domain.outcome import Bucket
from outreach.errors import NotWhole
from outreach.ledger import State
from outreach.post.writing import reply_by

pytest_plugins = ("integration.test_post_world",)


def test_a_person_with_an_account_gets_one_message_and_keeps_one_slot(world: World) -> None:
    world.person("ana", "a")
    posted = world.plan().post()
    assert (posted.sent_now, posted.calls, posted.whole) == (1, (), True)
    assert world.states() == {"ana": "sent"}
    assert world.messages() == {"ana": 1}
    world.assert_whole()


def test_a_night_carried_out_twice_sends_once(world: World) -> None:
    for n in range(3):
        world.person(f"p{n}", f"s{n}")
    assert world.plan().post().sent_now == 3
    assert world.post().sent_now == 0
    assert world.messages() == {"p0": 1, "p1": 1, "p2": 1}
    world.assert_whole()


def test_a_person_without_an_account_is_called_and_has_the_same_slot(world: World) -> None:
    key = world.person("ana", "a", portal=False)
    (row,) = world.plan().post().calls
    assert (row.list_name, row.why, row.key) == ("call-list", "no-portal-account", key)
    assert (row.name, row.phone, row.language) == ("Ana Ríos", "555-0100", "es")
    assert (row.slot, row.visit_start, row.visit_place) == (world.slot("a"), SOON, "clinic")
    assert row.reply_by is not None
    assert row.reply_by < world.slot("a").start
    assert world.messages() == {}
    world.assert_whole()


def test_an_old_account_is_no_account(world: World) -> None:
    world.person("ana", "a", identifier=[{"system": "urn:test:portal", "value": "x", "use": "old"}])
    assert len(world.plan().post().calls) == 1


def test_a_person_whose_language_has_no_letter_is_called_with_an_interpreter_and_never_written_to_in_english(
    world: World,
) -> None:
    world.person("ana", "a", language="vi")
    (row,) = world.plan().post().calls
    assert (row.list_name, row.why, row.language) == ("interpreter-call", "no-letter-in-language", "vi")
    assert world.messages() == {}
    world.assert_whole()


def test_a_letter_that_lacks_a_fact_sends_nothing_and_holds_nothing(world: World) -> None:
    world.person("ana", "a")
    world.people["ana"] = replace(world.people["ana"], step="no-facts")
    world.plan().post()
    assert world.states() == {"ana": "withheld:missing-fact"}
    assert world.held() == {}
    world.assert_whole()


def test_a_person_for_whom_there_is_no_slot_is_called_without_one(world: World) -> None:
    world.person("ana")
    (row,) = world.plan().post().calls
    assert (row.list_name, row.why, row.slot, row.reply_by) == ("call-list", "no-slot", None, None)
    world.assert_whole()


def test_a_call_list_can_be_written_again_after_a_crash(world: World) -> None:
    world.person("ana", "a", portal=False)
    world.person("bea", "b", language="vi")
    first = world.plan().post().calls
    assert len(first) == 2
    assert world.post().calls == first


def test_a_called_person_who_died_before_the_list_left_the_house_is_taken_off_it(world: World) -> None:
    world.person("ana", "a", portal=False)
    world.plan().post()
    world.change("Patient", "ana", deceasedBoolean=True)
    assert world.post().calls == ()
    assert world.states() == {"ana": "withheld:deceased"}
    assert world.held() == {}
    world.assert_whole()


def test_a_slot_lost_to_somebody_else_is_replaced_by_the_next(world: World) -> None:
    world.person("ana", "a", "b", "c")
    world.plan()
    world.change("Slot", "a", status="busy")
    world.post()
    assert list(world.held()) == [world.slot("b").slot]
    assert world.states() == {"ana": "sent"}
    world.assert_whole()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "busy"},
        {"status": "busy-unavailable"},
        {"status": "busy-tentative"},
        {"start": (SOON - timedelta(days=1)).isoformat().replace("+00:00", "Z")},
        {"end": (SOON + timedelta(days=1)).isoformat().replace("+00:00", "Z")},
    ],
    ids=lambda change: "-".join(change),
)
def test_a_slot_that_is_not_what_was_planned_is_not_offered(world: World, change: dict[str, str]) -> None:
    world.person("ana", "a")
    world.plan()
    world.change("Slot", "a", **change)
    world.post()
    assert world.states() == {"ana": "deferred:slot-lost"}
    assert world.messages() == {}
    world.assert_whole()


def test_a_slot_too_near_for_the_preparation_is_not_offered(world: World) -> None:
    world.person("ana", "a")
    world.plan()
    almost = world.slot("a").start - SETTINGS.notice + timedelta(seconds=1)
    world.post(now=lambda: almost)
    assert world.states() == {"ana": "deferred:slot-lost"}


def test_the_message_says_the_time_of_the_slot_that_is_held(world: World) -> None:
    key = world.person("ana", "a", "b")
    world.plan()
    world.change("Slot", "a", status="busy")
    world.post()
    (message,) = world.client.search("Communication", [("identifier", f"urn:outreach:campaign|{key}")])
    assert world.slot("b").start.strftime("%H:%M") in json.dumps(message["payload"])
    assert {"reference": f"Slot/{world.slot('b').slot}"} in message["about"]
    assert message["subject"] == world.reference("ana")


def test_hundreds_are_sent_in_batches_by_several_hands(world: World) -> None:
    for n in range(60):
        world.person(f"p{n}", f"s{n}", portal=n % 6 > 0)
    posted = world.plan().post(settings=replace(SETTINGS, batch=25, workers=4))
    assert (posted.sent_now, len(posted.calls)) == (50, 10)
    assert persons(posted.calls) == persons(sorted(posted.calls, key=lambda row: row.key))
    world.assert_whole()


def test_nothing_but_ids_and_reasons_is_kept_of_a_person(world: World) -> None:
    names = [{"family": "CANARYNAME", "given": ["X"]}]
    world.person("ana", "a", name=names, telecom=[{"system": "phone", "value": "CANARYPHONE"}])
    world.person("bea", "b", portal=False, name=names, telecom=[{"system": "phone", "value": "CANARYPHONE"}])
    world.plan().post()
    kept = b"".join(path.read_bytes() for path in world.folder.glob("*.sqlite*"))
    assert len(kept) > 10_000
    assert b"CANARY" not in kept
    assert b"place for you" not in kept


def test_the_run_is_closed_with_what_was_done(world: World) -> None:
    world.person("ana", "a")
    world.person("bea", "b", portal=False)
    world.person("cam", "c", active=False)
    world.plan()
    with world.ledger() as ledger:
        run = world.run(ledger)
        with ledger.lease("night", "early") as lease, pytest.raises(NotWhole):
            ledger.finish(lease, run, "{}")
    world.post()
    with world.ledger() as ledger, ledger.lease("night", "late") as lease:
        counts = ledger.counts(run)
        assert counts.buckets == {
            Bucket.SENT: {"": 1},
            Bucket.HANDED_OVER: {"call-list": 1},
            Bucket.WITHHELD: {"inactive": 1},
        }
        assert (counts.offered, counts.holds, counts.unaccounted) == (3, 2, 0)
        assert ledger.finish(lease, run, "{}").state == "done"
        assert {i.language for i in ledger.items(run.run_id, {State.SENT})} == {"es"}


def test_the_letter_writer_is_told_what_was_read_minutes_before(world: World) -> None:
    told = []
    world.person("ana", "a", language="en")
    world.plan()
    world.change("Patient", "ana", communication=[{"language": {"coding": [{"code": "es"}]}}])
    world.post(letters=lambda planned, fresh: (told.append(fresh), letter(planned, fresh))[1])
    (fresh,) = told
    assert (fresh.language, fresh.slot, fresh.visit_start) == ("es", world.slot("a"), SOON)
    assert fresh.reply_by == reply_by(fresh.now, SOON, SETTINGS)
