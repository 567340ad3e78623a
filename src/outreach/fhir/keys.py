"""The private keys a site signs its logins with: read from a file of its own, never shown.

The file is a JWK, a JWKS or PEM, where several keys may stand one below the other. It is read anew for each assertion,
so a rotated key is used at once. Which keys SMART takes: RSA (RS384) and EC on P-384 (ES384),
https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html#registering-a-client-communicating-public-keys
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from outreach.errors import at_file

LEAST_BITS = 2048
MOST_BYTES = 64 * 1024
_PUBLIC = ("kty", "n", "e", "crv", "x", "y")
_PEM = re.compile(rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?-----END \1PRIVATE KEY-----", re.DOTALL)


@dataclass(frozen=True)
class SigningKey:
    """One private key. ``alg`` is RS384 or ES384; ``kid`` its own name, or its RFC 7638 thumbprint."""

    alg: str
    kid: str
    key: RSAKey | ECKey = field(repr=False)

    def public(self) -> dict[str, Any]:
        """Its public half as a JWK, for the server's administrator."""
        whole = self.key.as_dict(private=False)
        return {name: whole[name] for name in _PUBLIC if name in whole} | {
            "kid": self.kid,
            "use": "sig",
            "alg": self.alg,
        }


class _Unfit(Exception):
    """Why one key cannot be used, as the end of a sentence that begins “the key”."""


def signing_key(path: Path, key_id: str = "") -> SigningKey:
    """The key to sign with: the one named ``key_id``, else the first that is fit.

    Raises:
        Refused: the file cannot be read, is open to others, or holds no such key. Nothing of the file is repeated.
    """
    keys = _keys(path, key_id)
    named = [key for key in keys if not key_id or key.kid == key_id]
    if not named:
        raise at_file(path, "no key in it has the key_id of the settings", "no-such-key", "Or leave key_id out.")
    return named[0]


def public_keys(path: Path, key_id: str = "") -> dict[str, Any]:
    """The JWKS to register: the public half of every key in the file, the old and the new during a rotation."""
    return {"keys": [key.public() for key in _keys(path, key_id)]}


def _keys(path: Path, key_id: str) -> list[SigningKey]:
    found = _listed(path, _read(path))
    keys, whys = [], []
    for each in found:
        try:
            keys.append(_fit(each, key_id if len(found) == 1 else ""))
        except _Unfit as unfit:
            whys.append(str(unfit))
    if not keys:
        hint = "Make one with openssl as the README says: EC on P-384, or RSA of 2048 bits or more."
        raise at_file(path, f"the key {whys[0]}" if whys else "it holds no private key", "no-key", hint)
    return keys


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise at_file(path, f"the key file cannot be read: {error.strerror}", "unreadable") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise at_file(path, "the key file is open to others", "open-to-others", "Give it mode 0600: chmod 600.")
    if len(raw) > MOST_BYTES:
        raise at_file(path, "the key file is too large to be one", "too-large")
    return raw


def _listed(path: Path, raw: bytes) -> list[bytes | dict[str, Any]]:
    """The keys of a file as they stand there."""
    if not raw.lstrip().startswith(b"{"):
        return [match[0] for match in _PEM.finditer(raw)] or _no_private_key(path, raw)
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise at_file(path, "the key file is neither JSON nor PEM", "not-a-key") from None
    listed = found.get("keys", [found])
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _no_private_key(path: Path, raw: bytes) -> list[bytes | dict[str, Any]]:
    what = "it holds no private key, only public ones" if b"-----BEGIN " in raw else "it is neither JSON nor PEM"
    raise at_file(path, what, "no-key")


def _fit(found: bytes | dict[str, Any], name: str) -> SigningKey:
    """``name``: what the settings call a key that has no name of its own."""
    stated = found if isinstance(found, dict) else {}
    key = _imported(found)
    if not key.is_private:
        raise _Unfit("is a public one")
    if isinstance(key, RSAKey) and key.raw_value.key_size < LEAST_BITS:
        raise _Unfit(f"is RSA with fewer than {LEAST_BITS} bits")
    if isinstance(key, ECKey) and key.curve_name != "P-384":
        raise _Unfit("is not on the curve P-384")
    alg = "RS384" if isinstance(key, RSAKey) else "ES384"
    if stated.get("use", "sig") != "sig" or stated.get("alg", alg) != alg or not _signs(stated):
        raise _Unfit(f"is marked for another use than signing with {alg}")
    kid = stated.get("kid")
    return SigningKey(alg, kid if isinstance(kid, str) and kid else name or key.thumbprint(), key)


def _imported(found: bytes | dict[str, Any]) -> RSAKey | ECKey:
    if isinstance(found, bytes) and b"ENCRYPTED" in found:
        raise _Unfit("is locked by a passphrase")
    if isinstance(found, dict):  # without its marks, which ``_fit`` judges in words of our own
        found = {part: found[part] for part in found if part not in ("use", "alg", "key_ops")}
    for kind in (RSAKey, ECKey):
        with contextlib.suppress(JoseError, ValueError, TypeError, KeyError):
            return kind.import_key(found)
    raise _Unfit("cannot be read as an RSA or EC key")


def _signs(stated: Mapping[str, Any]) -> bool:
    uses = stated.get("key_ops", ["sign"])
    return isinstance(uses, list) and "sign" in uses
