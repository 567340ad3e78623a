"""Reads: whole or refused, each row once, and nothing that was not asked for."""

from __future__ import annotations

import time

import pytest

from outreach.errors import Refused, ServerFault, ServerRefused
from outreach.fhir.client import FhirClient
from servers.faulty import Faulty


def client_of(server: Faulty, by_get: bool = False) -> FhirClient:
    deadline = 0.6 if any("drip" in fault for fault in server.faults) else 20.0
    return FhirClient(server.base, deadline_s=deadline, sleep=lambda seconds: None, identifiers_in_urls=by_get)


def test_a_search_gives_every_match_once_over_all_pages() -> None:
    with Faulty("repeats", "extras") as server:
        found = client_of(server).search("Patient")
    assert [row["id"] for row in found] == [f"p{n}" for n in range(7)]


def test_pages_count_what_came_and_what_came_twice() -> None:
    with Faulty("repeats") as server:
        pages = client_of(server).stream("Patient")
        sizes = [len(page) for page in pages]
    assert (sizes, pages.rows, pages.duplicates, pages.totals) == ([3, 3, 1], 7, 2, [7, 7, 7])


def test_a_search_that_names_a_person_goes_in_a_form_and_no_address_holds_the_name() -> None:
    with Faulty() as server:
        client = client_of(server)
        assert [row["id"] for row in client.search("Condition", [("patient", "Patient/p3")])] == ["c3"]
        assert [row["id"] for row in client.search("Patient", [("_id", "p1,p2")])] == ["p1", "p2"]
        assert client.total("Condition", [("patient", "p3")]) == 1
    assert {(seen.method, seen.path) for seen in server.history} == {
        ("POST", "/fhir/Condition/_search"),
        ("POST", "/fhir/Patient/_search"),
    }


def test_without_post_search_a_person_is_searched_only_if_the_settings_allow_it() -> None:
    with Faulty("post-search-405") as server:
        with pytest.raises(ServerRefused, match="identifiers_in_urls"):
            client_of(server).search("Condition", [("patient", "p3")])
        found = client_of(server, by_get=True).search("Condition", [("patient", "p3")])
    assert [row["id"] for row in found] == ["c3"]


@pytest.mark.parametrize(
    ("type_", "criterion"),
    [("Condition", ("patient", "p3")), ("Patient", ("_id", "p1")), ("Patient", ("identifier", "urn:x|1"))],
)
def test_a_filter_that_the_server_ignores_widens_nothing(type_: str, criterion: tuple[str, str]) -> None:
    with Faulty("ignores-filters") as server, pytest.raises(ServerFault, match="ignored a filter"):
        client_of(server).search(type_, [criterion])


def test_a_search_that_does_not_add_up_is_tried_twice_and_then_refused() -> None:
    with Faulty("total-high") as server:
        with pytest.raises(ServerFault, match="7 rows came, the server speaks of 8"):
            client_of(server).search("Patient")
        assert len(server.asked("GET", "from=3")) == 2


def test_totals_are_the_servers_own_or_none() -> None:
    with Faulty() as server:
        assert client_of(server).total("Patient") == 7
    with Faulty("no-totals") as server:
        assert client_of(server).total("Patient") is None


def test_a_read_gives_the_resource_with_its_version_or_none() -> None:
    with Faulty() as server:
        found = client_of(server).read("Patient", "p1")
        assert found is not None
        assert (found.resource["id"], found.etag) == ("p1", 'W/"1"')
        assert client_of(server).read("Patient", "nobody") is None


@pytest.mark.parametrize("id_", ["../Patient", "p1?x=1", "p1/$everything", "..", ""])
def test_an_id_that_leads_elsewhere_is_not_asked_for(id_: str) -> None:
    with Faulty() as server:
        with pytest.raises(ServerFault, match="an id that FHIR does not allow"):
            client_of(server).read("Patient", id_)
        assert server.history == []


@pytest.mark.parametrize("fault", ["drip", "drip-headers"])
def test_a_drip_is_not_waited_for_beyond_the_deadline(fault: str) -> None:
    """Each byte comes well within any time-out for one read; the whole would take twenty seconds."""
    with Faulty(fault) as server:
        began = time.monotonic()
        with pytest.raises(ServerFault, match="time limit"):
            client_of(server).search("Patient")
        assert time.monotonic() - began < 10.0


def test_waits_follow_the_server_within_limits() -> None:
    """57,000 years of Retry-After become five minutes; when patience is shorter than the wait, we do not ask again."""
    waits: list[float] = []
    with Faulty("429-absurd") as server:
        assert FhirClient(server.base, sleep=waits.append).total("Patient") == 7
        assert waits == [300.0]
    with Faulty("429-absurd") as server:
        with pytest.raises(ServerFault, match="429"):
            FhirClient(server.base, sleep=waits.append, patience_s=299.0).total("Patient")
        assert (waits, len(server.history)) == ([300.0], 1)


def test_plain_http_off_this_machine_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Refused, match="plain http"):
        FhirClient("http://fhir.example.org/r4")
