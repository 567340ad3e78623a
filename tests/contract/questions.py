"""All questions, in the order of the page."""

from __future__ import annotations

# isort: off
from contract import pulled, written, searched, named, exported  # noqa: F401  each puts its questions down

# isort: on
from contract.measures import MEASURES, RIGHT

__all__ = ["MEASURES", "RIGHT"]
