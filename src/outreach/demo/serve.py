"""The child process of ``demo.server``: a sekmet-fhir server on this machine, until its standard input ends.

    python -m outreach.demo.serve --data DIR --port 0

prints ``LISTENING <port>`` once it is bound. It ends when its parent does, however that ended, and leaves its database.
"""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from sekmet.config import Settings, SimulatorSettings, ValidationSettings
from sekmet.main import create_app

HOST = "127.0.0.1"


def settings(data: Path, port: int) -> Settings:
    """A quiet, strict server that acts on nothing by itself. Its base_url must be right: its next links use it."""
    return Settings(
        base_url=f"http://{HOST}:{port}/fhir",
        host=HOST,
        port=port,
        data_dir=str(data),
        simulator=SimulatorSettings(enabled=False, delay_seconds=0),
        validation=ValidationSettings(inbound="strict"),
        log_inbound=False,
        own_private_key_path=str(data / "server-key.pem"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    listener = socket.create_server((HOST, chosen.port))
    port = listener.getsockname()[1]
    app = create_app(settings(chosen.data, port))
    logging.getLogger().setLevel(logging.WARNING)
    # A demo's data can be made again: no need to wait for the disk at each of thousands of small commits.
    app.state.ctx.store.conn.execute("PRAGMA synchronous=OFF")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_keep_alive=60))
    threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    print(f"LISTENING {port}", flush=True)
    server.run(sockets=[listener])


def _end_with_parent(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
