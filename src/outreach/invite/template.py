"""Templates on disk: found by exact name, read from under one folder, and held to text and facts.

A template has two blocks, ``subject`` and ``body``, of text, ``{{ facts }}`` and ``{% if slot_first %}``. Anything
else of Jinja, a call or a loop or an include, is refused before it could run; the sandbox is the second wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.errors import Problem, Refused
from outreach.invite.facts import MADE_OF, is_unsafe
from outreach.invite.reading import plain

_ALLOWED = (nodes.Template, nodes.Block, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SCREENS = "it shows on locked screens, so it is the same for everybody"
_FILE = re.compile(r"(?P<channel>[a-z0-9-]+)\.(?P<language>[a-z]{2,3})\.txt\.j2")

_environment = ImmutableSandboxedEnvironment(
    loader=None,  # an include finds nothing
    undefined=StrictUndefined,
    autoescape=False,  # plain text; control characters are refused instead
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Source:
    """One template as read."""

    name: str  #: relative to the folder of templates, for messages
    language: str
    text: str

    @property
    def hash(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def find(folder: Path, programme: str, channel: str, language: str) -> Source | None:
    """The template of this very programme, channel and primary language, or None. "es-MX" finds "es"."""
    primary = language.strip().lower().split("-")[0].split("_")[0]
    if not (_NAME.fullmatch(programme) and _NAME.fullmatch(channel) and re.fullmatch("[a-z]{2,3}", primary)):
        return None
    path = folder / programme / f"{channel}.{primary}.txt.j2"
    return read(folder, path) if path.is_file() else None


def languages(folder: Path, programme: str, channel: str) -> frozenset[str]:
    """The languages this programme has a letter in."""
    found = (_FILE.fullmatch(path.name) for path in (folder / programme).glob("*.txt.j2"))
    return frozenset(name["language"] for name in found if name and name["channel"] == channel)


def read(folder: Path, path: Path) -> Source:
    """Read one template.

    Raises:
        Refused: its name is not <channel>.<language>.txt.j2, it leads out of the folder, or it is not UTF-8.
    """
    shown = str(path.relative_to(folder))
    name = _FILE.fullmatch(path.name)
    if not name:
        raise _refusal(
            shown, "a template is called <channel>.<language>.txt.j2, like portal.es.txt.j2", "template-name"
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _refusal(shown, "the template leads out of the folder of templates", "template-outside")
    try:
        return Source(shown, name["language"], path.read_bytes().decode())
    except UnicodeDecodeError as error:
        raise _refusal(shown, "the template is not UTF-8 text", "template-encoding") from error


@lru_cache(maxsize=64)
def compiled(source: Source) -> tuple[Template, frozenset[str]]:
    """The template ready to render, and the variables it uses.

    Raises:
        Refused: every problem of its form, each with its line.
    """
    problems, tree = form(source)
    if problems or tree is None:
        raise Refused(problems)
    return _environment.from_string(tree), frozenset(node.name for node in tree.find_all(nodes.Name))


def form(source: Source) -> tuple[list[Problem], nodes.Template | None]:
    """What is wrong with the form of a template, and its tree; None if it cannot be parsed."""
    try:
        tree = _environment.parse(source.text)
    except TemplateSyntaxError as error:
        return [at_line(source, error.lineno, error.message or "cannot be read", "template-syntax")], None
    blocks = {block.name for block in tree.find_all(nodes.Block)}
    problems = [
        Problem(source.name, 0, 0, f"the template has no block “{name}”", "template-block")
        for name in ("subject", "body")
        if name not in blocks
    ]
    problems += [
        at_line(source, number, "a control character stands in this line", "control-character")
        for number, line in enumerate(source.text.replace("\r\n", "\n").split("\n"), 1)
        if is_unsafe(line)
    ]
    problems += _not_allowed(source, tree)
    problems += [
        at_line(source, name.lineno, f"“{name.name}” stands in the subject", "fact-in-subject", _SCREENS, name.name)
        for block in tree.find_all(nodes.Block)
        if block.name == "subject"
        for name in block.find_all(nodes.Name)
    ]
    return problems, tree


def _not_allowed(source: Source, node: nodes.Node) -> list[Problem]:
    """What may not be in a template; of a construct, the outermost only."""
    if not isinstance(node, _ALLOWED):
        what = f"a template holds text, facts and “if”, not “{type(node).__name__.lower()}”"
        return [at_line(source, node.lineno, what, "template-construct")]
    if isinstance(node, nodes.Name) and node.name not in MADE_OF:
        known = "a letter may say: " + ", ".join(sorted(MADE_OF))
        what = f"there is no fact called “{node.name}”"
        return [at_line(source, node.lineno, what, "unknown-fact", known, node.name)]
    return [problem for child in node.iter_child_nodes() for problem in _not_allowed(source, child)]


def at_line(source: Source, line: int, what: str, name: str, hint: str = "", word: str = "") -> Problem:
    """A problem at a line of a template, under a word of it or under the whole line."""
    lines = source.text.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    at = plain(text).find(word) if word else -1
    column, width = (at + 1, len(word)) if at >= 0 else (1, len(text))
    return Problem(source.name, line, column, what, name, hint, width, text)


def _refusal(file: str, what: str, name: str) -> Refused:
    return Refused([Problem(file, 0, 0, what, name)])
