"""One suite for every real server we have: what it does is on docs/servers.md, and what our client promises holds.

The first test measures each answer again: a server that changed its ways, or a page that somebody edited, is red.
The others state what the client promises whatever the page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from contract.ground import OF, ROWS, SERVERS, Ground, ground, unavailable
from contract.measures import message, slot
from contract.page import PAGE, read_page, write_page
from contract.pulled import POLL
from contract.questions import MEASURES
from outreach.errors import LostRace, OutcomeUnknown, PullIncomplete, ServerFault, SeveralMatch
from outreach.fhir.client import FhirClient
from outreach.fhir.probe import can_hold
from outreach.pull import pull, read_manifest
from servers.sekmet_server import put

MARKS = {"sekmet": (), "hapi": (pytest.mark.hapi, pytest.mark.long), "medplum": (pytest.mark.medplum,)}
CAMPAIGN = "urn:outreach:campaign"


@pytest.fixture(scope="module", params=[pytest.param(name, marks=MARKS[name]) for name in SERVERS])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    if reason := unavailable(request.param):
        pytest.skip(reason)
    with ground(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.mark.parametrize("question", MEASURES)
def test_the_page_says_what_was_measured(place: Ground, question: str) -> None:
    told = read_page(PAGE.read_text(encoding="utf-8"))[question][place.name]
    rare = {"one resource"} if told.endswith("now and then") else set()  # a race that was not lost today
    assert MEASURES[question](place) in {told} | rare, "see tests/contract/deviations.py"


def test_the_page_has_these_questions_and_no_other() -> None:
    assert list(read_page(PAGE.read_text(encoding="utf-8"))) == list(MEASURES)


def test_a_search_is_whole_or_refused(place: Ground) -> None:
    """Each row once, or a ServerFault: never the first page for the whole."""
    try:
        found = [row["id"] for row in place.client.search(OF)]
    except ServerFault:
        assert place.name == "medplum", "this server can page"
    else:
        assert sorted(found) == [f"r{n:04}" for n in range(ROWS)]


@pytest.mark.parametrize("prefer_bulk", [True, False])
def test_a_pull_is_whole_or_nothing(place: Ground, prefer_bulk: bool, tmp_path) -> None:
    try:
        told = pull(place.client, [OF], tmp_path / "landing", prefer_bulk=prefer_bulk, poll=POLL)
    except PullIncomplete:
        assert place.name == "medplum"
        assert list(tmp_path.iterdir()) == []
    else:
        assert told.totals == {OF: ROWS}
        assert read_manifest(tmp_path / "landing") == told


def test_one_key_makes_one_message_or_an_alarm(place: Ground) -> None:
    """Six clients at once, which the lease of the ledger forbids: what was made is found by its key, all of it."""
    key = (CAMPAIGN, "promised")

    def create(_: int) -> str | None:
        try:
            return str(FhirClient(place.client.base).create(message(key[1]), if_none_exist=key).resource["id"])
        except (OutcomeUnknown, SeveralMatch):
            return None

    with ThreadPoolExecutor(6) as pool:
        told = set(pool.map(create, range(6))) - {None}
    found = {row["id"] for row in place.client.search("Communication", [("identifier", "|".join(key))])}
    assert told <= found
    if len(found) > 1:
        assert place.name == "sekmet", "this server keeps a key to one resource"
        with pytest.raises(SeveralMatch):
            place.client.create(message(key[1]), if_none_exist=key)


def test_one_version_is_updated_once(place: Ground) -> None:
    put(place.client, [slot("promised")])
    seen = place.client.read("Slot", "promised")
    assert seen is not None

    def hold(who: int) -> bool:
        try:
            held = {**seen.resource, "status": "busy-tentative", "comment": f"by {who}"}
            FhirClient(place.client.base).update(held, if_match=seen.etag)
        except LostRace:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(hold, range(6))) == 1
    with pytest.raises(LostRace):
        place.client.update({**seen.resource, "comment": "late"}, if_match=seen.etag)


def test_a_deleted_resource_is_not_there(place: Ground) -> None:
    put(place.client, [{"resourceType": "Location", "id": "promised", "name": "gone"}])
    place.client.delete("Location", "promised")
    place.client.delete("Location", "promised")
    assert place.client.read("Location", "promised") is None
    assert place.client.search("Location", [("_id", "promised")]) == []


def test_a_search_that_names_people_finds_theirs_and_no_others(place: Ground) -> None:
    people = [{"resourceType": "Patient", "id": f"named{n}"} for n in range(3)]
    facts = [
        {"resourceType": "Condition", "id": each["id"], "subject": {"reference": f"Patient/{each['id']}"}}
        for each in people
    ]
    put(place.client, people)
    put(place.client, facts)
    found = place.client.search("Condition", [("patient", "Patient/named0,Patient/named2")])
    assert sorted(row["id"] for row in found) == ["named0", "named2"]


def test_a_slot_may_be_held_here(place: Ground) -> None:
    assert can_hold(place.client) is True
    assert place.client.search("Slot", [("identifier", "urn:outreach:probe|write-probe")]) == []


def test_the_page_is_as_it_would_be_written() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert write_page(read_page(text)) == text
