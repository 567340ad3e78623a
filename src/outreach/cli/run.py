"""outreach run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from outreach.cli.words import Commands, add_config, as_typed, command, day, instant, of_path, stages
from outreach.errors import Refused
from outreach.nightly import run_night
from outreach.settings import Settings, read_settings
from outreach.site import open_site
from outreach.summary import in_words, told_stop

_EXAMPLES = """
examples:
  outreach run                                   tonight, as the settings say (dry-run or live)
  outreach run --dry-run                         everything but sending
  outreach run --as-of 2026-03-01 --json         a given day; one JSON object as the last line

A second run for the same day finishes what the first left, or sends nothing and says so.
exit status: 0 done and whole, 2 settings or rules wrong, 3 the pull was incomplete, 4 another run is at
work, 5 the server refuses, 6 stopped, 7 sent but not whole: run again
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "run", does, _EXAMPLES)
    add_config(parser)
    parser.add_argument("--as-of", type=day, metavar="DAY", help="the day to assess (default: today at the site)")
    parser.add_argument("--dry-run", action="store_true", help="send nothing, whatever the settings say")
    parser.add_argument("--clock", type=instant, metavar="INSTANT",
                        help="rehearse at another time (with a server on this machine, or dry)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    try:
        settings = read_settings(arguments.config)
        site = open_site(settings, _clock(arguments, settings), dry_run=arguments.dry_run)
    except OSError as error:
        raise Refused(of_path(error)) from None
    as_of = arguments.as_of or site.today()
    if as_of > site.today() and settings.mode == "live" and not arguments.dry_run and not settings.loopback:
        raise Refused(f"{as_of} has not come yet: a live night on a real server is today's or an earlier one")
    summary = run_night(site, as_of, dry_run=arguments.dry_run, progress=stages(quiet=not sys.stderr.isatty()))
    print(in_words(summary))
    for _, rule in site.programmes:
        if settings.mode == "live" and not arguments.dry_run and not site.may_invite(rule):
            print(f"the settings say live, but {rule.name} invites nobody: {rule.unsigned(site.today())}")
    if told := told_stop(site.ledger.stopped()):
        print(f"nothing more is sent: {as_typed(told, arguments)}")
    print(f"written to {summary.folder}")
    if arguments.json:
        print(summary.as_json())
    return 0


def _clock(arguments: argparse.Namespace, settings: Settings) -> Callable[[], datetime]:
    if arguments.clock is None:
        return lambda: datetime.now(UTC)
    if settings.mode == "live" and not arguments.dry_run and not settings.loopback:
        raise Refused("--clock is for rehearsals: a live night on a real server keeps real time")
    ahead: timedelta = arguments.clock - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead
