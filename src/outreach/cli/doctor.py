"""outreach doctor."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace

from outreach.cli.words import Commands, add_config, as_typed, command
from outreach.doctor import NEEDED, examine, working
from outreach.errors import Refused
from outreach.fhir.keys import public_keys
from outreach.logins import Backend
from outreach.needs import permissions_needed
from outreach.settings import Settings, read_settings
from outreach.site import client_of, login, programmes_of

_EXAMPLES = """
examples:
  outreach doctor
  outreach doctor --read-only          tries nothing that writes
  outreach doctor --jwks               prints the public keys to register at the server; contacts nothing

Writes only a probe of its own, and removes it. exit status: 0 the night can run and hold slots,
2 settings wrong, 5 something the night needs is missing
"""
_MARK = {True: "ok", False: "NO", None: "--"}


def add_to(commands: Commands) -> None:
    parser = command(commands, "doctor", does, _EXAMPLES)
    add_config(parser)
    parser.add_argument("--read-only", action="store_true", help="do not try conditional create and If-Match")
    parser.add_argument("--jwks", action="store_true", help="print the public half of the keys in key_file, and end")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.config)
    if arguments.jwks:
        print(json.dumps(_public(settings)))
        return 0
    rules, group = [rule for _, rule in programmes_of(settings)], settings.reach.group
    needs = permissions_needed(rules, sends=not arguments.read_only, group=bool(group))
    client = client_of(settings, login(settings, needs, lenient=True))
    found = [*working(settings), *examine(client, writes=not arguments.read_only, group=group)]
    findings = [replace(each, says=as_typed(each.says, arguments)) for each in found]
    for finding in findings:
        print(f"{_MARK[finding.ok]}  {finding.name:<22} {finding.says}\n    {'':<22} {finding.follows}")
    if arguments.json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}))
    return 5 if any(finding.ok is False and finding.name in NEEDED for finding in findings) else 0


def _public(settings: Settings) -> dict[str, object]:
    if not isinstance(settings.login, Backend):
        raise Refused(
            "the settings have no key to register: write server: {auth: {smart: {client_id: …, key_file: …}}}"
        )
    return public_keys(settings.login.key_file, settings.login.key_id)
