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


@pytest.mark.parametrize(("name", "what"), WHAT_IT_DOES.items())
def test_the_help_of_the_whole_says_of_each_command_what_its_own_does(name, what, capsys):
    with pytest.raises(SystemExit, match="0"):
        parser(name).parse_args([name, "--help"])
    alone = capsys.readouterr().out
    assert alone.startswith(f"usage: outreach {name}")
    assert what in " ".join(alone.split())
    listed = f" {name} {what[0].lower()}{what[1:].split('.')[0]} "
    for which in (parser(), parser(name)):
        assert listed in " ".join(which.format_help().split())


@pytest.mark.parametrize("words", [[], ["runn"]])
def test_what_names_no_command_is_answered_with_those_there_are(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "usage: outreach [-h] [--version] COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--json", "check", "rules"], "unrecognized arguments: --json\n"),
        (["--dry-run", "run", "--config", "site.yaml"], "unrecognized arguments: --dry-run\n"),
    ],
)
def test_an_option_before_its_command_is_what_is_blamed(words, told, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert capsys.readouterr().err.endswith(told)


def test_a_command_after_two_dashes_is_run_or_refused_but_no_internal_error(tmp_path, capsys):
    """Which of the two is argparse's own and changed from one Python to the next."""
    try:
        status = main(["--", "resume", "--config", str(tmp_path / "none.yaml")])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == 2
    assert "unrecognized" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "heavy"), [("docs", ""), ("rule", ""), ("--version", ""), ("--help", ""), ("check", "ibis scipy")]
)
def test_what_a_command_has_no_use_for_is_not_loaded(name, heavy):
    done = subprocess.run([sys.executable, "-c", _LOADED, name], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= set(heavy.split())
