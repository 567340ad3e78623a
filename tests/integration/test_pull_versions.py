"""Bulk Data in its three versions: what is asked, what is understood of the answers, and for how long it is waited."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import PullIncomplete, ServerFault, ServerRefused
from outreach.fhir import bulk
from outreach.fhir.client import FhirClient
from outreach.pull import Manifest, Poll, pull, read_manifest
from servers.versions import Answered, Versions, rows

TYPES = ["Patient", "Condition", "Slot", "Observation"]
BY_BULK = {"Patient": "bulk", "Condition": "bulk", "Slot": "bulk", "Observation": "absent"}


class Clock:
    """Time that passes in sleep alone."""

    def __init__(self) -> None:
        self.at, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def __call__(self) -> float:
        return self.at


def now() -> datetime:
    return datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def client_of(server: Versions, clock: Clock) -> FhirClient:
    return FhirClient(server.base, sleep=clock.sleep, monotonic=clock)


def pulled(server: Versions, folder: Path, clock: Clock | None = None, **how: Any) -> Manifest:
    return pull(client_of(server, clock or Clock()), TYPES, folder / "landing", now=now, **how)


def landed(folder: Path) -> dict[str, list[str]]:
    """The ids of each type, in the order of the files."""
    found: dict[str, list[str]] = {type_: [] for type_ in TYPES}
    for file in read_manifest(folder / "landing").files:  # type: ignore[union-attr]
        found[file.type] += [json.loads(line)["id"] for line in (folder / "landing" / file.name).open()]
    return found


WHOLE = {type_: [row["id"] for row in found] for type_, found in rows().items()}


@pytest.mark.parametrize("version", [2, 3, 4])
def test_every_version_lands_whole(version: int, tmp_path: Path) -> None:
    """Several files a type; version 3 tells them two a page."""
    with Versions(version=version) as server:
        manifest = pulled(server, tmp_path)
    assert landed(tmp_path) == WHOLE
    assert manifest.method == BY_BULK
    assert [file.name for file in manifest.files[:3]] == ["Patient.ndjson", "Patient.2.ndjson", "Patient.3.ndjson"]
    assert server.jobs == server.ended == {1}


def test_version_4_is_asked_by_post_without_lists(tmp_path: Path) -> None:
    with Versions(version=4) as server:
        pulled(server, tmp_path)
    (got,), (posted,) = server.asked("GET", "$export"), server.asked("POST", "$export")
    assert got.headers["prefer"] == "respond-async"
    assert posted.headers["prefer"] == "respond-async,separate-export-status"
    named = [(each["name"], each["valueString"]) for each in json.loads(posted.body)["parameter"]]
    assert named == [("_type", type_) for type_ in TYPES]


@pytest.mark.parametrize(("kickoff", "asked"), [("get", ["GET"]), ("post", ["POST"]), ("auto", ["GET"])])
def test_the_way_of_the_start_can_be_set(kickoff: Any, asked: list[str], tmp_path: Path) -> None:
    with Versions() as server:
        pulled(server, tmp_path, kickoff=kickoff)
    assert [seen.method for seen in server.history if "$export" in seen.path] == asked


def test_a_server_that_takes_neither_is_read_by_search(tmp_path: Path) -> None:
    with Versions(script={"$export": [Answered(400), Answered(400)]}) as server:
        assert set(pulled(server, tmp_path).method.values()) == {"search", "absent"}
    assert landed(tmp_path) == WHOLE


def test_patients_are_named_in_a_body_and_never_in_an_address() -> None:
    with Versions() as server:
        client = client_of(server, Clock())
        assert bulk.start(client, ["Patient"], since="2026-02-01T00:00:00Z", patients=["p1", "p2"]) is not None
    (seen,) = server.history
    assert (seen.method, seen.path) == ("POST", "/fhir/Patient/$export")
    assert json.loads(seen.body)["parameter"][1:] == [
        {"name": "_since", "valueInstant": "2026-02-01T00:00:00Z"},
        {"name": "patient", "valueReference": {"reference": "Patient/p1"}},
        {"name": "patient", "valueReference": {"reference": "Patient/p2"}},
    ]


def test_since_is_taken_in_utc_alone() -> None:
    with Versions() as server, pytest.raises(ValueError, match="UTC"):
        bulk.start(client_of(server, Clock()), ["Patient"], since="2026-02-01T00:00:00+05:00")
    assert server.history == []


# what the server answers once -> the seconds it is waited for at least and at most
WAITS = {
    "seconds": ("120", 120.0, 120.0),
    "an epoch in milliseconds": ("1795512343505", 300.0, 300.0),
    "a date": ("in 200 seconds", 100.0, 200.0),
    "a date long past": ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0, 0.1),
    "nonsense": ("soon", 0.0, 1.0),
    "below zero": ("-5", 0.0, 1.0),
}


@pytest.mark.parametrize("where", ["$export", "GET /fhir/job/1", "files/1/Patient/0"])
@pytest.mark.parametrize("kind", WAITS)
def test_a_busy_server_is_waited_for_as_it_asks_within_bounds(where: str, kind: str, tmp_path: Path) -> None:
    asked, least, most = WAITS[kind]
    if kind == "a date":
        asked = format_datetime(datetime.now(UTC) + timedelta(seconds=200), usegmt=True)
    clock = Clock()
    with Versions(script={where: [Answered(429, {"Retry-After": asked})]}) as server:
        assert pulled(server, tmp_path, clock).method == BY_BULK
    first = next(iter(each for each in clock.slept if each != 1.0), 0.0)
    assert least - 1 <= first <= most


@pytest.mark.parametrize("where", ["$export", "GET /fhir/job/1"])
def test_a_server_that_stays_busy_is_given_up_in_time(where: str, tmp_path: Path) -> None:
    clock = Clock()
    with (
        Versions(script={where: [Answered(429, {"Retry-After": "100"})] * 1000}) as server,
        pytest.raises(PullIncomplete, match="not done within 1 hours"),
    ):
        pulled(server, tmp_path, clock, poll=Poll(limit_s=3600))
    assert 3000 < clock.at <= 3600 + 300  # the tries of the last question are within its own patience
    assert len(server.asked("GET", where.split(" ")[-1])) < 50
    assert list(tmp_path.iterdir()) == []


def test_oracles_ten_minutes_are_kept_where_the_site_allows_them(tmp_path: Path) -> None:
    clock = Clock()
    with Versions(script={"GET /fhir/job/1": [Answered(202, {"Retry-After": "600"})]}) as server:
        pulled(server, tmp_path, clock, poll=Poll(most_s=3600))
    assert 600.0 in clock.slept


TRANSIENT = json.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "transient"}]})


@pytest.mark.parametrize(
    "answers",
    [
        [Answered(500, {}, TRANSIENT.encode())] * 9,  # the SMART server does so
        [Answered(502, {}, b"<html>")] * 9,  # a gateway that is started again
        [Answered(200, {"X-Export-Status": "202"}), Answered(200, {"X-Export-Status": "429 Too Many Requests"})],
    ],
)
def test_passing_trouble_with_a_job_is_waited_out(answers: list[Answered], tmp_path: Path) -> None:
    with Versions(script={"GET /fhir/job/1": answers}) as server:
        assert pulled(server, tmp_path).method == BY_BULK
    assert server.starts == 1


@pytest.mark.parametrize("answer", [Answered(500), Answered(200, {"X-Export-Status": "500 Internal Server Error"})])
def test_a_job_that_failed_fails_the_pull(answer: Answered, tmp_path: Path) -> None:
    with Versions(script={"GET /fhir/job/1": [answer] * 99}) as server, pytest.raises(PullIncomplete, match="500"):
        pulled(server, tmp_path)
    assert server.ended == {1}


def test_a_manifest_without_end_fails_the_pull(tmp_path: Path) -> None:
    page = {"output": [], "link": [{"relation": "next", "url": "job/1"}]}
    answers = [Answered(200, {}, json.dumps(page).encode())] * 3
    with Versions(script={"GET /fhir/job/1": answers}) as server, pytest.raises(PullIncomplete, match="no end"):
        pulled(server, tmp_path)


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("where", ["GET /fhir/job/1", "files/1/Condition/2"])
def test_what_has_expired_is_exported_once_more(where: str, status: int, tmp_path: Path) -> None:
    with Versions(script={where: [Answered(status)]}) as server:
        assert pulled(server, tmp_path).method == BY_BULK
    assert landed(tmp_path) == WHOLE
    assert server.starts == 2
    assert server.ended == {1, 2}


def test_what_expires_again_fails_the_pull(tmp_path: Path) -> None:
    with Versions(script={"/Condition/2": [Answered(410)] * 2}) as server:
        with pytest.raises(PullIncomplete, match="no longer there"):
            pulled(server, tmp_path)
        assert server.starts == 2
        assert server.ended == {1, 2}
    assert list(tmp_path.iterdir()) == []


def test_a_signed_address_that_no_longer_opens_has_expired(tmp_path: Path) -> None:
    """A file store answers 403, and to an address without our login that is no refusal of it."""
    with Versions() as files, Versions() as server:
        files.jobs |= {1, 2}
        moved = [Answered(307, {"Location": f"{files.base}/files/1/Slot/0"})] * 2
        server.script["files/1/Slot/0"] = moved[:1]
        server.script["files/2/Slot/0"] = moved[1:]
        files.script["Slot"] = [Answered(403)]
        client = FhirClient(server.base, sleep=lambda seconds: None, file_hosts=[files.base])
        assert pull(client, TYPES, tmp_path / "landing", now=now).method == BY_BULK
    assert server.starts == 2


def test_a_redirect_is_relative_to_the_file(tmp_path: Path) -> None:
    with Versions(script={"files/1/Slot/0": [Answered(307, {"Location": "./0"})]}) as server:
        assert pulled(server, tmp_path).method == BY_BULK
    assert server.starts == 1


def test_a_file_that_our_login_may_not_read_is_a_refusal(tmp_path: Path) -> None:
    with Versions(script={"files/1/Slot/0": [Answered(403)]}) as server, pytest.raises(ServerRefused):
        pulled(server, tmp_path)
    assert server.starts == 1


def test_another_job_of_ours_is_waited_for(tmp_path: Path) -> None:
    """Some servers allow one at a time. It ends when the server has had enough of it."""
    clock = Clock()
    with Versions(one_job=True) as server:
        server.jobs.add(0)

        def sleep(seconds: float) -> None:
            clock.sleep(seconds)
            if clock.at > 1000:
                server.ended.add(0)

        client = FhirClient(server.base, sleep=sleep, monotonic=clock)
        assert pull(client, TYPES, tmp_path / "landing", now=now).method == BY_BULK
    assert server.starts == 1


def test_the_longest_file_is_not_left_for_the_end(tmp_path: Path) -> None:
    """Two at a time: alone at the end, it would keep one hand busy while the other rests."""
    with Versions(per_file=100) as server:
        for kind, rows_ in [*((f"Kind{letter}", 1) for letter in "ABCDEFGHIJKL"), ("KindZ", 40)]:
            server.rows[kind] = [{"resourceType": kind, "id": f"k{n}"} for n in range(rows_)]
        pull(client_of(server, Clock()), list(server.rows), tmp_path / "landing", now=now)
    began = ["/KindZ/" in seen.path for seen in server.asked("GET", "/files/")]
    assert len(began) == 16
    assert began.index(True) < 5


def test_searches_are_eight_at_a_time_at_most(tmp_path: Path) -> None:
    with Versions(latency=0.05) as server:
        server.rows |= {f"Kind{chr(65 + n)}": [] for n in range(20)}
        client = FhirClient(server.base)
        pull(client, list(server.rows), tmp_path / "landing", prefer_bulk=False, now=now)
    assert 3 < server.most_at_once <= 8


def test_no_more_requests_a_second_than_a_site_allows(tmp_path: Path) -> None:
    """In any second, and over all threads; as the server sees it."""
    with Versions() as server:
        began = time.monotonic()
        client = FhirClient(server.base, requests_per_second=12)
        pull(client, TYPES, tmp_path / "landing", prefer_bulk=False, now=now)
        seconds = time.monotonic() - began
    times = sorted(server.times)
    assert len(times) > 15
    assert max(sum(start <= each < start + 1 for each in times) for start in times) <= 12
    assert seconds < 3 * len(times) / 12


def test_a_start_that_names_no_state_is_no_start() -> None:
    with Versions(script={"$export": [Answered(202)]}) as server, pytest.raises(ServerFault, match="where its state"):
        bulk.start(client_of(server, Clock()), ["Patient"])
