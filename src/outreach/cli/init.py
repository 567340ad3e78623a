"""outreach init."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from outreach.cli.words import USUAL, Commands, command
from outreach.errors import at_file
from outreach.settings import read_settings
from outreach.site import client_of

_EXAMPLES = """
examples:
  outreach init                                         writes outreach.yaml
  outreach init --config site.yaml --server https://fhir.example.org/r4

exit status: 0 written, 2 the file is there already
"""

TEMPLATE = """\
# The settings of one site. Paths are relative to this file. YAML 1.2.

server:
  url: {server}
  # How to log in. No secret stands in this file: it names where one is, each file with mode 0600.
  # auth:                             # one of these three; none of them: no login
  #   bearer_env: OUTREACH_TOKEN      # an environment variable that holds a token
  #   bearer_file: token              # a file that holds one, read anew for each request
  #   smart:                          # SMART Backend Services: the README says how to make and register a key
  #     client_id: the id the server's administrator gave
  #     key_file: backend-key.pem     # PEM, JWK or JWKS; EC on P-384, or RSA of 2048 bits or more
  #     key_id: the key's name        # where the file has several, or the server gave it a name of its own
  #     token_url: https://…          # where the server's own word on it is wrong or absent
  #     scopes: v2                    # v1 (Patient.read), v2 (Patient.rs) or a list; default: as the server says
  #     jwks_url: https://…           # where you publish the public keys, if you do
  # bulk: false                       # page through searches even where the server offers $export
  # bulk_kickoff: auto                # how an export is started: get, post, or whichever the server takes
  # requests_per_second: 0            # no more than these are begun; 0 for no limit
  # longest_poll_seconds: 300         # between two looks at a running export, whatever the server asks for
  # whole_pull_every_days: 7          # the nights between read only what changed; 1: every night reads everything
  # group: Group/liver-clinic         # read only this Group's members, by Bulk export: where a server exports no others
  # ca_file: hospital-ca.pem          # certificate authorities to trust instead of the usual ones
  # aliases: [https://inner.example]  # other addresses by which the server speaks of itself, behind a proxy
  # file_hosts: [https://files.example]  # where else an export's files may lie; our login never goes there
  # identifiers_in_urls: false        # true: allow ids in addresses, where the server has no search by POST

site:
  name: {name}                     # who the invitations are from
  phone: "{phone}"                      # whom to call; stands in every invitation
  # organization: Organization/1     # who the messages are from, on the server
  time_zone: {zone}          # the clinics' zone: a day is a local day

mode: dry-run                         # live sends; dry-run only shows what would be sent
# engine: spark                       # reads and works out the rules on Apache Spark; default duckdb: see docs/scale.md
# spark:
#   master: local[*]                  # the cluster's address, as spark://host:7077; local[*]: this machine alone
#   memory: 2g                        # of the driver
allow_draft_on_loopback: false        # true: let a draft rule invite when the server is on this machine

programmes:
  - rule: hcc-surveillance            # a rule in the rules folder; only a live one invites anyone
    clinic:
      horizon_days: 21                # how far ahead visits and slots are looked at
      longest_wait_minutes: 120       # between the visit and the scan
      notice_hours: 24                # from the message to the scan: time to read it, and to fast
      fasting_hours: 6
    guard:                            # outside these numbers of people nothing is sent
      cohort: [1, 1000000]
      overdue: [0, 100000]

portal:
  identifier_system: urn:outreach:portal-account    # Patient.identifier.system of a portal account

home: outreach-home                   # nights, worklists and the ledger; only its owner can open it
# rules: rules                        # a folder of your own rules (default: those that ship)
# templates: templates                # a folder of your own letters (default: those that ship)
# ledger: postgresql+psycopg://…      # default: SQLite in home
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "init", does, _EXAMPLES)
    parser.add_argument("--config", type=Path, default=USUAL, metavar="FILE")
    parser.add_argument(
        "--server", default="http://127.0.0.1:8080/fhir", metavar="URL", help="base address of the FHIR server"
    )
    parser.add_argument("--time-zone", default="America/New_York", metavar="ZONE")


def does(arguments: argparse.Namespace) -> int:
    path: Path = arguments.config
    write_settings(path, server=arguments.server, zone=arguments.time_zone)
    typed = shlex.quote(str(path))
    print(f"wrote {path}\n\nnext:\n  outreach doctor --config {typed}\n  outreach run --config {typed} --dry-run")
    return 0


def write_settings(path: Path, *, server: str, zone: str, name: str = "Your clinic", phone: str = "555-0100") -> None:
    """Write the commented settings and read them back, so that a wrong address or zone is found now.

    Raises:
        Refused: the file is there already, or an argument is wrong.
    """
    if path.exists():
        raise at_file(path, "the file is there already", "exists", "Choose another name with --config, or remove it.")
    path.write_text(TEMPLATE.format(server=server, zone=zone, name=name, phone=phone), encoding="utf-8")
    try:
        client_of(read_settings(path), None)
    except BaseException:
        path.unlink()
        raise
