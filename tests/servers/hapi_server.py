"""Starts a real HAPI FHIR R4 server for integration tests, and ends it.

    reason = hapi_available()          # None, or why it cannot run: hand it to pytest.skip
    with hapi_server() as base_url:    # "http://127.0.0.1:PORT/fhir"
        requests.get(f"{base_url}/Patient")

Its first use builds the server (see hapi_build.py); later uses need neither Maven nor the network.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from servers.hapi_build import HapiError, built_server

JVM_FLAGS = (
    "-Xmx2g",  # the database is in this heap too
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # a server that lives for minutes never earns back the optimising compiler
    "-Duser.timezone=UTC",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
)


def hapi_available() -> str | None:
    """None when the server can run here, otherwise one sentence that says why not.

    Builds the server if that was not done yet, so the first call may take minutes and use the network.
    """
    try:
        built_server()
    except HapiError as error:
        return str(error)
    return None


@contextmanager
def hapi_server(deadline: float = 180.0, patient_export: bool = True) -> Iterator[str]:
    """Runs a server with an empty database; yields its base URL, without a slash at the end.

    ``deadline``: seconds from the start of the process until ``/metadata`` must answer.
    ``patient_export``: whether ``Patient/$export`` works (it needs more indexes); without, loading is faster.
    Raises HapiError if the server cannot be built, ends early or misses the deadline; the folder with its
    log is then left, and the message names it.  On leaving, only the process started here is ended.
    """
    built = built_server()
    folder = Path(tempfile.mkdtemp(prefix="hapi-"))
    with (folder / "server.log").open("wb") as log:
        command = _command(built, folder, patient_export)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _ready(process, folder / "server.log", time.monotonic() + deadline)
    finally:
        _end(process)
    shutil.rmtree(folder, ignore_errors=True)


def _command(built: Path, folder: Path, patient_export: bool) -> list[str]:
    """The command that runs the server in ``built`` on a free port, with its temporary files in ``folder``."""
    settings = [f"-Djava.io.tmpdir={folder}", f"-Dhapi.patient-export={str(patient_export).lower()}"]
    classpath = f"{built / 'classes'}{os.pathsep}{built / 'lib'}{os.sep}*"
    return ["java", *JVM_FLAGS, *settings, "-cp", classpath, "testserver.HapiServer", "0"]


def _ready(process: subprocess.Popen[bytes], log: Path, until: float) -> str:
    """The base URL once ``/metadata`` answers; HapiError when the process ends or ``until`` (monotonic) passes."""
    while time.monotonic() < until:
        if process.poll() is not None:
            raise HapiError(f"HAPI ended with exit code {process.returncode} while starting; its log is {log}.")
        port = re.search(r"^LISTENING (\d+)$", log.read_text(errors="replace"), re.MULTILINE)
        if port and _answers(base := f"http://127.0.0.1:{port[1]}/fhir", until):
            return base
        time.sleep(0.2)
    raise HapiError(f"HAPI did not answer before its deadline; its log is {log}.")


def _answers(base: str, until: float) -> bool:
    """Whether ``base``/metadata answers 200 before ``until`` (monotonic), asked through no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            wait = max(0.1, until - time.monotonic())
            return session.get(f"{base}/metadata", timeout=wait).status_code == 200
        except requests.RequestException:
            return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process by its handle, by force if it is not gone after ten seconds."""
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
