"""Starts Medplum's FHIR router, from npm, for the contract tests, and ends it.

    reason = medplum_available()          # None, or why it cannot run: hand it to pytest.skip
    with medplum_server() as base_url:    # "http://127.0.0.1:PORT/fhir"
        requests.get(f"{base_url}/Patient")

Its first use installs the packages with npm, into the cache that ``hapi_build`` names; later uses need no network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servers.hapi_build import cache

SOURCE = Path(__file__).resolve().parent / "medplum"
INSTALL_SECONDS = 300


class MedplumError(RuntimeError):
    """The packages could not be installed or the server did not start; the message says why, in one sentence."""


def medplum_available() -> str | None:
    """None when the server can run here, otherwise one sentence that says why not. Installs it if need be."""
    try:
        _installed()
    except MedplumError as error:
        return str(error)
    return None


@contextmanager
def medplum_server() -> Iterator[str]:
    """Runs a server that holds nothing; yields its base URL, without a slash at the end. Raises MedplumError."""
    command = ["node", str(_installed() / "server.mjs")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        if words[:1] != [b"LISTENING"]:
            raise MedplumError("Medplum's router cannot run: its server ended while starting.")
        yield f"http://127.0.0.1:{int(words[1])}/fhir"
    finally:
        process.terminate()
        process.communicate()


def _installed() -> Path:
    """The folder with the server and its packages; installs them if they are not there."""
    if shutil.which("node") is None:
        raise MedplumError("Medplum's router cannot run: there is no `node` on the PATH.")
    files = sorted(path for path in SOURCE.iterdir() if path.suffix in (".json", ".mjs"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder = cache() / f"medplum-{digest}"
    if not folder.is_dir():
        _install(folder, files)
    return folder


def _install(folder: Path, files: list[Path]) -> None:
    """Installs into a folder beside ``folder`` and renames that, so that ``folder`` is whole or absent."""
    if shutil.which("npm") is None:
        raise MedplumError("Medplum's router cannot run: it is not installed, and there is no `npm` to install it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="medplum-partial-", dir=folder.parent))
    try:
        for file in files:
            shutil.copy(file, partial)
        _run(["npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"], partial)
        with suppress(OSError):  # another process was first: its packages are as good
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise MedplumError(f"Medplum's router cannot run: npm was not done after {INSTALL_SECONDS} seconds.") from None
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        raise MedplumError(f"Medplum's router cannot run: npm failed: {errors[0] if errors else done.returncode}")
