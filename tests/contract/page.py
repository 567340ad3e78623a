"""docs/servers.md: written from what was measured, and read back by the tests."""

from __future__ import annotations

from pathlib import Path

from contract.ground import SERVERS, TITLES
from contract.questions import RIGHT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "servers.md"
Measured = dict[str, dict[str, str]]
"""Question, server, answer."""

HEAD = """# What real servers do

Measured by `python tests/contract/deviations.py > docs/servers.md`, which starts each server, asks it over plain HTTP,
and writes this page. `pytest tests/contract` measures again and fails where an answer differs from the page, so this
page is not edited by hand. A cell in **bold** differs from what the column before it asks for.

"""

FOOT = """
What the engine does about the bold ones:

- **Several resources from one key**: the server looks and then makes, with a gap between. One sender at a time holds
  the lease of the ledger, and where two bear a key the message is quarantined.
- **409 for a former version**: 409 and 412 alike are a lost race; in a create, 409 is an unknown outcome, read back.
- **If-Match of what does not exist makes it anew**: 201 to an update is an unknown outcome, never a hold.
- **No next link though rows are missing**: the rows are compared with the total; the pull is refused, nothing is kept.
- **Half a transaction kept**: no transaction is ever sent; batches hold only entries that are safe to repeat.
- **A person's bare id finds nobody**: `patient` is always sent with the type, `Patient/ID`.
- **An unknown parameter finds nobody**: only the parameters above are sent about people, and what comes back is judged
  again row by row.
- **An instant with an offset is misread**: instants are sent in UTC.
- **No `deleted`, no `count`**: what an export brings is compared with the server's own counts.

Medplum's router is the npm package with its repository in memory, behind HTTP of ours: tests/servers/medplum/README.md.
"""


def write_page(measured: Measured) -> str:
    """The page. ``measured`` has every question; a server that was never measured has no answer there."""
    lines = [["asked", "FHIR R4, or what we need", *(TITLES[name] for name in SERVERS)]]
    lines.append(["---"] * len(lines[0]))
    for question, answers in measured.items():
        right = RIGHT[question]
        lines.append([question, right, *(_cell(answers.get(name, "not measured"), right) for name in SERVERS)])
    return HEAD + "".join(f"| {' | '.join(line)} |\n" for line in lines) + FOOT


def read_page(text: str) -> Measured:
    """The answers on a page."""
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    return {row[0]: {name: cell.strip("*") for name, cell in zip(SERVERS, row[2:], strict=True)} for row in rows}


def _cell(answer: str, right: str) -> str:
    return answer if not right or answer in right.split(" or ") else f"**{answer}**"
