"""What all tests share: where the project is, and quiet, deterministic property tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """One Spark for all tests of a run: it takes seconds to start."""
    from outreach.spark import missing, session

    if lacks := missing():
        pytest.skip(lacks)
    started = session("local[2]")
    yield started
    started.stop()
