"""rules/README.md teaches the rule language; nothing in it is only said.

A fenced block says in its first line what it is:

- ``yaml rule`` — a whole rule: it loads and all its cases pass.
- ``yaml fragment NAME`` — sections for the rule NAME of the page (or, if the page has none, one that ships), each in
  place of the section of that name: the rule that results loads and all its cases pass.
- ``yaml wrong NAME`` — the same, and what an author is told is the next ``text`` block, to the letter; a block
  without the pictures of the lines (they begin with "   |") leaves out every one of them, and empty lines.
- ``yaml codes NAME`` — the file of a value set: it is read.
- ``sh`` — commands that the command line takes.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from outreach.check import run_cases
from outreach.cli.main import parser
from outreach.errors import Refused
from outreach.rulebook.code_list import IN_A_FILE, SYSTEM
from outreach.rulebook.lines import OWN_LISTS
from outreach.rulebook.load import load, rule_files
from outreach.rulebook.reference import text as reference
from outreach.rulebook.value_set import KEYS, MOLAR, value_set

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
PAGE = (RULES / "README.md").read_text(encoding="utf-8")
TAUGHT = PAGE[: PAGE.index("\n## Every word\n")]
PICTURE = "   |"
KINDS = ("rule", "fragment", "wrong", "codes")


@dataclass(frozen=True)
class Block:
    """A fenced block. ``line``: where it begins in the page; ``mark``: the words after its language."""

    language: str
    mark: tuple[str, ...]
    body: str
    line: int

    @property
    def kind(self) -> str:
        return self.mark[0] if self.mark else ""


def _blocks() -> list[Block]:
    found = re.finditer(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [Block(at[1], tuple(at[2].split()), at[3], PAGE[: at.start()].count("\n") + 1) for at in found]


BLOCKS = _blocks()


def _marked(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == "yaml" and block.kind == kind]


def _sections(text: str) -> dict[str, str]:
    """Each section of a rule's text with the lines below it, in order."""
    starts = [*(at.start() for at in re.finditer(r"^[a-z_]+:", text, re.MULTILINE)), len(text)]
    parts = [text[start:end] for start, end in pairwise(starts)]
    return {part.partition(":")[0]: part.rstrip() + "\n" for part in parts}


def _host(name: str) -> str:
    """The text of a rule: one of the page, else one that ships."""
    shown = {_sections(block.body)["rule"].split()[1]: block.body for block in _marked("rule")}
    shipped = {path.stem: path for path in rule_files(RULES)}
    return shown[name] if name in shown else shipped[name].read_text(encoding="utf-8")


def _put_into(name: str, fragment: str) -> str:
    """The rule with the fragment's sections in place of its own; new ones go before the cases."""
    host, new = _sections(_host(name)), _sections(fragment)
    cases = {"cases": new.pop("cases", host.pop("cases"))}
    return "".join({**host, **new, **cases}.values())


def _told(name: str, text: str, folder: Path, monkeypatch) -> list[str]:
    """What ``outreach check`` tells an author of rules/liver/NAME.yaml; nothing when all is well."""
    monkeypatch.chdir(folder)
    path = Path("rules", "liver", f"{name}.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    try:
        results = [result for rule in load([path], RULES / "codes") for result in run_cases(rule, RULES / "codes")]
    except Refused as refusal:
        return [str(refusal)]
    assert results, "no case was run"
    return [str(result) for result in results if result.differences]


def _in_brief(told: str) -> str:
    return "".join(line for line in told.splitlines(keepends=True) if line.strip() and not line.startswith(PICTURE))


def _name(block: Block) -> str:
    return f"line-{block.line}"


@pytest.mark.parametrize("block", _marked("rule"), ids=_name)
def test_a_whole_rule_loads_and_its_cases_pass(block, tmp_path, monkeypatch):
    assert _told("whole", block.body, tmp_path, monkeypatch) == []


@pytest.mark.parametrize("block", _marked("fragment"), ids=_name)
def test_a_piece_fits_into_its_rule_and_the_cases_pass(block, tmp_path, monkeypatch):
    (_, name) = block.mark
    assert _told(name, _put_into(name, block.body), tmp_path, monkeypatch) == []


@pytest.mark.parametrize("block", _marked("wrong"), ids=_name)
def test_a_mistake_is_told_in_these_words(block, tmp_path, monkeypatch):
    (_, name), answer = block.mark, BLOCKS[BLOCKS.index(block) + 1]
    assert answer.language == "text"
    told = "\n\n".join(_told(name, _put_into(name, block.body), tmp_path, monkeypatch)) + "\n"
    assert (told if PICTURE in answer.body else _in_brief(told)) == answer.body


@pytest.mark.parametrize("block", _marked("codes"), ids=_name)
def test_a_value_set_is_read(block, tmp_path):
    (_, name) = block.mark
    path = tmp_path / f"{name}.yaml"
    path.write_text(block.body, encoding="utf-8")
    assert value_set(path, path.name).codes


def test_every_word_of_a_value_set_stands_in_the_reference():
    """What its reader takes is what the page says."""
    table = reference().partition("### The file of a value set")[2]
    words = [key.name for key in (*KEYS, *MOLAR.form.keys, SYSTEM, *IN_A_FILE)]
    assert [word for word in words if f"| `{word}` |" not in table] == []
    assert set(re.findall(r"(?m)^\| `(\w+)` \|", table)) == set(words)


def test_every_block_is_one_of_these():
    """So no example escapes the tests, and each kind is there."""
    assert {block.language for block in BLOCKS} == {"yaml", "text", "sh"}
    assert {block.kind for block in BLOCKS if block.language == "yaml"} == set(KINDS)
    answers = [BLOCKS[BLOCKS.index(block) + 1] for block in _marked("wrong")]
    assert [block for block in BLOCKS if block.language == "text"] == answers


COMMANDS = [
    line.partition("  #")[0].strip() for block in BLOCKS if block.language == "sh" for line in block.body.splitlines()
] + [found for found in re.findall(r"`(outreach [^`]+)`", PAGE) if " " in found.strip()]


@pytest.mark.parametrize("command", dict.fromkeys(COMMANDS))
def test_a_command_is_one_that_the_command_line_takes(command):
    words = shlex.split(command)[1:]
    if len(words) == 1 or words == ["rule", "new"]:  # named in a sentence, without what it is about
        assert words[0] in parser().format_help()
    else:
        parser(words[0]).parse_args(words)


def test_the_cases_that_the_page_asks_for_are_there():
    """Of the rule on the page, as it stands in its file: a text that no case holds is refused."""
    asked = re.findall(r"outreach check rules/liver/liver-scan.yaml --case (\w+)", PAGE)
    assert asked
    assert [text for text in asked if f"it: {text}" not in _host("liver-scan")] == []


def test_every_file_the_page_points_to_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", TAUGHT)
    assert links
    assert [link for link in links if not (RULES / link).exists()] == []


def test_the_page_names_the_lists_that_the_engine_keeps():
    assert all(f"`{name}`" in TAUGHT for name in OWN_LISTS)


def test_the_reference_is_the_one_the_grammar_makes():
    """Write it anew below its heading with ``python -m outreach.rulebook.reference``."""
    assert PAGE.endswith("\n\n" + reference())


def test_the_page_is_short():
    """Five minutes: what is taught stays under 370 lines, most of them examples."""
    assert TAUGHT.count("\n") < 370
