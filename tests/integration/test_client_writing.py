"""Writes: always keyed, never guessed about."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.errors import LostRace, OutcomeUnknown, ServerFault, SeveralMatch
from outreach.fhir.client import FhirClient
from servers.faulty import Faulty

KEY = ("urn:outreach:campaign", "k1")


def message(value: str = "k1") -> dict[str, Any]:
    return {"resourceType": "Communication", "identifier": [{"system": KEY[0], "value": value}]}


def client_of(server: Faulty) -> FhirClient:
    return FhirClient(server.base, deadline_s=20.0, sleep=lambda seconds: None)


def made(server: Faulty) -> int:
    return len(server.rows.get("Communication", []))


def test_a_create_without_a_key_cannot_be_written_down() -> None:
    with Faulty() as server:
        client = client_of(server)
        for resource, key in [(message(), ("", "")), (message("k2"), KEY), ({"resourceType": "Slot"}, KEY)]:
            with pytest.raises(ValueError, match="needs a key"):
                client.create(resource, if_none_exist=key)
        with pytest.raises(ValueError, match="needs a key"):
            client.batch([{"resource": message(), "request": {"method": "POST", "url": "Communication"}}])
        assert server.history == []


@pytest.mark.parametrize("fault", ["", "minimal"])
def test_the_same_key_twice_is_one_resource(fault: str) -> None:
    with Faulty(*filter(None, [fault])) as server:
        first = client_of(server).create(message(), if_none_exist=KEY)
        second = client_of(server).create(message(), if_none_exist=KEY)
        assert (first.existed, second.existed) == (False, True)
        assert first.resource["id"] == second.resource["id"]
        assert made(server) == 1


@pytest.mark.parametrize("fault", ["answer-lost", "write-502", "write-garbled"])
def test_a_create_whose_answer_is_lost_is_unknown_and_not_sent_again(fault: str) -> None:
    with Faulty(fault) as server:
        with pytest.raises(OutcomeUnknown):
            client_of(server).create(message(), if_none_exist=KEY)
        assert (made(server), len(server.asked("POST", "Communication"))) == (1, 1)


def test_a_create_that_the_server_put_off_is_tried_again_with_its_key() -> None:
    with Faulty("write-503-once") as server:
        assert client_of(server).create(message(), if_none_exist=KEY).existed
        assert (made(server), len(server.asked("POST", "Communication"))) == (1, 2)


def test_several_with_one_key_are_an_alarm() -> None:
    with Faulty() as server:
        server.rows["Communication"] = [{**message(), "id": "a"}, {**message(), "id": "b"}]
        with pytest.raises(SeveralMatch):
            client_of(server).create(message(), if_none_exist=KEY)


def test_a_create_that_is_answered_with_somebody_elses_message_is_unknown() -> None:
    """Taken at its word, this answer would count as sent, and the person would hear nothing."""
    with Faulty("key-confused") as server:
        server.rows["Communication"] = [{**message("other"), "id": "a"}]
        with pytest.raises(OutcomeUnknown, match="does not bear the key"):
            client_of(server).create(message(), if_none_exist=KEY)


def test_a_create_that_never_reached_the_server_is_known_not_to_have_happened() -> None:
    with Faulty() as server:
        pass
    with pytest.raises(ServerFault) as caught:
        client_of(server).create(message(), if_none_exist=KEY)
    assert not isinstance(caught.value, OutcomeUnknown)


@pytest.mark.parametrize("fault", ["", "minimal"])
def test_an_update_moves_the_version_and_the_old_one_is_refused(fault: str) -> None:
    with Faulty(*filter(None, [fault])) as server:
        client = client_of(server)
        before = client.read("Patient", "p1")
        assert before is not None
        after = client.update({**before.resource, "active": True}, if_match=before.etag)
        assert after.etag == 'W/"2"'
        with pytest.raises(LostRace):
            client.update({**before.resource, "active": False}, if_match=before.etag)
        assert server.rows["Patient"][1]["active"] is True


@pytest.mark.parametrize("fault", ["answer-lost", "write-502", "write-garbled", "write-503-once"])
def test_an_update_whose_answer_is_lost_is_unknown(fault: str) -> None:
    """Even when a second try is refused: the first try may be the very change that made our version old."""
    with Faulty(fault) as server:
        with pytest.raises(OutcomeUnknown):
            client_of(server).update({"resourceType": "Patient", "id": "p1"}, if_match='W/"1"')
        assert server.rows["Patient"][1]["meta"]["versionId"] == "2"


@pytest.mark.parametrize("version", ["\u2603", "\ud800", "1\n2"])
def test_a_version_that_no_header_can_hold_is_a_fault_and_nothing_is_sent(version: str) -> None:
    """As a server without ETags may give it as ``meta.versionId``."""
    with Faulty() as server:
        with pytest.raises(ServerFault, match="cannot be sent in a header"):
            client_of(server).update({"resourceType": "Patient", "id": "p1"}, if_match=f'W/"{version}"')
        assert server.history == []


def test_an_update_without_a_version_cannot_be_written_down() -> None:
    with Faulty("no-versions") as server:
        found = client_of(server).read("Patient", "p1")
        assert found is not None
        with pytest.raises(ValueError, match="needs the version"):
            client_of(server).update(found.resource, if_match=found.etag)
        assert server.asked("PUT", "") == []
