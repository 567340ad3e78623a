"""How the settings say that we log in, and what is said of every mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.cli.init import write_settings
from outreach.errors import Refused
from outreach.fhir.auth import BearerFromFile
from outreach.fhir.client import FhirClient
from outreach.fhir.smart import SmartLogin
from outreach.logins import Backend, EnvToken, FileToken
from outreach.settings import Settings, read_settings
from outreach.site import login
from servers.signing import ec_key, pem, write

CANARY = "canary-7731-canary"
JWT = "eyJhbGciOiJFUzM4NCJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
REST = (
    "site: {name: Riverton, phone: '555-0100', time_zone: America/New_York}\nprogrammes: [{rule: hcc-surveillance}]\n"
    "home: home\n"
)


def settings(folder: Path, auth: str) -> Settings:
    """Settings whose ``auth:`` begins on line 3; beside them a key and a token."""
    write(folder / "backend-key.pem", pem(ec_key()))
    write(folder / "token", b"abc.def")
    path = folder / "outreach.yaml"
    path.write_text(f"server:\n  url: https://fhir.example.org/r4\n  auth:{auth}\n{REST}", encoding="utf-8")
    return read_settings(path)


def smart(more: str = "") -> str:
    return f"\n    smart:\n      client_id: outreach\n      key_file: backend-key.pem\n{more}"


def test_every_way_to_log_in_can_be_written(tmp_path: Path) -> None:
    assert settings(tmp_path, " none").login is None
    assert settings(tmp_path, " {bearer_env: FHIR_TOKEN}").login == EnvToken("FHIR_TOKEN")
    assert settings(tmp_path, " {bearer_file: token}").login == FileToken(tmp_path / "token")
    found = settings(
        tmp_path, smart("      key_id: k1\n      token_url: https://auth.example.org/t\n      scopes: v1\n")
    )
    assert found.login == Backend(
        "outreach", tmp_path / "backend-key.pem", "k1", "https://auth.example.org/t", "", "v1", ()
    )
    found = settings(
        tmp_path, smart("      jwks_url: https://a.example.org/jwks\n      scopes: [system/*.rs, system/Slot.u]\n")
    )
    assert isinstance(found.login, Backend)
    assert (found.login.jwks_url, found.login.scopes) == (
        "https://a.example.org/jwks",
        ("system/*.rs", "system/Slot.u"),
    )


def test_each_way_becomes_a_login_before_anything_is_contacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert login(settings(tmp_path, " none"), []) is None
    assert isinstance(login(settings(tmp_path, " {bearer_file: token}"), []), BearerFromFile)
    assert isinstance(login(settings(tmp_path, smart()), []), SmartLogin)
    monkeypatch.delenv("FHIR_TOKEN", raising=False)
    with pytest.raises(Refused, match="FHIR_TOKEN holds no token"):
        login(settings(tmp_path, " {bearer_env: FHIR_TOKEN}"), [])
    for name, auth in [("token", " {bearer_file: token}"), ("backend-key.pem", smart())]:
        found = settings(tmp_path, auth)
        (tmp_path / name).chmod(0o640)
        with pytest.raises(Refused, match="open to others"):
            login(found, [])


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        (" {}", "3:9: error: auth must name one way to log in"),
        (" {bearer_env: A, bearer_file: token}", "3:9: error: auth must name one way to log in"),
        (" {bearers: A}", "3:10: error: auth has no key “bearers”"),
        (" {bearer_envv: A}", "did you mean “bearer_env”?"),
        (" smart", "3:9: error: auth must be written as keys and values"),
        (" {smart: yes}", "3:17: error: smart must be written as keys and values"),
        (" {bearer_env: A-B}", "3:22: error: bearer_env must be the name of an environment variable"),
        (" {bearer_file: nowhere}", "3:23: error: there is no file “nowhere” beside the settings"),
        ("\n    smart: {client_id: a}", "4:12: error: smart lacks the key “key_file”"),
        ("\n    smart: {key_file: backend-key.pem}", "4:12: error: smart lacks the key “client_id”"),
        ("\n    smart: {client_id: 7, key_file: backend-key.pem}", "4:24: error: client_id must be text"),
        (smart("      keyid: a\n"), "7:7: error: smart has no key “keyid”"),
        (smart("      token_url: http://auth.example.org/t\n"), "7:18: error: token_url is plain http: use https"),
        (smart("      token_url: auth.example.org/t\n"), "7:18: error: token_url is no https address"),
        (smart("      token_url: https://auth.example.org/t#a\n"), "token_url must hold no login and no fragment"),
        (smart("      jwks_url: file:///etc/passwd\n"), "7:17: error: jwks_url is no https address"),
        (smart("      scopes: [system/Patient.rs, 'a b']\n"), "7:35: error: this is no scope"),
        (smart("      scopes: {a: b}\n"), "7:15: error: scopes must be a list"),
    ],
)
def test_every_mistake_is_told_with_its_place(auth: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        settings(tmp_path, auth)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("auth", "place"),
    [
        (f" {{token: {CANARY}}}", "3:10"),
        (f" {{bearer: {CANARY}}}", "3:10"),
        (f" {{bearer_env: {JWT}}}", "3:22"),
        (f" {{bearer_file: 'Bearer {CANARY}'}}", "3:23"),
        (smart(f"      client_secret: {CANARY}\n"), "7:7"),
        (f"\n    smart: {{client_id: a, key_file: {{kty: EC, d: {CANARY}}}}}", "4:47"),
        (f"\n    smart: {{client_id: a, key_file: '-----BEGIN PRIVATE KEY-----{CANARY}'}}", "4:37"),
        (smart(f"      token_url: https://me:{CANARY}@auth.example.org/t\n"), "7:18"),
    ],
)
def test_a_secret_in_the_settings_is_refused_and_not_repeated(auth: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        settings(tmp_path, auth)
    assert f"{place}: error: a secret must not stand in the settings" in str(refused.value)
    assert not {word for word in (CANARY, JWT) if word in str(refused.value)}


def test_an_odd_variable_name_may_be_the_token_and_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        settings(tmp_path, f" {{bearer_env: {CANARY}}}")
    assert CANARY not in str(refused.value)


def test_the_template_of_init_shows_each_way(tmp_path: Path) -> None:
    """Each commented line, taken out of its comment, is a setting that is read."""
    path = tmp_path / "outreach.yaml"
    write_settings(path, server="https://fhir.example.org/r4", zone="America/New_York")
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("  # auth:"))
    shown = [line.replace("  # ", "  ", 1).replace("https://…", "https://a.example.org/x") for line in lines[start:]]
    block = shown[: next(n for n, line in enumerate(lines[start:]) if "jwks_url" in line) + 1]
    write(tmp_path / "backend-key.pem", pem(ec_key()))
    for way in ("bearer_env", "smart"):
        kept = [line for line in block if way == "smart" or "bearer_env" in line or "auth:" in line]
        kept = [line for line in kept if way != "smart" or "bearer_" not in line]
        path.write_text("\n".join([*lines[:start], *kept, *lines[start + len(block) :]]), encoding="utf-8")
        assert read_settings(path).login is not None


def test_a_client_is_made_of_a_login(tmp_path: Path) -> None:
    found = settings(tmp_path, smart())
    assert FhirClient(found.server, auth=login(found, [])).auth is not None
