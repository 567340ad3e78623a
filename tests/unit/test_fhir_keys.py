"""Which private keys a login is signed with, and what is said of those that are not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from outreach.errors import Refused
from outreach.fhir.keys import public_keys, signing_key
from servers.signing import ec_key, jwk, pem, public_pem, rsa_key, write

EC, EC_OLD, RSA = ec_key(), ec_key(), rsa_key()


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES384"), (RSA, "RS384")])
@pytest.mark.parametrize("form", ["pem", "jwk", "jwks"])
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_the_key_chooses_the_algorithm(key: Any, alg: str, form: str, mode: int, tmp_path: Path) -> None:
    text = {"pem": pem(key), "jwk": jwk(key), "jwks": {"keys": [jwk(key)]}}[form]
    found = signing_key(write(tmp_path / "key", text, mode))
    assert found.alg == alg
    assert len(found.kid) == 43, "without a name a key is called by its thumbprint"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_open_to_others_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="open to others"):
        signing_key(write(tmp_path / "key", pem(EC), mode))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (pem(rsa_key(1024)), "fewer than 2048 bits"),
        (pem(ec_key(ec.SECP256R1())), "not on the curve P-384"),
        (pem(EC, b"a passphrase"), "locked by a passphrase"),
        (public_pem(EC), "only public ones"),
        ({name: value for name, value in jwk(EC).items() if name != "d"}, "is a public one"),
        (jwk(EC, use="enc"), "marked for another use than signing with ES384"),
        (jwk(RSA, alg="RS256"), "marked for another use than signing with RS384"),
        (jwk(EC, key_ops=["verify"]), "marked for another use"),
        (jwk(EC, key_ops=5), "marked for another use"),
        (jwk(EC, key_ops=None), "marked for another use"),
        ({"kty": "oct", "k": "c2VjcmV0LXNlY3JldA"}, "cannot be read as an RSA or EC key"),
        ({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA", "d": "AA"}, "cannot be read"),
        ({"keys": []}, "holds no private key"),
        ({"keys": {"a": 1}}, "holds no private key"),
        (b"{not json", "neither JSON nor PEM"),
        (b"hello", "neither JSON nor PEM"),
        (b"", "neither JSON nor PEM"),
        (b"\xff\x00", "neither JSON nor PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read as an RSA or EC key"),
        (b" " * 70_000, "too large"),
    ],
)
def test_what_is_no_fit_key_is_told_in_words_and_not_repeated(text: Any, told: str, tmp_path: Path) -> None:
    path = write(tmp_path / "key", text)
    with pytest.raises(Refused, match=told) as refused:
        signing_key(path)
    secret = text.get("d") or text.get("k") if isinstance(text, dict) else text.decode("latin-1").strip()
    assert not secret or secret not in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file"):
        signing_key(tmp_path / "key")


def test_during_a_rotation_one_key_signs_and_all_are_published(tmp_path: Path) -> None:
    keys = [jwk(EC, kid="locked away", use="enc"), jwk(RSA, kid="new", use="sig"), jwk(EC_OLD, kid="old", alg="ES384")]
    path = write(tmp_path / "keys", {"keys": keys})
    assert (signing_key(path).kid, signing_key(path).alg) == ("new", "RS384")
    assert (signing_key(path, "old").kid, signing_key(path, "old").alg) == ("old", "ES384")
    published = public_keys(path)["keys"]
    assert [(key["kid"], key["use"], key["alg"]) for key in published] == [
        ("new", "sig", "RS384"),
        ("old", "sig", "ES384"),
    ]
    assert {name for key in published for name in key} <= {"kty", "n", "e", "crv", "x", "y", "kid", "use", "alg"}


def test_pem_keys_one_below_the_other_rotate_too(tmp_path: Path) -> None:
    path = write(tmp_path / "keys.pem", pem(RSA) + pem(EC))
    assert signing_key(path).alg == "RS384"
    assert [key["kty"] for key in public_keys(path)["keys"]] == ["RSA", "EC"]


def test_the_settings_name_a_key_that_has_no_name(tmp_path: Path) -> None:
    path = write(tmp_path / "key.pem", pem(EC))
    assert signing_key(path, "outreach-2026").kid == "outreach-2026"
    assert public_keys(path, "outreach-2026")["keys"][0]["kid"] == "outreach-2026"


def test_a_name_that_no_key_has_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "keys", {"keys": [jwk(EC, kid="new"), jwk(RSA, kid="old")]})
    with pytest.raises(Refused, match="no key in it has the key_id"):
        signing_key(path, "older")


def test_a_key_never_shows_itself(tmp_path: Path) -> None:
    found = signing_key(write(tmp_path / "key", jwk(EC)))
    assert jwk(EC)["d"] not in repr(found)
    assert jwk(EC)["d"] not in str(found.public())
