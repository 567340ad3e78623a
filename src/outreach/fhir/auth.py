"""How a request shows who it is. The client asks for the headers anew each time and sends them to the base only."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from outreach.errors import Refused


class Auth(Protocol):
    """Whatever can give the headers of a login."""

    def headers(self) -> Mapping[str, str]:
        """The headers for one request, for example ``{"Authorization": "Bearer …"}``."""
        ...


@runtime_checkable
class Renewing(Auth, Protocol):
    """A login that can be had anew."""

    def refused(self, headers: Mapping[str, str]) -> bool:
        """Told that the server answered 401 to these headers. True when other headers may be tried."""
        ...


@dataclass(frozen=True)
class BearerFromEnv:
    """A token kept in an environment variable. ``Refused`` when the variable is empty or unset."""

    variable: str

    def headers(self) -> Mapping[str, str]:
        return _bearer(os.environ.get(self.variable, ""), f"environment variable {self.variable}")


@dataclass(frozen=True)
class BearerFromFile:
    """A token kept in a file that only its owner may read. Read anew each time, so a rotated token is used at once.

    ``Refused`` when the file cannot be read, is empty, or its mode lets group or others read it.
    """

    path: Path

    def headers(self) -> Mapping[str, str]:
        try:
            mode = self.path.stat().st_mode
            text = self.path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise Refused(f"The token file {self.path.name} cannot be read.") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Refused(f"The token file {self.path.name} is open to others: give it mode 0600.")
        return _bearer(text, f"token file {self.path.name}")


def _bearer(text: str, where: str) -> dict[str, str]:
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Refused(f"The {where} holds no token.")
    return {"Authorization": f"Bearer {token}"}
