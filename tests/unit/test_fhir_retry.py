"""How long to wait before asking again, and which headers may be a login."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.fhir.auth import BearerFromEnv, BearerFromFile
from outreach.fhir.filters import identifies, outside
from outreach.fhir.retry import CAP_S, pause, seconds_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("17", 17.0),
        (" 17 ", 17.0),
        ("1795512343505", CAP_S),
        ("9" * 400, CAP_S),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2099 12:00:00 GMT", CAP_S),
        ("Thu, 01 Jan 99999999999999 00:00:00 GMT", None),
        ("Thu, 01 Jan 2026 00:00:00 +9999999999999999", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_limits(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header, NOW) == seconds


def test_waits_without_a_word_from_the_server_grow_and_vary() -> None:
    for attempt, longest in enumerate((0.5, 1.0, 2.0)):
        waits = {pause(attempt, None) for _ in range(50)}
        assert longest / 2 <= min(waits) < max(waits) <= longest


@pytest.mark.parametrize("key", ["patient", "_id", "patient:Patient", "subject.name", "identifier", "address-city"])
def test_these_parameters_may_name_a_person(key: str) -> None:
    assert identifies([("status", "active"), (key, "x")])
    assert not identifies([("status", "active"), ("_count", "5"), ("schedule", "s1")])


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("_id", "a,b", True),
        ("_id", "b", False),
        ("status", "free,busy", True),
        ("status", "http://hl7.org/fhir/slotstatus|free", True),
        ("status", "busy", False),
        ("schedule", "Schedule/s1", True),
        ("schedule", "s2", False),
        ("identifier", "urn:x|1", True),
        ("identifier", "urn:x|2", False),
        ("identifier", "1", True),
        ("patient", "Patient/p1", True),
        ("patient", "p2,p1", True),
        ("patient", "p2", False),
        ("subject", "Group/g1", True),
        ("start", "ge2026-01-01", True),
    ],
)
def test_a_row_that_breaks_a_plain_criterion_is_outside(key: str, value: str, kept: bool) -> None:
    row = {
        "resourceType": "Slot",
        "id": "a",
        "status": "free",
        "schedule": {"reference": "Schedule/s1"},
        "identifier": [{"system": "urn:x", "value": "1"}],
        "participant": [{"actor": {"reference": "Patient/p1"}}, {"actor": {"reference": "Location/l1"}}],
    }
    assert outside(row, [(key, value)]) is not kept


def test_a_token_comes_from_the_environment_or_a_file_of_our_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FHIR_TOKEN", "abc.def")
    path = tmp_path / "token"
    path.write_text("abc.def\n")
    path.chmod(0o600)
    expected = {"Authorization": "Bearer abc.def"}
    assert BearerFromEnv("FHIR_TOKEN").headers() == BearerFromFile(path).headers() == expected


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_token_file_open_to_others_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("abc")
    path.chmod(mode)
    with pytest.raises(Refused, match="open to others"):
        BearerFromFile(path).headers()


@pytest.mark.parametrize("text", ["", "  \n", "a b", "a\nHost: evil", "ä"])
def test_what_is_no_token_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Refused) as refused:
        BearerFromFile(path).headers()
    assert not text.strip() or text not in str(refused.value)
    with pytest.raises(Refused):
        BearerFromEnv("OUTREACH_TEST_UNSET").headers()
