"""Measures every server that can run here and prints docs/servers.md.

    python tests/contract/deviations.py > docs/servers.md

A server that cannot run here keeps what the page says of it now.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from contract.ground import SERVERS, ground, unavailable  # noqa: E402
from contract.page import PAGE, Measured, read_page, write_page  # noqa: E402
from contract.questions import MEASURES  # noqa: E402


def main() -> None:
    measured: Measured = read_page(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    for name in SERVERS:
        if reason := unavailable(name):
            print(f"{name} is left as it was: {reason}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as room, ground(name, Path(room)) as place:
            for question, ask in MEASURES.items():
                measured.setdefault(question, {})[name] = ask(place)
    print(write_page({question: measured[question] for question in MEASURES}), end="")


if __name__ == "__main__":
    main()
