"""What came of an invitation."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.track import Invited, Standing, follow

NIGHT = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("slot_on", "tested_on", "today", "standing"),
    [
        (date(2026, 3, 10), None, date(2026, 3, 10), Standing.WAITING),
        (date(2026, 3, 10), None, date(2026, 3, 11), Standing.MISSED),
        (date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 11), Standing.DONE),
        (date(2026, 3, 10), NIGHT, date(2026, 3, 4), Standing.DONE),
        (date(2026, 3, 10), date(2026, 3, 1), date(2026, 3, 11), Standing.MISSED),
        (None, None, NIGHT, Standing.WAITING),
        (None, None, date(2026, 3, 3), Standing.MISSED),
    ],
)
def test_an_invitation_is_done_by_a_test_and_missed_by_its_day(slot_on, tested_on, today, standing):
    """Only a test on the day of the invitation or later counts, wherever it was done."""
    tests = {"ana": tested_on} if tested_on else {}
    (found,) = follow([Invited("ana", NIGHT, slot_on)], tests, today)
    assert found.standing is standing
    assert (found.tested_on is not None) == (standing is Standing.DONE)
