"""No more requests a second than a site allows."""

from __future__ import annotations

import pytest

from outreach.fhir.pace import Pace


def starts(per_second: float, requests: int, pauses: float = 0.0) -> list[float]:
    """When each request may start, on a clock that only sleeping and ``pauses`` between requests move."""
    at, found = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        at[0] += seconds

    pace = Pace(per_second, sleep, lambda: at[0])
    for _ in range(requests):
        pace.wait()
        found.append(at[0])
        at[0] += pauses
    return found


@pytest.mark.parametrize("per_second", [1, 3, 50])
@pytest.mark.parametrize("pauses", [0.0, 0.1, 2.0])
def test_no_second_holds_more_than_are_allowed(per_second: int, pauses: float) -> None:
    found = starts(per_second, 200, pauses)
    assert max(sum(start <= each <= start + 1 for each in found) for start in found) <= per_second


def test_a_quiet_time_buys_no_burst() -> None:
    found = starts(10, 5, pauses=10.0)
    assert found == [0.0, 10.0, 20.0, 30.0, 40.0]


def test_no_limit_is_no_wait() -> None:
    assert set(starts(0, 100)) == {0.0}
