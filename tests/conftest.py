"""What all tests share: where the project is, and quiet, deterministic property tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("outreach", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("outreach")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def rules(root: Path) -> Path:
    return root / "rules"
