"""outreach doctor."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from outreach.cli.words import Commands, add_config, command
from outreach.doctor import examine
from outreach.fhir.auth import BearerFromEnv
from outreach.fhir.client import FhirClient
from outreach.settings import read_settings

_EXAMPLES = """
examples:
  outreach doctor
  outreach doctor --read-only          tries nothing that writes

Writes only a probe of its own, and removes it. exit status: 0 the night can run and hold slots,
2 settings wrong, 5 something the night needs is missing
"""
_MARK = {True: "ok", False: "NO", None: "--"}


def add_to(commands: Commands) -> None:
    help_ = "Say what the server can and cannot do. Tries it, rather than believing the server's own word."
    parser = command(commands, "doctor", does, help_, _EXAMPLES)
    add_config(parser)
    parser.add_argument("--read-only", action="store_true", help="do not try conditional create and If-Match")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def does(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.config)
    client = FhirClient(settings.server, auth=BearerFromEnv(settings.bearer_env) if settings.bearer_env else None)
    findings = examine(client, writes=not arguments.read_only)
    for finding in findings:
        print(f"{_MARK[finding.ok]}  {finding.name:<22} {finding.says}\n    {'':<22} {finding.follows}")
    if arguments.json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}))
    needed = {"version", "search", "one-key-one-resource", "holds"}
    return 5 if any(finding.ok is False and finding.name in needed for finding in findings) else 0
