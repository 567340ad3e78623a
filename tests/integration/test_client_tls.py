"""TLS: a certificate is always checked, and the time limit holds there too."""

from __future__ import annotations

import ipaddress
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from outreach.errors import ServerFault
from outreach.fhir.client import FhirClient
from servers.faulty import Faulty


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, with its key in the same file, that nobody but itself vouches for."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = builder.add_extension(place, critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with Faulty(tls=context(certificate)) as server:
        with pytest.raises(ServerFault, match="SSLError"):
            FhirClient(server.base, sleep=lambda seconds: None).total("Patient")
        assert server.history == []


def test_a_hospitals_own_authority_can_be_named(certificate: Path) -> None:
    with Faulty(tls=context(certificate)) as server:
        found = FhirClient(server.base, ca_file=certificate).search("Patient")
    assert len(found) == 7


@pytest.mark.parametrize("fault", ["drip", "drip-headers"])
def test_the_time_limit_holds_over_tls(fault: str, certificate: Path) -> None:
    with Faulty(fault, tls=context(certificate)) as server:
        began = time.monotonic()
        with pytest.raises(ServerFault, match="time limit"):
            FhirClient(server.base, ca_file=certificate, deadline_s=0.6).search("Patient")
        assert time.monotonic() - began < 10.0
