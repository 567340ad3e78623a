"""A night in the ledger: begun once, planned all or nothing, finished when its sum closes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from outreach.domain.outcome import Bucket, Outcome
from outreach.errors import NotWhole, Refused
from outreach.ledger import HoldState, Lease, Ledger, State, Wrong
from unit.test_ledger_support import NIGHT, Opener, TestClock, not_due, person, planned_run, reserve

pytest_plugins = ("unit.test_ledger_support",)


def send(ledger: Ledger, lease: Lease, name: str) -> None:
    reserve(ledger, lease, name, f"slot-{name}")
    kept = ledger.active_hold(f"key-{name}")
    assert kept is not None
    ledger.settle_hold(lease, kept, HoldState.HELD)
    ledger.claim(lease, f"key-{name}", slot=f"slot-{name}", channel="portal", language="es")
    ledger.mark(lease, f"key-{name}", State.SENT, communication=f"message-{name}")


def test_a_night_is_begun_once_however_often_it_is_asked_for(ledger: Ledger, lease: Lease, clock: TestClock) -> None:
    first = ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1")
    clock.forward(hours=3)
    assert ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1") == first


def test_another_programme_or_date_is_another_night(ledger: Ledger, lease: Lease) -> None:
    nights = [("hcc", NIGHT), ("breast", NIGHT), ("hcc", date(2026, 3, 2))]
    assert len({ledger.begin_run(lease, *night, rule_hash="r1").run_id for night in nights}) == 3


def test_a_planned_night_survives_a_crash(open_ledger: Opener, clock: TestClock) -> None:
    before = open_ledger()
    with before.lease("night", "one") as lease:
        planned_run(before, lease, person("ana"), others=("bea",))
    after = open_ledger()
    with after.lease("night", "two") as lease:
        run = after.begin_run(lease, "hcc", NIGHT, rule_hash="r1")
    assert (run.state, run.cohort) == ("planned", 2)
    assert [item.planned for item in after.items(run.run_id)] == [person("ana")]


def test_the_plan_is_written_whole_or_not_at_all(ledger: Ledger, lease: Lease) -> None:
    run = ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1")

    def outcomes() -> Iterator[Outcome]:
        yield from not_due("bea")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.plan(lease, run, [person("ana")], outcomes())
    assert ledger.items(run.run_id) == []
    assert ledger.unaccounted(run, ["ana", "bea"]) == {"ana", "bea"}
    assert ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1").state == "planning"
    assert ledger.verify_chain() == []


def test_a_night_is_not_planned_twice(ledger: Ledger, lease: Lease) -> None:
    run = planned_run(ledger, lease, person("ana"))
    with pytest.raises(Wrong, match="planned already"):
        ledger.plan(lease, run, [], [])


@pytest.mark.parametrize(
    ("invited", "others"),
    [
        ([person("ana"), person("ana")], []),
        ([person("ana")], not_due("ana")),
        ([], not_due("ana", "ana")),
        ([person("ana", "s1"), person("bea", "s1")], []),
    ],
    ids=["invited twice", "invited and not due", "decided twice", "one slot for two"],
)
def test_nobody_and_no_slot_stands_twice_in_a_plan(ledger: Ledger, lease: Lease, invited, others) -> None:  # type: ignore[no-untyped-def]
    run = ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1")
    with pytest.raises(Wrong, match="twice"):
        ledger.plan(lease, run, invited, others)


def test_the_sum_closes_only_when_everybody_has_an_outcome(ledger: Ledger, lease: Lease) -> None:
    run = planned_run(ledger, lease, person("ana"), person("bea"), others=("cam", "dee"))
    assert ledger.counts(run).unaccounted == 2
    send(ledger, lease, "ana")
    with pytest.raises(NotWhole, match="1 people"):
        ledger.finish(lease, run, "{}")
    ledger.mark(lease, "key-bea", State.WITHHELD, "opted-out")
    counts = ledger.counts(run)
    assert counts.buckets == {"sent": {"": 1}, "withheld": {"opted-out": 1}, "not_due": {"up-to-date": 2}}
    assert (counts.cohort, counts.offered, counts.unaccounted) == (4, 2, 0)
    assert ledger.finish(lease, run, '{"sent": 1}').state == "done"


def test_the_outcomes_hold_what_was_offered(ledger: Ledger, lease: Lease) -> None:
    run = planned_run(ledger, lease, person("ana"), person("bea"), others=("cam",))
    send(ledger, lease, "ana")
    ledger.mark(lease, "key-bea", State.HANDED_OVER, "no-portal-account", list_name="call-list", channel="call")
    assert ledger.outcomes(run) == [
        Outcome("ana", Bucket.SENT, "", "", "slot-ana", "visit-ana", "es", "portal"),
        Outcome("bea", Bucket.HANDED_OVER, "call-list", "call-list", "", "visit-bea", "", "call"),
        Outcome("cam", Bucket.NOT_DUE, "up-to-date"),
    ]


def test_unaccounted_names_the_missing_and_the_strangers(ledger: Ledger, lease: Lease) -> None:
    run = planned_run(ledger, lease, person("ana"), others=("bea", "eve"))
    assert ledger.unaccounted(run, ["ana", "bea", "cam"]) == {"ana", "cam", "eve"}


def test_a_night_stays_open_while_an_outcome_is_unknown(ledger: Ledger, lease: Lease) -> None:
    run = planned_run(ledger, lease, person("ana"))
    ledger.claim(lease, "key-ana", slot="", channel="portal", language="es")
    ledger.mark(lease, "key-ana", State.UNKNOWN)
    with pytest.raises(NotWhole):
        ledger.finish(lease, run, "{}")
    ledger.mark(lease, "key-ana", State.QUARANTINED, "outcome-unknown")
    assert ledger.counts(run).unaccounted == 0
    with pytest.raises(NotWhole):
        ledger.finish(lease, run, "{}")


def test_a_done_night_answers_with_the_summary_it_was_closed_with(ledger: Ledger, lease: Lease) -> None:
    run = planned_run(ledger, lease, others=("ana",))
    ledger.finish(lease, run, '{"cohort": 1}')
    again = ledger.begin_run(lease, "hcc", NIGHT, rule_hash="another rule by now")
    assert (again.state, again.summary, again.rule_hash) == ("done", '{"cohort": 1}', "r1")


def test_a_changed_rule_may_not_finish_what_another_planned(ledger: Ledger, lease: Lease) -> None:
    ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r0")
    planned_run(ledger, lease, person("ana"))
    with pytest.raises(Refused, match="the rule has changed"):
        ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r2")


def test_a_dry_run_does_not_become_live_half_way(ledger: Ledger, lease: Lease) -> None:
    ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1", mode="dry-run")
    with pytest.raises(Refused, match="dry-run"):
        ledger.begin_run(lease, "hcc", NIGHT, rule_hash="r1")


class TestTheNextNight:
    def test_it_knows_who_was_invited(self, ledger: Ledger, lease: Lease) -> None:
        planned_run(ledger, lease, person("ana"), person("bea"))
        send(ledger, lease, "ana")
        assert ledger.known(["key-ana", "key-bea", "key-cam"]) == {"key-ana": State.SENT, "key-bea": State.PLANNED}

    @pytest.mark.parametrize("left", [State.WITHHELD, State.DEFERRED])
    def test_it_may_offer_again_what_was_withheld(self, ledger: Ledger, lease: Lease, left: State) -> None:
        first = planned_run(ledger, lease, person("ana", "old"))
        ledger.mark(lease, "key-ana", left, "visit-moved")
        second = ledger.begin_run(lease, "hcc", date(2026, 3, 2), rule_hash="r1")
        ledger.plan(lease, second, [person("ana", "new")], [])
        send(ledger, lease, "ana")
        assert ledger.counts(first).buckets == {left.value: {"visit-moved": 1}}
        assert ledger.counts(second).buckets == {"sent": {"": 1}}
        assert ledger.verify_chain() == []

    def test_a_cycle_is_invited_once(self, ledger: Ledger, lease: Lease) -> None:
        planned_run(ledger, lease, person("ana"))
        send(ledger, lease, "ana")
        second = ledger.begin_run(lease, "hcc", date(2026, 3, 2), rule_hash="r1")
        with pytest.raises(Wrong, match="already sent"):
            ledger.plan(lease, second, [person("ana")], [])

    def test_what_came_of_a_message_later_leaves_its_night_as_it_was(self, ledger: Ledger, lease: Lease) -> None:
        run = planned_run(ledger, lease, person("ana"))
        send(ledger, lease, "ana")
        before = ledger.counts(run)
        for state in (State.READ, State.ACCEPTED, State.BOOKED, State.ATTENDED, State.RESULTED):
            ledger.mark(lease, "key-ana", state)
        assert ledger.counts(run) == before

    def test_it_sees_what_an_earlier_night_left_behind(self, ledger: Ledger, lease: Lease) -> None:
        planned_run(ledger, lease, person("ana"), person("bea"))
        send(ledger, lease, "ana")
        left = ledger.left_behind("hcc", date(2026, 3, 2), {State.PLANNED})
        assert [item.key for item in left] == ["key-bea"]
        assert ledger.left_behind("hcc", NIGHT, {State.PLANNED}) == []
        assert ledger.left_behind("breast", date(2026, 3, 2), {State.PLANNED}) == []
