"""The life of a token: renewed in time, by one for all; ended early; and the key behind it that changes."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from integration.smart_world import GOOD, NEEDS, SLOT, Clock, asked, client, ec_file, login
from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.client import FhirClient
from outreach.fhir.keys import public_keys
from outreach.fhir.smart import SmartLogin
from outreach.logins import Backend
from servers.signing import ec_key, jwk, rsa_key, write
from servers.token_server import Seen, TokenServer


@pytest.fixture
def ec(tmp_path: Path) -> Path:
    return ec_file(tmp_path)


def test_a_token_is_renewed_when_four_fifths_of_its_life_are_over(ec: Path) -> None:
    clock = Clock()
    with TokenServer() as server:
        auth = login(server, ec, clock)
        seen = []
        for at in (0, 239, 240, 479, 480):
            clock.at = 1000.0 + at
            seen.append(auth.headers()["Authorization"])
    assert seen == [f"Bearer token-{n}" for n in (1, 1, 2, 2, 3)]


def test_a_token_of_one_second_is_a_token(ec: Path) -> None:
    with TokenServer() as server:
        server.tokens.life = 1
        ours = FhirClient(server.base, auth=SmartLogin(server.base, Backend("outreach", ec), NEEDS))
        for _ in range(3):
            assert ours.search("Patient") == []
            time.sleep(0.5)
        assert len(server.tokens.seen) == 2


def test_an_old_token_serves_while_a_new_one_cannot_be_had(ec: Path) -> None:
    clock = Clock()
    with TokenServer() as server:
        auth = login(server, ec, clock)
        auth.headers()
        for _ in range(4):
            server.tokens.answer(500)
        clock.at += 240
        assert auth.headers() == {"Authorization": "Bearer token-1"}
        assert auth.headers() == {"Authorization": "Bearer token-1"}
        assert len(server.tokens.seen) == 5, "and the endpoint is left alone for a while"
        clock.at = 1000.0 + 300
        assert auth.headers() == {"Authorization": "Bearer token-6"}


def test_a_token_that_ends_early_is_renewed_once_and_a_write_is_repeated(ec: Path) -> None:
    with TokenServer() as server:
        server.reply = lambda seen: (200, SLOT)
        ours = client(server, login(server, ec))
        ours.read("Slot", "s1")
        server.tokens.valid.clear()  # the server forgets its tokens, half their life before their time
        assert ours.update(SLOT, if_match='W/"1"').resource == SLOT
        tried = [(s.method, s.headers["authorization"]) for s in asked(server)]
        assert tried == [("GET", "Bearer token-1"), ("PUT", "Bearer token-1"), ("PUT", "Bearer token-2")]


def test_a_server_that_refuses_each_new_token_is_not_asked_for_ever(ec: Path) -> None:
    with TokenServer() as server:
        server.tokens.answer(200, GOOD)
        server.tokens.answer(200, GOOD)
        with pytest.raises(ServerRefused, match="401"):
            client(server, login(server, ec)).search("Patient")
        assert (len(server.tokens.seen), len(asked(server))) == (2, 2)


def test_many_threads_have_one_renewal_between_them(ec: Path) -> None:
    with TokenServer() as server:
        ours = client(server, login(server, ec))
        start = threading.Barrier(8)

        def work(n: int) -> None:
            start.wait()
            ours.search("Patient")

        for renewals in (1, 2):
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(work, range(8)))
            assert len(server.tokens.seen) == renewals
            server.tokens.valid.clear()  # now all eight are refused at once


def test_many_threads_wait_once_for_an_endpoint_that_never_answers(ec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(seen: Seen) -> tuple[int, bytes, dict[str, str]]:
        server.tokens.seen.append(seen)
        over.wait(20)
        return 503, b"", {}

    with TokenServer() as server:
        ours = SmartLogin(server.base, Backend("outreach", ec), NEEDS, sleep=lambda _: None, deadline_s=0.3)
        start = threading.Barrier(8)

        def work(n: int) -> str:
            start.wait()
            with pytest.raises(ServerFault) as caught:
                ours.headers()
            return str(caught.value)

        monkeypatch.setattr(server, "token", hang)
        with ThreadPoolExecutor(8) as pool:
            told = set(pool.map(work, range(8)))
        over.set()
        assert told == {"login: no whole answer within the time limit."}
        assert len(server.tokens.seen) == 4
        monkeypatch.undo()
        assert "Authorization" in ours.headers(), "a later call tries anew"


def test_a_rotated_key_is_used_at_the_next_renewal(ec: Path) -> None:
    old = jwk(ec_key(), kid="old")
    with TokenServer() as server:
        auth = login(server, write(ec, old))
        auth.refused(auth.headers())
        write(ec, {"keys": [jwk(rsa_key(), kid="new"), old]})
        auth.headers()
        told = server.tokens.assertions(public_keys(ec))
    assert [(header["kid"], header["alg"]) for header, _ in told] == [("old", "ES384"), ("new", "RS384")]


def test_a_key_that_spoils_meanwhile_is_a_refusal_and_not_an_internal_error(ec: Path) -> None:
    with TokenServer() as server:
        auth = login(server, ec)
        ec.chmod(0o644)
        with pytest.raises(ServerRefused, match="open to others"):
            client(server, auth).search("Patient")
