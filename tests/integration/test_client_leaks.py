"""What must not leave: our login to another origin, a person's name into an address, a log line or an error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import OutreachError
from outreach.fhir import bulk
from outreach.fhir.bulk import Poll
from outreach.fhir.client import FhirClient
from servers.faulty import FAULTS, Faulty

CANARY = "canary-7731"
LOGIN = "login-of-the-test"
KEY = ("urn:outreach:campaign", CANARY)


class Token:
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {LOGIN}"}


def everything(client: FhirClient) -> list[Callable[[], object]]:
    """Each kind of call, each with the canary wherever a person may stand."""
    resource: dict[str, Any] = {"resourceType": "Patient", "id": "p1", "name": [{"family": CANARY}]}
    message = {"resourceType": "Communication", "identifier": [{"system": KEY[0], "value": CANARY}]}
    return [
        client.capability,
        lambda: client.search("Condition", [("patient", CANARY)]),
        lambda: client.search("Patient", [("family", CANARY)]),
        lambda: client.search("Patient"),
        lambda: client.total("Condition", [("subject:Patient", CANARY)]),
        lambda: client.update(resource, if_match='W/"1"'),
        lambda: client.create(message, if_none_exist=KEY),
        lambda: client.batch([{"resource": resource, "request": {"method": "PUT", "url": f"Patient/{CANARY}"}}]),
        lambda: bulk.wait(client, bulk.start(client, ["Patient"]) or client.base, Poll(limit_s=1)),
    ]


@pytest.mark.parametrize("fault", ["", *sorted(FAULTS.keys() - {"drip", "drip-headers", "file-drip"})])
def test_no_person_in_an_address_an_error_or_a_log_line(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    texts: list[str] = []
    with Faulty(*filter(None, [fault])) as server:
        client = FhirClient(server.base, auth=Token(), deadline_s=20.0, sleep=lambda seconds: None)
        for call in everything(client):
            try:
                call()
            except OutreachError as error:
                texts += [repr(error), *traceback.format_exception(error)]
    texts += [record.getMessage() for record in caplog.records]
    assert [text for text in texts if CANARY in text or LOGIN in text] == []
    assert [seen.path for seen in server.history if CANARY in seen.path] == []
    assert [seen for seen in server.elsewhere if LOGIN in str(seen.headers) or CANARY in seen.body] == []


def test_where_the_settings_allow_a_person_in_an_address_the_log_still_holds_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    with Faulty() as server:
        FhirClient(server.base, identifiers_in_urls=True).search("Condition", [("patient", CANARY)])
        assert CANARY in server.history[0].path
    assert [record.getMessage() for record in caplog.records if CANARY in record.getMessage()] == []


def test_the_canary_would_be_seen() -> None:
    """The test above can fail: the canary does travel, in bodies, and the server's history holds it."""
    with Faulty() as server:
        client = FhirClient(server.base, deadline_s=20.0)
        client.search("Condition", [("patient", CANARY)])
        assert CANARY in server.history[0].body


def test_redirects_are_not_followed_with_or_without_a_body() -> None:
    with Faulty("redirect-elsewhere") as server:
        client = FhirClient(server.base, auth=Token())
        for params in ([], [("patient", CANARY)]):
            with pytest.raises(OutreachError, match="307"):
                client.search("Condition", params)
    assert server.elsewhere == []


def test_proxies_and_netrc_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Faulty() as server, Faulty() as proxy:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password something\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.base)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert FhirClient(server.base).total("Patient") == 7
        assert proxy.history == []
        assert "authorization" not in server.history[0].headers
