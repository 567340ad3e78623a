"""A real FHIR server to try the engine on: sekmet-fhir, which others wrote, as a process of its own on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outreach.demo.load import load
from outreach.errors import OutreachError, ServerFault
from outreach.fhir.client import FhirClient

__all__ = ["DemoServerFailed", "load", "sekmet"]

START_S = 60.0


class DemoServerFailed(OutreachError):
    """The demo server did not start; the message names its log."""


@contextmanager
def sekmet(data_dir: Path, *, port: int = 0) -> Iterator[str]:
    """Runs a server on 127.0.0.1 and yields its base address.

    The database lies in ``data_dir``: started again on it (and on the same ``port``, if links from before must still
    hold) it has everything it had. Port 0 takes a free one. The process ends with the block, or when this process dies.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = data_dir / "server.log"
    command = [sys.executable, "-m", "outreach.demo.serve", "--data", str(data_dir), "--port", str(port)]
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603  our own module, and two values of our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
    try:
        yield _ready(process, log)
    finally:
        _end(process)


def _ready(process: subprocess.Popen[bytes], log: Path) -> str:
    """The base address, once the server answers there."""
    assert process.stdout is not None  # noqa: S101  for the type checker: it is a pipe
    words = process.stdout.readline().split()
    if words[:1] != [b"LISTENING"]:
        raise DemoServerFailed(f"The demo server did not start; see {log.name}. Is the extra outreach[demo] installed?")
    base = f"http://127.0.0.1:{int(words[1])}/fhir"
    client, until = FhirClient(base, deadline_s=5.0, sleep=lambda _: time.sleep(0.05)), time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < until:
        try:
            client.capability()
        except ServerFault:
            continue
        return base
    raise DemoServerFailed(f"The demo server does not answer; see {log.name}.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process by its handle: asked first by closing its input, then told."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
