"""``outreach``: every command, its examples and its exit statuses."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from outreach import __version__
from outreach.cli.words import WHAT_IT_DOES, as_typed, named, of_path
from outreach.errors import OutreachError, Refused

#: Commands whose module has another name.
_MODULES = {"stop": "switch", "resume": "switch"}
_EXITS = """
exit statuses:
  0 done and whole           4 another run holds the lease
  1 a case failed            5 the server refuses the login, lacks a scope, or cannot do what is asked
  2 a rule, template or      6 stopped by a guard or the stop switch
    setting is wrong         7 something was sent but the night is not whole: run it again
  3 the pull was incomplete  70 an internal error
"""


def parser(command: str = "") -> argparse.ArgumentParser:
    """The command line of one command, and of the others no more than their names.

    Only what the command needs is imported: pandas, the engine and the drawing of charts take longer to load than most
    commands to run.
    """
    top = argparse.ArgumentParser(
        prog="outreach",
        description="Finds who is overdue for screening, and invites them beside a visit they already have.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"outreach {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    needed = _MODULES.get(command, command)
    for name in WHAT_IT_DOES:
        if (module := _MODULES.get(name, name)) != needed:
            named(commands, name)
        elif name not in commands.choices:
            import_module(f"outreach.cli.{module}").add_to(commands)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. Messages go to stderr, answers to stdout."""
    words = sys.argv[1:] if words is None else words
    command = next((word for word in words if not word.startswith("-")), "")
    arguments = parser(command).parse_args(words)
    try:
        status: int = arguments.does(arguments)
        return status
    except Refused as refusal:
        print(f"{as_typed(str(refusal), arguments)}\n\nNothing was contacted.", file=sys.stderr)
        return refusal.exit_status
    except OutreachError as error:
        print(f"outreach: {as_typed(str(error), arguments)}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("outreach: interrupted; run it again to finish what was planned", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None or arguments.command == "run":
            return _internal(error)
        print(f"outreach: {of_path(error)}", file=sys.stderr)
        return Refused.exit_status
    except Exception as error:  # noqa: BLE001  (the last door: a traceback could hold a person's data)
        return _internal(error)


def _internal(error: Exception) -> int:
    """Type and place of an internal error, never its message: that may hold data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "unknown place"
    print(f"outreach: internal error {type(error).__name__} at {place}. Please report it.", file=sys.stderr)
    if os.environ.get("OUTREACH_DEBUG"):
        raise error
    return 70
