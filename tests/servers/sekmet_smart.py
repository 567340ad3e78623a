"""The real sekmet-fhir server with its login on: SMART Backend Services, strictly, for the clients it is told of.

    with smart_server(tmp_path, {"outreach": (jwks, "system/*.read")}, token_lifetime=300) as server:
        SmartLogin(server.base, Backend("outreach", key_file), needs)

It refuses an assertion that lives longer than 300 s, another audience, and a jti it has seen (401 invalid_client). The
static token ``LOADER`` may do everything, to put people there. (A client's keys are all of one type: where they are
not, version 0.1.1 falls over with a 500.)
"""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

LOADER = "loader-of-the-test"


@dataclass(frozen=True)
class SmartServer:
    base: str
    log: Path

    @property
    def token_url(self) -> str:
        return self.base.removesuffix("/fhir") + "/auth/token"


class Loader:
    """A login that may do everything."""

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {LOADER}"}


@contextmanager
def smart_server(
    folder: Path, clients: dict[str, tuple[dict[str, Any], str]], token_lifetime: int = 300
) -> Iterator[SmartServer]:
    """A server in a process of its own, which ends with the block or with this process.

    ``clients``: by id, the public keys of each and the scopes it may be given. ``token_lifetime`` is in seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = [{"client_id": name, "jwks": jwks, "scopes": scopes} for name, (jwks, scopes) in clients.items()]
    auth = {"types": ["smart", "bearer"], "tokens": [LOADER], "smart_clients": known}
    words = [str(folder), json.dumps(auth | {"token_lifetime": token_lifetime})]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline().split()[1])
        yield _ready(SmartServer(f"http://127.0.0.1:{port}/fhir", folder / "server.log"))
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


def _ready(server: SmartServer) -> SmartServer:
    until = time.monotonic() + 60.0
    while time.monotonic() < until:
        try:
            if requests.get(f"{server.base}/metadata", timeout=5).status_code == 200:
                return server
        except requests.RequestException:
            time.sleep(0.05)
    raise AssertionError(f"the server does not answer; see {server.log}")


def _main() -> None:
    import uvicorn
    from sekmet.config import ServerAuth
    from sekmet.main import create_app

    from outreach.demo.serve import settings

    folder, auth = Path(sys.argv[1]), ServerAuth.model_validate_json(sys.argv[2])
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = create_app(settings(folder, port).model_copy(update={"server_auth": auth}))
    logging.getLogger().setLevel(logging.WARNING)
    app.state.ctx.store.conn.execute("PRAGMA synchronous=OFF")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    threading.Thread(
        target=lambda: (sys.stdin.buffer.read(), setattr(server, "should_exit", True)), daemon=True
    ).start()
    print(f"LISTENING {port}", flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    _main()
