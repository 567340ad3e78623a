"""The front page: each command it shows is one that the command line takes, each file it points to is there."""

from __future__ import annotations

import re
import shlex

import pytest

from conftest import ROOT
from outreach.cli.main import parser

PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [line.partition("  #")[0].strip() for block in SHELL for line in block.splitlines()]
COMMANDS = [re.sub(r" > \S+$", "", line) for line in COMMANDS if line.startswith("outreach ")]
#: What reads a night, or writes to a server, must be told where: the demo's home is not the site's.
AFTER_DEMO = next(block for block in SHELL if "outreach-demo" in block)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_the_command_line_takes(command):
    words = shlex.split(command)[1:]
    parser(words[0]).parse_args(words)


def test_what_follows_the_demo_says_where_the_demo_is():
    said = [line for line in AFTER_DEMO.splitlines() if not line.startswith("outreach demo")]
    assert said
    assert [line for line in said if "--config outreach-demo/outreach.yaml" not in line] == []


def test_every_file_the_page_points_to_is_there():
    links = re.findall(r"\]\(((?!https?:)[^)#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
