"""outreach preview."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.cli.rules import CODES_HELP, one_rule
from outreach.cli.words import USUAL, Commands, command, day
from outreach.compare.people import Ground
from outreach.errors import Refused
from outreach.explain.row import latest_night
from outreach.preview.data import as_json
from outreach.preview.run import preview, require_expected
from outreach.preview.words import in_words
from outreach.settings import read_settings

BY = "race,ethnicity,language,sex,age_band"
_EXAMPLES = """
examples:
  outreach preview rules/liver/new.yaml --against rules/liver/hcc-surveillance.yaml
  outreach preview new.yaml --against old.yaml --tables night/tables --as-of 2026-03-01 --by sex,language
  outreach preview new.yaml --against old.yaml --ids       who they are: for the care team only

Reads the tables of a night (the latest, or a rehearsal) and changes nothing. Numbers from 1 to 10 are
withheld, with whatever would give them back. --json is what outreach approve --preview takes.
exit status: 0 compared, 2 a rule, setting or table is wrong, 6 the new version finds another number of
people at risk than it expects
"""


def add_to(commands: Commands) -> None:
    parser = command(commands, "preview", does, _EXAMPLES)
    parser.add_argument("rule", type=Path, metavar="RULE", help="the new version: a file")
    parser.add_argument("--against", type=Path, required=True, metavar="OLD", help="the version in use: a file or name")
    add_ground(parser)
    parser.add_argument("--by", default=BY, metavar="GROUPS", help=f"default: {BY}")
    parser.add_argument("--ids", action="store_true", help="for the care team: every number, and who moves")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")


def add_ground(parser: argparse.ArgumentParser) -> None:
    """Whose tables: a site's latest night, or a folder."""
    parser.add_argument("--config", type=Path, default=USUAL, metavar="FILE", help="settings, for the "
                        "tables of its latest night (default: outreach.yaml)")  # fmt: skip
    parser.add_argument("--tables", type=Path, metavar="DIR", help="the tables of a night, instead of --config")
    parser.add_argument("--as-of", type=day, metavar="DAY", help="which night; with --tables, the day asked about")
    parser.add_argument("--codes", type=Path, metavar="DIR", help=CODES_HELP)


def ground(arguments: argparse.Namespace, by: str) -> tuple[Ground, ZoneInfo]:
    """The people to look at, and the clinic's zone.

    Raises:
        Refused: settings are wrong, there is no night, or a folder without its day.
    """
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    as_of: date | None = arguments.as_of
    if arguments.tables is not None:
        if as_of is None:
            raise Refused("say which day the tables are of: --as-of 2026-03-01")
        return Ground(arguments.tables, as_of, names), ZoneInfo("UTC")
    settings = read_settings(arguments.config)
    as_of = as_of or latest_night(settings.home)
    folders = [settings.home / kind / as_of.isoformat() / "tables" for kind in ("nights", "rehearsals")]
    tables = next((folder for folder in folders if (folder / "person.parquet").is_file()), folders[0])
    return Ground(tables, as_of, names, settings.portal_system), settings.zone


def does(arguments: argparse.Namespace) -> int:
    people, zone = ground(arguments, arguments.by)
    was, now = (one_rule(path, arguments.codes) for path in (arguments.against, arguments.rule))
    found = preview(was, now, people, zone, care_team=arguments.ids)
    print(in_words(found))
    if arguments.json:
        print(as_json(found))
    require_expected(found)
    return 0
