"""A site of its own: a real FHIR server as a process of its own, its database on disk, 250 synthetic people."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.demo.load import load
from outreach.demo.server import sekmet
from outreach.demo.settings import write_demo_settings
from outreach.fhir.client import FhirClient
from outreach.synth import generate

DAY = date(2026, 3, 2)
DRIVER = Path(__file__).with_name("driver.py")


@dataclass(frozen=True)
class House:
    """A site under test and what its server holds."""

    config: Path
    client: FhirClient
    day: date = DAY

    @property
    def night(self) -> Path:
        return self.config.parent / "home" / "nights" / DAY.isoformat()

    def run(self, step: str = "never", nth: int = 1) -> subprocess.CompletedProcess[str]:
        """One night in its own process, killed at a step when one is named."""
        words = [sys.executable, str(DRIVER), str(self.config), DAY.isoformat(), step, str(nth)]
        return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)

    def told(self, done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
        """The JSON object of a run that ended well."""
        assert done.returncode == 0, done.stderr[-2000:]
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def messages(self) -> Counter[str]:
        """Messages on the server by campaign key."""
        found = self.client.search("Communication")
        return Counter(one["identifier"][0]["value"] for one in found)

    def held(self) -> list[dict[str, Any]]:
        """Slots that carry our mark."""
        slots = self.client.search("Slot", [("status", "busy-tentative")])
        return [one for one in slots if any(i["system"] == "urn:outreach:hold" for i in one.get("identifier", []))]


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    generate(250, 6, DAY, folder, background=0.05)
    return folder


@pytest.fixture
def house(tmp_path: Path, people: Path) -> Iterator[House]:
    with sekmet(tmp_path / "server") as base:
        client = FhirClient(base)
        load(client, people)
        config = tmp_path / "outreach.yaml"
        write_demo_settings(config, base, "America/New_York")
        yield House(config, client)


Outreach = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def outreach() -> Outreach:
    """The command line, as a user runs it."""

    def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "outreach", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=cwd)

    return run
