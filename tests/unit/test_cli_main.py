"""The command line reads what the command needs, and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from outreach.cli.main import parser

_LOADED = """
import sys
from outreach.cli.main import parser
parser(sys.argv[1])
print(*(name for name in ("pandas", "ibis", "sqlalchemy", "nbconvert", "scipy") if name in sys.modules))
"""


def commands() -> list[str]:
    """The names in the help of the whole."""
    (names,) = [action.choices for action in parser()._actions if action.choices]
    return list(names)


@pytest.mark.parametrize("name", commands())
def test_each_command_is_there_alone_as_in_the_whole(name, capsys):
    told = []
    for which in (parser(name), parser()):
        with pytest.raises(SystemExit, match="0"):
            which.parse_args([name, "--help"])
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert told[0].startswith(f"usage: outreach {name}")


@pytest.mark.parametrize(("name", "heavy"), [("docs", ""), ("rule", ""), ("--version", ""), ("check", "ibis scipy")])
def test_what_a_command_has_no_use_for_is_not_loaded(name, heavy):
    done = subprocess.run([sys.executable, "-c", _LOADED, name], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= set(heavy.split())
