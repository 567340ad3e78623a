"""Our login at a token endpoint of the tests, and time that passes only when told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from outreach.fhir.client import FhirClient
from outreach.fhir.scopes import Need
from outreach.fhir.smart import SmartLogin
from outreach.logins import Backend
from servers.signing import ec_key, jwk, write
from servers.token_server import Seen, TokenServer

NEEDS = [Need("Patient", "rs"), Need("Slot", "rus")]
SLOT: dict[str, Any] = {"resourceType": "Slot", "id": "s1", "status": "free"}
GOOD = {"access_token": "given", "token_type": "bearer", "expires_in": 300}


class Clock:
    """Seconds that pass only when told to, or slept."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def login(server: TokenServer, key: Path, clock: Clock | None = None, **more: Any) -> SmartLogin:
    clock = clock or Clock()
    backend = Backend("outreach", key, **more)
    return SmartLogin(server.base, backend, NEEDS, monotonic=clock, sleep=clock.sleep, deadline_s=5.0)


def client(server: TokenServer, auth: SmartLogin) -> FhirClient:
    return FhirClient(server.base, auth=auth, deadline_s=10.0, sleep=lambda _: None)


def asked(server: TokenServer) -> list[Seen]:
    """What the FHIR side was asked, but for its smart-configuration."""
    return [seen for seen in server.fhir if ".well-known" not in seen.path]


def ec_file(folder: Path) -> Path:
    return write(folder / "ec.json", jwk(ec_key(), kid="k1"))
