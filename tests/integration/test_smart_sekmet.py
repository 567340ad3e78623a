"""Logging in to a real server that others wrote, and that keeps the rules of SMART Backend Services."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outreach.doctor import examine
from outreach.errors import ServerRefused
from outreach.fhir import bulk
from outreach.fhir.bulk import Poll
from outreach.fhir.client import FhirClient
from outreach.fhir.keys import public_keys
from outreach.fhir.scopes import Need
from outreach.fhir.smart import SmartLogin
from outreach.logins import Backend
from outreach.pull import pull
from servers.sekmet_server import SLOT, put
from servers.sekmet_smart import Loader, SmartServer, smart_server
from servers.signing import ec_key, jwk, pem, rsa_key, write

READS = [Need("Patient", "rs"), Need("Condition", "rs"), Need("Slot", "rs")]
SENDS = [Need("Patient", "rs"), Need("Condition", "rs"), Need("Slot", "rus"), Need("Communication", "crs")]
CLIENT, RSA_CLIENT = "outreach", "outreach-rsa"
KEYS = {"keys": [jwk(ec_key(), kid="ec"), jwk(ec_key(), kid="older")]}
PEOPLE: list[dict[str, Any]] = [{"resourceType": "Patient", "id": f"p{n}"} for n in range(3)]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("keys") / "keys.json", KEYS)


@pytest.fixture(scope="module")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("rsa") / "key.pem", pem(rsa_key()))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, keys: Path, rsa: Path) -> Iterator[SmartServer]:
    clients = {CLIENT: (public_keys(keys), "system/*.*"), RSA_CLIENT: (public_keys(rsa), "system/*.*")}
    with smart_server(tmp_path_factory.mktemp("server"), clients) as server:
        put(FhirClient(server.base, auth=Loader()), [*PEOPLE, SLOT])
        yield server


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[SmartServer]:
    """A server whose administrator lets us read everything, and write nothing; its tokens live 2 seconds."""
    clients = {CLIENT: (public_keys(keys), "system/*.read")}
    with smart_server(tmp_path_factory.mktemp("reader"), clients, token_lifetime=2) as server:
        put(FhirClient(server.base, auth=Loader()), PEOPLE)
        yield server


def client(server: SmartServer, auth: SmartLogin) -> FhirClient:
    return FhirClient(server.base, auth=auth, deadline_s=20.0, sleep=lambda _: None)


@pytest.mark.parametrize("form", ["v1", "v2", ""])
@pytest.mark.parametrize("alg", ["ES384", "RS384"])
def test_both_algorithms_and_both_forms_of_scopes_are_let_in(
    server: SmartServer, keys: Path, rsa: Path, alg: str, form: str
) -> None:
    ways = {"ES384": Backend(CLIENT, keys, form=form), "RS384": Backend(RSA_CLIENT, rsa, form=form)}
    auth = SmartLogin(server.base, ways[alg], SENDS)
    assert len(client(server, auth).search("Patient")) == 3
    grant = auth.grant()
    assert (grant.alg, grant.token.life_s) == (alg, 300.0)
    assert ("system/Slot.u" in grant.token.scopes) is (form != "v1"), "the server lists permission-v2"


@pytest.mark.parametrize("key_id", ["", "ec", "older"])
def test_during_a_rotation_the_old_key_and_the_new_are_let_in(server: SmartServer, keys: Path, key_id: str) -> None:
    auth = SmartLogin(server.base, Backend(CLIENT, keys, key_id), READS)
    assert auth.grant().kid == (key_id or "ec")


def test_a_write_goes_through_with_the_scopes_of_a_night(server: SmartServer, keys: Path) -> None:
    ours = client(server, SmartLogin(server.base, Backend(CLIENT, keys), SENDS))
    slot = ours.read("Slot", "s1")
    assert slot is not None
    ours.update({**slot.resource, "status": "busy-tentative"}, if_match=slot.etag)
    key = ("urn:outreach:campaign", "b" * 64)
    message = {
        "resourceType": "Communication",
        "status": "completed",
        "identifier": [{"system": key[0], "value": key[1]}],
    }
    assert ours.create(message, if_none_exist=key).existed is False
    with pytest.raises(ServerRefused, match="403"):
        ours.delete("Slot", "s1")


def test_the_server_is_strict_so_that_these_tests_mean_something(server: SmartServer, keys: Path) -> None:
    """An assertion of more than 300 s, for another audience, or a second time, is refused; ours never is."""
    backend = Backend(CLIENT, keys, "ec", form="v2")
    early = SmartLogin(server.base, backend, READS, now=lambda: time.time() + 100)
    with pytest.raises(ServerRefused, match=r"\(invalid_client\).*Our clock is 1[0-5][0-9] s ahead of the server's"):
        early.headers()
    elsewhere = server.token_url.replace("127.0.0.1", "localhost")
    with pytest.raises(ServerRefused, match="invalid_client"):
        SmartLogin(server.base, Backend(CLIENT, keys, "ec", token_url=elsewhere, form="v2"), READS).headers()
    for apart in (-200, -20, 20):
        SmartLogin(server.base, backend, READS, now=lambda by=apart: time.time() + by).headers()  # type: ignore[misc]
    again = SmartLogin(server.base, backend, READS)
    for _ in range(5):
        assert again.refused(again.headers())


def test_a_key_that_is_not_registered_is_refused_in_words(server: SmartServer, tmp_path: Path) -> None:
    stranger = write(tmp_path / "key.json", jwk(ec_key()))
    with pytest.raises(ServerRefused, match=r"invalid_client.*outreach doctor --jwks"):
        SmartLogin(server.base, Backend(CLIENT, stranger), READS).headers()
    with pytest.raises(ServerRefused, match="invalid_client"):
        SmartLogin(server.base, Backend("nobody", stranger), READS).headers()


def test_a_missing_write_scope_stops_before_anything_is_asked(reader: SmartServer, keys: Path) -> None:
    ours = client(reader, SmartLogin(reader.base, Backend(CLIENT, keys), SENDS))
    with pytest.raises(ServerRefused, match=r"does not grant system/Communication\.c, system/Slot\.u\."):
        ours.search("Patient")
    older = client(reader, SmartLogin(reader.base, Backend(CLIENT, keys, form="v1"), SENDS))
    with pytest.raises(ServerRefused, match=r"does not grant system/Communication\.write, system/Slot\.write\."):
        older.search("Patient")


def test_a_dry_run_needs_no_write_scope(reader: SmartServer, keys: Path) -> None:
    assert len(client(reader, SmartLogin(reader.base, Backend(CLIENT, keys), READS)).search("Patient")) == 3


def test_a_bulk_job_outlives_its_token(reader: SmartServer, keys: Path) -> None:
    """This server wants system/* for an export, as the settings say. Start, state and files each ask for the login."""
    auth = SmartLogin(reader.base, Backend(CLIENT, keys, scopes=("system/*.read",)), READS)
    ours, tokens = client(reader, auth), [auth.headers()]
    job = bulk.start(ours, ["Patient"])
    assert job is not None
    time.sleep(2.1)
    export = bulk.wait(ours, job, Poll(first_s=0.1))
    tokens.append(auth.headers())
    time.sleep(2.1)
    assert bulk.fetch(ours, export.files[0], export.login).body.count(b"\n") == 3
    tokens.append(auth.headers())
    assert len({each["Authorization"] for each in tokens}) == 3


def test_where_an_export_wants_more_scope_the_pull_goes_by_search(
    server: SmartServer, keys: Path, tmp_path: Path
) -> None:
    ours = client(server, SmartLogin(server.base, Backend(CLIENT, keys), READS))
    manifest = pull(ours, ["Patient", "Slot"], tmp_path / "landing")
    assert manifest.method == {"Patient": "search", "Slot": "search"}


def test_the_doctor_says_how_we_are_let_in(server: SmartServer, reader: SmartServer, keys: Path) -> None:
    found = {f.name: f for f in examine(client(server, SmartLogin(server.base, Backend(CLIENT, keys), SENDS)))}
    assert found["login"].says == "The server gives a token for an assertion signed with ES384; it lives 300 s."
    assert (found["read-scopes"].ok, found["write-scopes"].ok) == (True, True)
    lenient = SmartLogin(reader.base, Backend(CLIENT, keys), SENDS, lenient=True)
    found = {f.name: f for f in examine(client(reader, lenient), writes=False)}
    assert (found["read-scopes"].ok, found["search"].ok, found["write-scopes"].ok) == (True, True, False)
    assert found["write-scopes"].says == "Not granted: system/Communication.c, system/Slot.u."
    wide = SmartLogin(reader.base, Backend(CLIENT, keys, scopes=("system/*.read",)), READS, lenient=True)
    found = {f.name: f for f in examine(client(reader, wide), writes=False)}
    assert "more than a night needs: system/*.read" in found["read-scopes"].says
    assert "That is short" in found["login"].follows


def test_a_night_without_its_scopes_ends_with_exit_5_and_sends_nothing(
    reader: SmartServer, keys: Path, tmp_path: Path
) -> None:
    config = tmp_path / "outreach.yaml"
    config.write_text(
        f"server:\n  url: {reader.base}\n  auth:\n    smart: {{client_id: {CLIENT}, key_file: {keys}}}\n"
        "site: {name: Riverton, phone: '555-0100', time_zone: America/New_York}\n"
        "programmes: [{rule: hcc-surveillance}]\nhome: home\nmode: live\nallow_draft_on_loopback: true\n",
        encoding="utf-8",
    )
    live = outreach("run", "--config", config, "--as-of", "2026-03-02")
    assert live.returncode == 5, live.stderr
    assert "does not grant system/Communication.c, system/Slot.u." in live.stderr
    told = outreach("doctor", "--config", config, "--json")
    assert told.returncode == 5, told.stderr
    findings = {each["name"]: each["ok"] for each in json.loads(told.stdout.splitlines()[-1])["findings"]}
    assert (findings["login"], findings["read-scopes"], findings["write-scopes"]) == (True, True, False)
    shown = outreach("doctor", "--config", config, "--jwks")
    assert json.loads(shown.stdout) == public_keys(keys)


def outreach(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "outreach", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
