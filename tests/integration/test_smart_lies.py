"""Token endpoints that lie, fall over or send us elsewhere; and secrets that never leave."""

from __future__ import annotations

import base64
import json
import logging
import time
import traceback
from pathlib import Path
from typing import Any

import pytest

from integration.smart_world import GOOD, NEEDS, SLOT, Clock, asked, client, ec_file, login
from outreach.errors import OutcomeUnknown, OutreachError, ServerFault, ServerRefused
from outreach.fhir.keys import public_keys
from outreach.fhir.smart import SmartLogin
from outreach.logins import Backend
from servers.signing import ec_key, jwk, rsa_key, write
from servers.token_server import TokenServer


@pytest.fixture(params=["ES384", "RS384"])
def key(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = ec_key() if request.param == "ES384" else rsa_key()
    return write(tmp_path / "key.json", jwk(made, kid="k1"))


@pytest.fixture
def ec(tmp_path: Path) -> Path:
    return ec_file(tmp_path)


def test_an_assertion_says_what_the_standard_asks_and_is_good_once(key: Path) -> None:
    with TokenServer() as server:
        auth = login(server, key, jwks_url="https://a.example.org/jwks")
        for _ in range(3):
            assert auth.refused(auth.headers())
        told = server.tokens.assertions(public_keys(key))
    now = time.time()
    for header, claims in told:
        rest = {"kid": "k1", "typ": "JWT", "jku": "https://a.example.org/jwks"}
        assert header == {"alg": header["alg"], **rest}
        assert header["alg"] == public_keys(key)["keys"][0]["alg"]
        assert claims.keys() == {"iss", "sub", "aud", "exp", "iat", "jti"}
        assert (claims["iss"], claims["sub"], claims["aud"]) == ("outreach", "outreach", server.token_url)
        assert 200 < claims["exp"] - now <= 240
        assert claims["exp"] - claims["iat"] <= 300
    assert len({claims["jti"] for _, claims in told}) == 3
    form = server.tokens.seen[0].form
    assert form.keys() == {"grant_type", "scope", "client_assertion_type", "client_assertion"}
    assert form["scope"] == "system/Patient.rs system/Slot.rs system/Slot.u"


def test_the_token_goes_home_and_only_the_assertion_to_the_other_host(ec: Path) -> None:
    with TokenServer() as server:
        client(server, login(server, ec)).search("Patient")
        assert [seen.headers.get("authorization") for seen in asked(server)] == ["Bearer token-1"]
        assert [seen for seen in server.fhir if ".well-known" in seen.path and "authorization" in seen.headers] == []
        assert [seen for seen in server.tokens.seen if "authorization" in seen.headers] == []


@pytest.mark.parametrize(
    ("capabilities", "form", "scope"),
    [
        (("permission-v1", "permission-v2"), "", "system/Patient.rs system/Slot.rs system/Slot.u"),
        (("permission-v1",), "", "system/Patient.read system/Slot.read system/Slot.write"),
        ((), "", "system/Patient.read system/Slot.read system/Slot.write"),
        ((), "v2", "system/Patient.rs system/Slot.rs system/Slot.u"),
        (("permission-v2",), "v1", "system/Patient.read system/Slot.read system/Slot.write"),
    ],
)
def test_scopes_are_written_as_the_server_says_or_the_settings(
    capabilities: tuple[str, ...], form: str, scope: str, ec: Path
) -> None:
    with TokenServer(capabilities=capabilities) as server:
        login(server, ec, form=form).headers()
        assert server.tokens.seen[0].form["scope"] == scope


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_server_that_is_away_has_not_said_how_it_writes_scopes(status: int, ec: Path) -> None:
    """Even where the settings name the token endpoint: the older scopes would be asked for all night."""
    with TokenServer() as server:
        server.troubles = [status] * 4
        ours = login(server, ec, token_url=server.token_url)
        with pytest.raises(ServerFault, match=str(status)):
            ours.headers()
        assert server.tokens.seen == []
        ours.headers()
        assert server.tokens.seen[0].form["scope"] == "system/Patient.rs system/Slot.rs system/Slot.u"


@pytest.mark.parametrize("status", [404, 500])
def test_a_server_without_a_configuration_is_taken_to_know_the_older_scopes(status: int, ec: Path) -> None:
    with TokenServer() as server:
        server.troubles = [status] * 4
        login(server, ec, token_url=server.token_url).headers()
        assert "system/Patient.read" in server.tokens.seen[0].form["scope"]


def test_the_settings_take_the_place_of_a_wrong_word(ec: Path) -> None:
    with TokenServer(discovery=b"<html>log in</html>") as server:
        with pytest.raises(ServerRefused, match="names no token endpoint"):
            login(server, ec).headers()
        login(server, ec, token_url=server.token_url).headers()
        login(server, ec, token_url=server.token_url, scopes=("system/*.*",)).headers()
        assert [seen.form["scope"] for seen in server.tokens.seen][1] == "system/*.*"
        assert len(server.fhir) == 2, "nothing is looked up that the settings say"


@pytest.mark.parametrize(
    ("discovery", "told"),
    [
        (b"", r"names no token endpoint \(404\)\. Set server\.auth\.smart\.token_url"),
        ({"token_endpoint": 7}, "names no token endpoint"),
        ({"token_endpoint": "http://auth.example.org/token"}, "is plain http"),
        ({"token_endpoint": "https://me:canary@auth.example.org/token"}, "must hold no login"),
        ({"token_endpoint": "/auth/token"}, "is no https address"),
        ([], "names no token endpoint"),
    ],
)
def test_a_token_endpoint_that_cannot_be_trusted_is_not_asked(discovery: Any, told: str, ec: Path) -> None:
    with TokenServer() as server:
        server.discovery = discovery
        with pytest.raises(ServerRefused, match=told) as refused:
            client(server, login(server, ec)).search("Patient")
        assert "canary" not in str(refused.value)
        assert (server.tokens.seen, asked(server)) == ([], [])


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (401, {"error": "invalid_client", "error_description": "canary"}, ServerRefused, "invalid_client.*--jwks"),
        (400, {"error": "invalid_scope"}, ServerRefused, r"invalid_scope.*smart\.scopes"),
        (400, {"error": "canary"}, ServerRefused, "answered 400"),
        (403, b"<html>canary</html>", ServerRefused, "refuses it .403"),
        (404, b"canary", ServerRefused, "answered 404. Is token_url right"),
        (200, b"<html>Please log in, canary</html>", ServerFault, "holds no token"),
        (200, b"", ServerFault, "holds no token"),
        (200, {"token_type": "bearer", "expires_in": 300}, ServerFault, "holds no token"),
        (200, GOOD | {"access_token": "canary\r\nX: y"}, ServerFault, "holds no token"),
        (200, {"access_token": "canary", "token_type": "bearer"}, ServerFault, "expires_in"),
        (200, GOOD | {"access_token": "canary", "expires_in": 0}, ServerFault, "expires_in"),
        (200, GOOD | {"access_token": "canary", "expires_in": "soon"}, ServerFault, "expires_in"),
        (200, GOOD | {"access_token": "canary", "expires_in": True}, ServerFault, "expires_in"),
        (200, GOOD | {"access_token": "canary", "token_type": "mac"}, ServerFault, "another type than bearer"),
        (200, {"access_token": "canary", "expires_in": 300}, ServerFault, "another type than bearer"),
    ],
)
def test_an_answer_that_is_no_token_is_told_without_its_words(
    status: int, body: Any, kind: type[Exception], told: str, ec: Path
) -> None:
    with TokenServer() as server:
        server.tokens.answer(status, body)
        with pytest.raises(kind, match=told) as caught:
            client(server, login(server, ec)).search("Patient")
        assert "canary" not in "".join(traceback.format_exception(caught.value))
        assert len(server.tokens.seen) == 1, "what is no passing trouble is not tried again"
        assert asked(server) == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_of_the_assertion_is_not_followed(status: int, ec: Path) -> None:
    with TokenServer() as server, TokenServer() as other:
        server.tokens.answer(status, b"", Location=other.token_url)
        with pytest.raises(ServerRefused, match="redirects"):
            login(server, ec).headers()
        assert other.tokens.seen == []


@pytest.mark.parametrize("trouble", [429, 500, 503, 400])
def test_passing_trouble_is_tried_again_with_another_assertion(trouble: int, ec: Path) -> None:
    """A bare 400 too: one vendor gives it now and then."""
    clock = Clock()
    with TokenServer() as server:
        server.tokens.answer(trouble, b"", Retry_After="7")
        server.tokens.answer(trouble, b"")
        login(server, ec, clock).headers()
        told = server.tokens.assertions(public_keys(ec))
    assert len({claims["jti"] for _, claims in told}) == 3
    assert clock.slept[0] == 7.0


def test_an_endpoint_that_is_away_is_a_fault_and_a_write_that_waited_for_it_was_not_sent(ec: Path) -> None:
    with TokenServer() as server:
        server.discovery = {"token_endpoint": "http://127.0.0.1:9/token"}
        with pytest.raises(ServerFault, match="login: the server cannot be reached") as caught:
            client(server, login(server, ec)).update(SLOT, if_match='W/"1"')
        assert not isinstance(caught.value, OutcomeUnknown)
        assert asked(server) == []


@pytest.mark.parametrize(
    ("granted", "told"),
    [
        ("system/Patient.rs system/Slot.u", r"does not grant system/Slot\.rs\."),
        ("system/Patient.rs system/Slot.rs", r"does not grant system/Slot\.u\."),
        ("", r"does not grant system/Patient\.rs, system/Slot\.rs, system/Slot\.u\."),
    ],
)
def test_less_than_was_asked_is_refused_before_any_effect(granted: str, told: str, ec: Path) -> None:
    with TokenServer() as server:
        server.tokens.grants = lambda asked: granted
        for call in (lambda c: c.search("Patient"), lambda c: c.update(SLOT, if_match='W/"1"')):
            with pytest.raises(ServerRefused, match=told):
                call(client(server, login(server, ec)))
        assert asked(server) == []


def test_an_answer_without_scopes_has_granted_what_was_asked(ec: Path) -> None:
    """https://www.rfc-editor.org/rfc/rfc6749#section-5.1"""
    with TokenServer() as server:
        server.tokens.answer(200, GOOD)
        assert login(server, ec).headers() == {"Authorization": "Bearer given"}


def test_a_clock_that_is_wrong_is_told(ec: Path) -> None:
    with TokenServer() as server:
        server.tokens.answer(401, {"error": "invalid_client"}, Date="Sun, 01 Mar 2026 12:00:00 GMT")
        slow = SmartLogin(server.base, Backend("outreach", ec), NEEDS, now=lambda: 1772366400.0 - 400)
        with pytest.raises(ServerRefused, match="Our clock is 400 s behind the server's"):
            slow.headers()


def test_no_key_no_assertion_and_no_token_in_a_log_an_error_or_a_file(
    key: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    private = key.read_text()
    texts: list[str] = []
    with TokenServer() as server:
        auths = [login(server, key) for _ in range(4)]
        ours = [client(server, auth) for auth in auths]
        for n, (status, body) in enumerate([(200, GOOD), (401, {"error": "invalid_client"}), (500, b""), (307, b"")]):
            server.tokens.answer(status, body, Location=server.token_url)
            for call in (lambda c: c.search("Patient"), lambda c: c.update(SLOT, if_match='W/"1"')):
                try:
                    call(ours[n])
                except OutreachError as error:
                    texts += [repr(error), *traceback.format_exception(error)]
            texts += [repr(auths[n]._grant and auths[n]._grant.token), repr(auths[n]._grant)]  # type: ignore[union-attr]
            texts += [repr(auths[n].__dict__), repr(ours[n].__dict__), repr(ours[n].transport.__dict__)]
        secrets = {seen.form["client_assertion"] for seen in server.tokens.seen}
        secrets |= {part for each in secrets for part in each.split(".")[1:]}
        secrets |= {f"token-{n}" for n in range(1, 9)} | {"Bearer given", "given'"}
    secrets |= {str(json.loads(private)[part]) for part in ("d", "p", "q") if part in json.loads(private)}
    texts += [record.getMessage() for record in caplog.records] + list(capfd.readouterr())
    texts += [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file() and path != key]
    everything = "\n".join(texts)
    assert len(secrets) > 8
    assert [secret for secret in secrets if secret in everything] == []
    assert [s for s in secrets if base64.b64encode(s.encode()).decode().rstrip("=") in everything] == []
    assert len(server.tokens.seen) > 4, "the canary did travel"
