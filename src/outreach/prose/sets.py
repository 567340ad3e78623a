"""Value sets and results by the names people give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from outreach.prose.words import listed, uncapital
from outreach.rulebook.model import Rule

_OPAQUE = re.compile(r"\d{6,18}|LA\d+-\d")  #: SNOMED CT and LOINC answer codes
_TAG = re.compile(r" \((?:qualifier value|finding|disorder|procedure|situation|observable entity)\)$")  #: SNOMED CT


def titled(name: str, rule: Rule) -> str:
    """A value set's title in quotation marks, ready for a sentence; its name where it has none."""
    found = rule.value_sets.get(name)
    return f"“{uncapital(found.title) if found and found.title else name}”"


def titles(names: Sequence[str], rule: Rule) -> str:
    return listed([titled(name, rule) for name in names], "or")


def coded(names: Iterable[str]) -> list[str]:
    """Names of kinds of test, in quotation marks."""
    return [f"“{name}”" for name in names]


def results_named(results: Iterable[str], rule: Rule) -> list[str]:
    """Results by what they mean: ``US-3 (positive)``; a code nobody knows by heart, by its words alone."""
    displays = {code.code: code.display for kind in rule.counts if kind.results in rule.value_sets
                for code in rule.value_sets[kind.results].codes}  # fmt: skip
    return list(dict.fromkeys(_explained(result, displays.get(result, "")) for result in results))


def _explained(code: str, display: str) -> str:
    if code == "uncoded":
        return "a result nobody has coded"
    words = uncapital(_TAG.sub("", display)) if display else ""
    if words and _OPAQUE.fullmatch(code):
        return f"“{words}”"
    return code if words.lower() in ("", code.lower()) else f"{code} ({words})"
