"""One thing that was tried on a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing tried. ``ok`` None: it was not tried, or the try proved nothing. Two plain sentences beside it."""

    name: str
    ok: bool | None
    says: str
    follows: str
