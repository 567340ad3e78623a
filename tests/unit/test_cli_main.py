"""The command line reads what the command needs, and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from outreach.cli.main import main, parser
from outreach.cli.words import WHAT_IT_DOES

_LOADED = """
import sys
from outreach.cli.main import parser
parser(sys.argv[1])
print(*(name for name in ("pandas", "ibis", "sqlalchemy", "nbconvert", "scipy") if name in sys.modules))
"""


def test_the_help_of_the_whole_says_of_each_command_what_its_own_does(capsys):
    told = " ".join(parser().format_help().split())
    assert len(WHAT_IT_DOES) > 10
    for name, what in WHAT_IT_DOES.items():
        with pytest.raises(SystemExit, match="0"):
            parser(name).parse_args([name, "--help"])
        alone = capsys.readouterr().out
        assert alone.startswith(f"usage: outreach {name}")
        assert what in " ".join(alone.split())
        assert f" {name} {what[0].lower()}{what[1:].split('.')[0]} " in told


@pytest.mark.parametrize("words", [[], ["runn"]])
def test_what_names_no_command_is_answered_with_those_there_are(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "usage: outreach [-h] [--version] COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "heavy"), [("docs", ""), ("rule", ""), ("--version", ""), ("--help", ""), ("check", "ibis scipy")]
)
def test_what_a_command_has_no_use_for_is_not_loaded(name, heavy):
    done = subprocess.run([sys.executable, "-c", _LOADED, name], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= set(heavy.split())
