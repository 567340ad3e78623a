"""Any order of plans, claims, crashes, stops and thefts keeps the ledger's promises.

A dictionary is the oracle: what it would allow, the ledger does; what it would refuse, the ledger refuses.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from outreach.domain.outcome import Bucket, Outcome
from outreach.errors import LeaseHeld, Stopped
from outreach.ledger import Hold, HoldState, Lease, Ledger, PlannedInvitation, Run, SlotChoice, State, Wrong
from outreach.ledger.states import BUCKET, OUTWARD, REOPENABLE, allowed

PEOPLE = ["ana", "bea", "cam"]
SLOTS = ["s1", "s2"]
START = datetime(2026, 3, 1, 22, tzinfo=UTC)
people, slots = st.sampled_from(PEOPLE), st.sampled_from(SLOTS)


class Nights(RuleBasedStateMachine):
    """One programme, three people, two slots, and everything that can go wrong."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.ledger = Ledger.open(self.folder / "l.sqlite", clock=lambda: START)
        self.night = date(2026, 3, 1)
        self.states: dict[str, State] = {}  # the oracle
        self.kept: dict[str, str] = {}  # slot → person
        self.sent: dict[str, int] = dict.fromkeys(PEOPLE, 0)
        self.stopped = False
        self.take_lease()
        self.plan()

    def take_lease(self) -> None:
        self.context = self.ledger.lease("night", "machine")
        self.lease: Lease = self.context.__enter__()

    def plan(self) -> None:
        """Plan whoever may be planned; everybody else is told in the same breath."""
        self.run: Run = self.ledger.begin_run(self.lease, "hcc", self.night, rule_hash="r")
        again = [p for p in PEOPLE if self.states.get(p, State.WITHHELD) in REOPENABLE]
        rest = [Outcome(p, Bucket.NOT_DUE, "invited") for p in PEOPLE if p not in again]
        self.run = self.ledger.plan(self.lease, self.run, [invitation(p) for p in again], rest)
        self.states |= dict.fromkeys(again, State.PLANNED)
        self.planned = again

    @rule(who=people, to=st.sampled_from(State))
    def mark(self, who: str, to: State) -> None:
        try:
            self.ledger.mark(self.lease, who, to, "why")
        except Wrong:
            assert not allowed(self.states[who], to) or to is State.PLANNED
        except Stopped:
            assert self.stopped
            assert to in OUTWARD
        else:
            assert allowed(self.states[who], to)
            assert not (self.stopped and to in OUTWARD)
            self.states[who] = to
            self.sent[who] += to is State.SENDING

    @rule(who=people, slot=slots)
    def hold(self, who: str, slot: str) -> None:
        try:
            kept = self.ledger.reserve(self.lease, who, slot=slot, person=who, day=self.night, mark="m", expires=START)
        except Stopped:
            assert self.stopped
            return
        free = slot not in self.kept and who not in self.kept.values()
        assert (kept is not None) == (free or self.kept.get(slot) == who)
        if kept is not None:
            self.kept[slot] = who

    @rule(who=people, end=st.sampled_from([HoldState.LOST, HoldState.RELEASED, HoldState.DOUBTFUL]))
    def let_go(self, who: str, end: HoldState) -> None:
        kept: Hold | None = self.ledger.active_hold(who)
        assert (kept.slot if kept else None) == next((s for s, p in self.kept.items() if p == who), None)
        if kept:
            self.ledger.settle_hold(self.lease, kept, end)
            del self.kept[kept.slot]

    @rule()
    def crash(self) -> None:
        """The process dies; the next one opens the same file and goes on with the same night."""
        self.context.__exit__(None, None, None)
        self.ledger.close()
        self.ledger = Ledger.open(self.folder / "l.sqlite", clock=lambda: START)
        self.take_lease()
        assert self.ledger.begin_run(self.lease, "hcc", self.night, rule_hash="r") == self.run

    @rule()
    def lose_the_lease(self) -> None:
        stale = self.lease
        self.context.__exit__(None, None, None)
        self.take_lease()
        for who in PEOPLE:
            try:
                self.ledger.mark(stale, who, State.SENDING)
            except LeaseHeld:
                continue
            raise AssertionError("a stale lease wrote")

    @rule(on=st.booleans())
    def turn_the_switch(self, on: bool) -> None:
        if on:
            self.ledger.stop("machine", "why")
        else:
            self.ledger.resume("machine")
        self.stopped = on

    @rule()
    def next_night(self) -> None:
        if not any(self.states[who] not in BUCKET for who in self.planned):
            self.night += timedelta(days=1)
            self.plan()

    @invariant()
    def the_ledger_is_what_the_oracle_says(self) -> None:
        assert self.ledger.known(PEOPLE) == self.states
        holds = {h.slot: h.person for h in map(self.ledger.active_hold, PEOPLE) if h}
        assert holds == self.kept

    @invariant()
    def the_sum_closes(self) -> None:
        counts = self.ledger.counts(self.run)
        told = sum(counts.total(bucket) for bucket in counts.buckets)
        assert (counts.cohort, told + counts.unaccounted) == (3, 3)
        unfinished = {State.PLANNED, State.SENDING, State.UNKNOWN}
        assert counts.unaccounted >= sum(self.states[who] in unfinished for who in self.planned)

    def teardown(self) -> None:
        assert self.ledger.verify_chain() == []
        self.context.__exit__(None, None, None)
        self.ledger.close()
        shutil.rmtree(self.folder)


def invitation(who: str) -> PlannedInvitation:
    return PlannedInvitation(who, who, "2026-02", "first", "order", (SlotChoice(f"first-{who}", START, START),))


Nights.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestNights = Nights.TestCase
