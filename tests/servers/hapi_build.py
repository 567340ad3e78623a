"""Builds the HAPI FHIR server of ``tests/servers/hapi`` with Maven, once, into a cache outside the repository.

The cache is the folder ``OUTREACH_TEST_CACHE`` names, else ``~/.cache/outreach-tests``.  Each state of the
sources has its own folder there, ``hapi-DIGEST``; to build afresh, delete it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "hapi"
BUILD_SECONDS = 900
"""Longest time a build may take, its downloads (about 280 MB) included."""


class HapiError(RuntimeError):
    """The server could not be built or did not start; the message says why, in one sentence."""


def built_server() -> Path:
    """The folder with the built server: ``classes`` and ``lib``, a folder of jars.

    Builds it if it is not there, which needs Maven and the network; raises HapiError if that fails.
    """
    if shutil.which("java") is None:
        raise HapiError("HAPI cannot run: there is no `java` (17 or newer) on the PATH.")
    files = [SOURCE / "pom.xml", *sorted(SOURCE.glob("src/**/*.java"))]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    built = cache() / f"hapi-{digest}"
    if not built.is_dir():
        _build(built)
    return built


def cache() -> Path:
    """The cache folder, absolute; it may not exist yet."""
    return Path(os.environ.get("OUTREACH_TEST_CACHE") or Path.home() / ".cache" / "outreach-tests").absolute()


def _build(built: Path) -> None:
    """Builds into a folder beside ``built`` and renames that, so that ``built`` is whole or absent; or HapiError."""
    if shutil.which("mvn") is None:
        raise HapiError("HAPI cannot run: it is not built yet, and there is no `mvn` on the PATH to build it.")
    built.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="hapi-partial-", dir=built.parent))
    try:
        _run(["mvn", "--batch-mode", "-f", str(SOURCE / "pom.xml"), f"-Dbuild.dir={partial}", "process-classes"])
        with suppress(OSError):  # another process was first: its build is as good
            partial.rename(built)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _run(command: list[str]) -> None:
    """Runs the build command; HapiError with its first line of error when it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise HapiError(f"HAPI cannot run: its Maven build was not done after {BUILD_SECONDS} seconds.") from None
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        raise HapiError(f"HAPI cannot run: its Maven build failed: {errors[0] if errors else done.stderr.strip()}")
