"""The demo: a real server, synthetic people, and the night that ``outreach run`` runs, dry and then live."""

from __future__ import annotations

import fcntl
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from outreach.demo import story
from outreach.demo.load import load
from outreach.demo.review import choose, write_sheet
from outreach.demo.settings import write_demo_settings
from outreach.errors import at_file
from outreach.fhir.client import FhirClient
from outreach.nightly import run_night
from outreach.settings import read_settings
from outreach.site import Site, open_site, private
from outreach.summary import Summary
from outreach.synth import generate

ZONE = ZoneInfo("America/New_York")
_MARK = ".outreach-demo"
#: Background records (visits for other reasons, routine labs) as a share of what a hospital has.
_BACKGROUND = 0.3


@dataclass(frozen=True)
class Demo:
    """A demo night that has been run."""

    home: Path
    site: Site
    as_of: date
    summary: Summary
    sheet: Path
    key: Path


@contextmanager
def prepared(home: Path) -> Iterator[Path]:
    """An empty folder for the demo, until the end of the block; one of an earlier demo is replaced.

    Raises:
        Refused: the folder holds something else, or a demo that is still up.
    """
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).is_file():
            raise at_file(
                home, "the folder holds something that is not a demo", "not-a-demo", "Name another: --home DIR"
            )
        with (home / _MARK).open("ab") as mark:
            _hold(home, mark)
            shutil.rmtree(home)
    private(home)
    with (home / _MARK).open("ab") as mark:
        _hold(home, mark)
        yield home


def _hold(home: Path, mark: BinaryIO) -> None:
    """Holds the folder as long as ``mark`` is open, or refuses."""
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        what = "a demo in this folder is still up"
        raise at_file(
            home, what, "demo-is-up", "End it with Ctrl-C where it runs, or name another: --home DIR"
        ) from None


def run(
    server: str, home: Path, patients: int, seed: int, as_of: date, progress: Callable[[str], None]
) -> Demo:  # fmt: skip
    """Make the people, load them, and run the night dry and live.

    The night's clock starts at half past one in the morning of ``as_of`` at the site and runs on.
    """
    client = FhirClient(server)
    progress(f"make {patients} synthetic people")
    generate(patients, seed, as_of, home / "people", background=_BACKGROUND)
    progress("load them into the server")
    load(client, home / "people")
    config = home / "outreach.yaml"
    write_demo_settings(config, server, ZONE.key)
    site = open_site(read_settings(config), site_clock(as_of))
    progress("the night, dry")
    run_night(site, as_of, dry_run=True, progress=lambda stage: progress(f"  dry: {stage}"))
    progress("the night, live")
    summary = run_night(site, as_of, dry_run=False, progress=lambda stage: progress(f"  live: {stage}"))
    folder = site.folder(as_of)
    sheet, key = write_sheet(choose(folder / "tables", seed, ZONE), private(folder / "review"), as_of)
    return Demo(home, site, as_of, summary, sheet, key)


def site_clock(as_of: date) -> Callable[[], datetime]:
    began = datetime.now(UTC)
    ahead = datetime.combine(as_of, time(1, 30), ZONE) - began
    return lambda: datetime.now(UTC) + ahead


def tell(demo: Demo) -> Iterator[str]:
    """The story of the night, line by line."""
    folder, site = demo.site.folder(demo.as_of), demo.site
    tables, worklist = folder / "tables", folder / "worklist"
    items = [item for _, rule in site.programmes for item in site.ledger.items(f"{rule.name}.{demo.as_of}")]
    parts = (
        story.ladder(folder / "report"),
        story.lists(worklist),
        story.offers(items, tables, ZONE),
        story.messages(items, site.client),
        story.calls(worklist),
        story.reasons(demo.summary),
        _ending(demo, folder),
    )
    yield f"\nThe night of {demo.as_of}: {demo.summary.cohort} people, {demo.summary.offered} offered a place."
    for part in parts:
        yield ""
        yield from part


def _program() -> str:
    """How the reader called this program, so that the next command works as printed."""
    called = Path(sys.argv[0])
    return str(called.resolve()) if called.name == "outreach" and called.is_file() else "outreach"


def _ending(demo: Demo, folder: Path) -> Iterator[str]:
    config, program = shlex.quote(str((demo.home / "outreach.yaml").resolve())), _program()
    yield "TO STOP all sending, at any moment:"
    yield f'  outreach stop --config {config} --why "…"'
    yield ""
    yield "WRITTEN"
    for what, path in (("the night", folder), ("dashboard", folder / "report" / "equity_dashboard.html"),
                       ("review sheet, blinded", demo.sheet), ("its key", demo.key)):  # fmt: skip
        yield f"  {what:<22} {path}"
    yield ""
    yield "TRY NEXT"
    yield f"  {program} explain --config {config} --rule hcc-surveillance --patient p0000001"
    yield f"  {program} demo --keep            leaves the server up for: run, doctor"
    yield f"  read {demo.sheet.resolve()} with a clinician, then compare with the key"
    yield f"  change rules/liver/hcc-surveillance.yaml, then: {program} check"
