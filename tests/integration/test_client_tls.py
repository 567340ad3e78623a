"""TLS: a certificate is always checked, and the time limit holds there too."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from outreach.errors import ServerFault
from outreach.fhir.client import FhirClient
from servers.certificates import certificate, context
from servers.faulty import Faulty


@pytest.fixture(scope="module", name="certificate")
def certificate_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


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
