"""Writes and the doctor, against a real server others wrote and against servers that break a promise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from outreach.doctor import examine
from outreach.errors import LostRace, ServerFault
from outreach.fhir.client import FhirClient
from outreach.fhir.probe import KEY, can_hold
from servers.faulty import Faulty
from servers.sekmet_server import SLOT, running

NAMES = ["version", "search", "totals", "search-by-form", "export", "one-key-one-resource", "holds", "probe-removed"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirClient]:
    with running(tmp_path_factory.mktemp("server"), [SLOT]) as client:
        yield client


def without_sleep(server: Faulty) -> FhirClient:
    return FhirClient(server.base, deadline_s=20.0, sleep=lambda seconds: None)


def test_a_slot_is_held_once(client: FhirClient) -> None:
    found = client.read("Slot", "s1")
    assert found is not None
    held = client.update({**found.resource, "status": "busy-tentative"}, if_match=found.etag)
    assert held.etag != found.etag
    with pytest.raises(LostRace):
        client.update({**found.resource, "status": "busy-tentative", "comment": "second"}, if_match=found.etag)
    now = client.read("Slot", "s1")
    assert now == held


def test_a_message_with_the_same_key_is_made_once(client: FhirClient) -> None:
    key = ("urn:outreach:campaign", "a" * 64)
    message = {
        "resourceType": "Communication",
        "identifier": [{"system": key[0], "value": key[1]}],
        "status": "completed",
    }
    first, second = client.create(message, if_none_exist=key), client.create(message, if_none_exist=key)
    assert (first.existed, second.existed) == (False, True)
    assert first.resource == second.resource
    assert client.search("Communication", [("identifier", "|".join(key))]) == [first.resource]


def test_an_invalid_resource_is_a_known_refusal_without_its_content(client: FhirClient) -> None:
    bad = {"resourceType": "Slot", "status": "Canary", "identifier": [{"system": "urn:x", "value": "1"}]}
    with pytest.raises(ServerFault, match=r"create of Slot: the server answered 400\.") as caught:
        client.create(bad, if_none_exist=("urn:x", "1"))
    assert "Canary" not in str(caught.value)


def test_the_doctor_finds_that_this_server_can_hold_and_leaves_nothing(client: FhirClient) -> None:
    findings = [finding for finding in examine(client) if finding.name in NAMES]
    assert [(finding.name, finding.ok) for finding in findings] == [(name, True) for name in NAMES]
    assert client.search("Slot", [("identifier", "|".join(KEY))]) == []
    assert client.total("Slot") == 1


def test_a_doctor_that_may_not_write_does_not() -> None:
    with Faulty() as server:
        findings = examine(without_sleep(server), writes=False)
    assert [finding.ok for finding in findings if finding.name in NAMES] == [True] * 5 + [None] * 3
    assert {seen.method for seen in server.history} == {"GET", "POST", "DELETE"}
    assert all("_search" in seen.path for seen in server.asked("POST", ""))
    assert all("job" in seen.path for seen in server.asked("DELETE", ""))


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("", {}),
        ("minimal", {}),
        ("no-totals", {"totals": False}),
        ("post-search-405", {"search-by-form": False}),
        ("ignores-filters", {"search-by-form": False}),
        ("export-404", {"export": False}),
        ("export-unlisted", {"export": False}),
        ("wrong-version-taken", {"holds": False}),
        ("key-ignored", {"one-key-one-resource": False}),
        ("no-versions", {"holds": None}),
        ("not-r4", {"version": False}),
        ("write-502", {"one-key-one-resource": None, "holds": None, "probe-removed": None}),
    ],
)
def test_the_doctor_names_the_promise_that_a_server_breaks(fault: str, broken: dict[str, bool | None]) -> None:
    with Faulty(*filter(None, [fault])) as server:
        found = examine(without_sleep(server))
        findings = {finding.name: finding.ok for finding in found if finding.name in NAMES}
        assert {name: ok for name, ok in findings.items() if ok is not True} == broken
        if fault != "write-502":
            assert server.rows.get("Slot", []) == [], "the probe was left behind"


@pytest.mark.parametrize(("fault", "holds"), [("", True), ("wrong-version-taken", False), ("no-versions", False)])
def test_only_a_server_that_refuses_a_wrong_version_may_hold(fault: str, holds: bool) -> None:
    with Faulty(*filter(None, [fault])) as server:
        assert can_hold(without_sleep(server)) is holds
        assert can_hold(without_sleep(server)) is holds


def test_a_probe_that_was_left_behind_is_used_again() -> None:
    system, value = KEY
    with Faulty() as server:
        server.rows["Slot"] = [{**SLOT, "identifier": [{"system": system, "value": value}], "comment": "wrong version"}]
        assert can_hold(without_sleep(server)) is True
        assert server.rows["Slot"] == []


def test_whether_it_can_hold_is_not_guessed_about_a_server_that_is_away() -> None:
    with Faulty() as server:
        pass
    with pytest.raises(ServerFault):
        can_hold(without_sleep(server))
