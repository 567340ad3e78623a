"""The key of the campaign keys: made once, kept beside the ledger, readable by its owner only."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from sqlalchemy import insert, select

from outreach.errors import Refused, at_file
from outreach.ledger import tables
from outreach.ledger.book import Book

FILE_NAME = "campaign.key"
_BYTES = 32
_MARK = tables.meta.c.name == "campaign-key-fingerprint"


class Secrets(Book):
    """The chapter on the secret."""

    _secret: bytes | None = None

    def secret(self) -> bytes:
        """The 32 bytes that campaign keys are made with; made at first use.

        The ledger remembers a fingerprint. With another secret every campaign key would differ and
        everybody would be invited a second time, so a changed or lost file is refused.

        Raises:
            Refused: the file can be read by others, is damaged, lost, or not the one of this ledger.
        """
        if self._secret is None:
            self._secret = self._known_or_made(self.folder / FILE_NAME)
        return self._secret

    def _known_or_made(self, path: Path) -> bytes:
        with self._writing() as connection:
            known = connection.scalar(select(tables.meta.c.value).where(_MARK))
            secret = _read(path) if path.exists() or known else _create(path)
            if known is None:
                connection.execute(insert(tables.meta).values(name=_MARK.right.value, value=_fingerprint(secret)))
            elif not hmac.compare_digest(known, _fingerprint(secret)):
                raise _refuse(path, "is not the key this ledger was begun with", "wrong-secret")
        return secret


def _read(path: Path) -> bytes:
    if not path.exists():
        raise _refuse(path, "is gone, and this ledger needs it", "lost-secret")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise at_file(path, f"can be read by others (mode {mode:04o})", "open-secret", f"chmod 600 {path}")
    secret = path.read_bytes()
    if len(secret) != _BYTES:
        raise _refuse(path, f"holds {len(secret)} bytes instead of {_BYTES}", "damaged-secret")
    return secret


def _create(path: Path) -> bytes:
    """Write beside, then link: no reader ever sees half a key, and no key is ever overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return _read(path)


def _fingerprint(secret: bytes) -> str:
    return hmac.new(secret, b"outreach ledger", hashlib.sha256).hexdigest()


def _refuse(path: Path, what: str, name: str) -> Refused:
    return at_file(path, what, name, "restore it from the backup that holds the ledger")
