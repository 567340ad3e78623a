"""An operator pulls the plug in the middle of the night: nobody gets two messages, and nobody is lost."""

from __future__ import annotations

import csv
import signal

import pytest


@pytest.mark.parametrize(
    ("step", "nth"),
    [("assess", 1), ("slot-put", 2), ("claimed", 2), ("posted", 1), ("report", 1)],
    ids=["before the plan", "a slot held, nobody told", "about to send", "sent, not written down", "all sent"],
)
def test_a_killed_night_is_finished_by_running_it_again(house, step, nth):
    """Killed with SIGKILL at a step, then run again: whole, each message once, each hold with its person."""
    assert house.run(step, nth).returncode == -signal.SIGKILL
    told = house.told(house.run())
    assert told["complete"]
    assert told["unaccounted"] == 0
    assert told["sent"] > 0
    messages = house.messages()
    assert set(messages.values()) == {1}
    assert len(messages) == told["sent"]
    assert len(house.held()) == told["holds"] == told["sent"] + _calls_with_a_slot(house)


def test_a_second_run_of_the_same_day_sends_nothing(house):
    """The counts are the whole run's again, and nothing new is sent or held."""
    first = house.told(house.run())
    before = house.messages(), sorted(slot["id"] for slot in house.held())
    second = house.told(house.run())
    assert (house.messages(), sorted(slot["id"] for slot in house.held())) == before
    assert first["sent_now"] == first["sent"] > 0
    assert second == {**first, "sent_now": 0}


def _calls_with_a_slot(house) -> int:
    rows = []
    for name in ("call-list", "interpreter-call"):
        path = house.night / "worklist" / f"{name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                rows += list(csv.DictReader(file))
    return sum(bool(row["slot"]) for row in rows)
