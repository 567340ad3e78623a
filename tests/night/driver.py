"""Runs one night in a process of its own and dies at a named step: ``driver.py CONFIG DAY STEP NTH``.

STEP is a stage ("assess") or a checkpoint of the sending ("held"); NTH counts its occurrences from 1.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from outreach.demo.run import site_clock
from outreach.nightly import run_night
from outreach.settings import read_settings
from outreach.site import open_site


def main(config: str, day: str, step: str, nth: str) -> None:
    as_of, seen = date.fromisoformat(day), Counter[str]()

    def die(what: object) -> None:
        word = str(what).split(" ")[0]
        seen[word] += 1
        if word == step and seen[word] == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

    site = replace(open_site(read_settings(Path(config)), site_clock(as_of)), checkpoint=die)
    print(run_night(site, as_of, dry_run=False, progress=die).as_json())


if __name__ == "__main__":
    main(*sys.argv[1:])
