"""Private keys for tests, made as they are needed, each in a file that only its owner can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey, RSAKey

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP384R1())


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def pem(key: Private, passphrase: bytes = b"") -> bytes:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def public_pem(key: Private) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def jwk(key: Private, **marks: Any) -> dict[str, Any]:
    kind = ECKey if isinstance(key, ec.EllipticCurvePrivateKey) else RSAKey
    return dict(kind.import_key(pem(key)).as_dict(private=True)) | marks


def write(path: Path, text: bytes | dict[str, Any], mode: int = 0o600) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else json.dumps(text).encode())
    path.chmod(mode)
    return path
