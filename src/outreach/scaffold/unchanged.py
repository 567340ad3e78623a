"""What of a rule is still the template's: sentences that ask its author for their own, and codes that are none.

The template itself says which these are; there is no second list of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from outreach.errors import Problem
from outreach.prose.words import listed
from outreach.rulebook.library import places
from outreach.rulebook.located import Located, Mapping, Sequence, Text, read, read_bytes, shown
from outreach.rulebook.model import Rule
from outreach.scaffold.text import SETS, STUB_CODE, STUB_SYSTEM
from outreach.scaffold.writing import rule_text, stub_text

_WORDS = 3  #: fewer are a name or a length of time, which an author may well keep
_HINT = "Write your own words and codes in their place: nobody can sign the rule until then."


def unchanged(rule: Rule, codes: Path | None) -> list[Problem]:
    """A remark for each file, the rule's and those of its value sets, that still says what the template says.

    Args:
        codes: as of ``library.places``.
    """
    path = Path(rule.path)
    if not path.is_file():
        return []
    files = [(path, rule.path), *((file, shown(file)) for file in _sets(rule, places(path, codes)))]
    return [remark for file, name in files for remark in _of_file(file, name)]


def _sets(rule: Rule, folders: list[Path]) -> Iterator[Path]:
    for name in sorted(rule.value_sets):
        yield from [file for folder in folders if (file := folder / f"{name}.yaml").is_file()][:1]


def _of_file(file: Path, name: str) -> Iterator[Problem]:
    source, top = read(file, name)
    found = [(key, at) for key, at in _texts(top) if _plain(at) in _template()]
    if found:
        told = listed([f"{key} (line {at.line})" for key, at in found])
        what = f"this still says what the template says: {told}"
        yield replace(source.problem(found[0][1], what, "template-unchanged", _HINT), level="remark")


@cache
def _template() -> frozenset[str]:
    """Every text that a scaffolded rule must not keep."""
    texts = [rule_text("x", Path("x"), Path("x"), date(2000, 1, 1)), *(stub_text("x", part) for part in SETS)]
    found = {_plain(at) for text in texts for _, at in _texts(read_bytes(text.encode(), "the template")[1])}
    return frozenset({text for text in found if len(text.split()) >= _WORDS} | {STUB_SYSTEM, STUB_CODE})


def _texts(at: Located, key: str = "") -> Iterator[tuple[str, Text]]:
    """Each text with its key; those of cases are no sentences to be changed."""
    if isinstance(at, Text):
        yield key, at
    for item in at.items if isinstance(at, Sequence) else ():
        yield from _texts(item, key)
    for name, value in at.pairs if isinstance(at, Mapping) else ():
        if name.value != "cases":
            yield from _texts(value, str(name.value))


def _plain(at: Text) -> str:
    return " ".join(at.value.split()) if isinstance(at.value, str) else ""
