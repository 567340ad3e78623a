"""outreach stop and outreach resume."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime

from outreach.cli.words import Commands, add_config, as_typed, command
from outreach.ledger import Ledger
from outreach.settings import read_settings
from outreach.site import private

_STOP = """
examples:
  outreach stop --why "wrong phone number in the letter"

A night at work stops before its next message. exit status: 0 stopped, 2 settings wrong
"""
_RESUME = """
examples:
  outreach resume --why "letter corrected"

exit status: 0 resumed (or nothing was stopped), 2 settings wrong
"""


def add_to(commands: Commands) -> None:
    stop = command(commands, "stop", stops, _STOP)
    resume = command(commands, "resume", resumes, _RESUME)
    for parser, required in ((stop, True), (resume, False)):
        add_config(parser)
        parser.add_argument("--why", required=required, default="", metavar="TEXT", help="kept in the ledger")
        parser.add_argument("--who", default="", metavar="NAME", help="default: the login name")


def stops(arguments: argparse.Namespace) -> int:
    ledger, who = _ledger(arguments)
    ledger.stop(who, arguments.why)
    print(as_typed(f"stopped by {who}: {arguments.why}\nNothing is sent until: outreach resume", arguments))
    return 0


def resumes(arguments: argparse.Namespace) -> int:
    ledger, who = _ledger(arguments)
    was = ledger.stopped()
    ledger.resume(who, arguments.why)
    print(f"resumed by {who}; it was stopped by {was.who}: {was.why}" if was else "nothing was stopped")
    return 0


def _ledger(arguments: argparse.Namespace) -> tuple[Ledger, str]:
    settings = read_settings(arguments.config)
    private(settings.home)
    ledger = Ledger.open(settings.ledger, folder=settings.home, clock=lambda: datetime.now(UTC))
    return ledger, arguments.who or getpass.getuser()
