"""Value sets and results by the names people give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from outreach.prose.words import listed
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import uncapital

_OPAQUE = re.compile(r"\d{6,18}|LA\d+-\d")  #: SNOMED CT and LOINC answer codes
_TAG = re.compile(r" \((?:qualifier value|finding|disorder|procedure|situation|observable entity)\)$")  #: SNOMED CT


def titled(name: str, rule: Rule) -> str:
    """A value set's title in quotation marks, ready for a sentence; its name where that alone tells it apart."""
    found = rule.value_sets.get(name)
    if found is None or not found.title:
        return f"“{name}”"
    shared = any(other.title == found.title for other in rule.value_sets.values() if other is not found)
    return f"“{uncapital(found.title)}”" + (f" ({name})" if shared else "")


def titles(names: Sequence[str], rule: Rule) -> str:
    return listed([titled(name, rule) for name in names], "or")


def coded(names: Iterable[str]) -> list[str]:
    """Names of kinds of test, in quotation marks."""
    return [f"“{name}”" for name in names]


def results_named(results: Iterable[str], rule: Rule) -> list[str]:
    """Results by what they mean: ``US-3 (positive)``; a code nobody knows by heart, by its words alone."""
    displays = {code.code: code.display for kind in rule.counts if kind.results in rule.value_sets
                for code in rule.value_sets[kind.results].codes}  # fmt: skip
    asked, said = list(results), {code: _explained(code, display) for code, display in displays.items()}
    named: dict[str, list[str]] = {}
    for result in asked:
        named.setdefault(said.get(result) or _explained(result, ""), []).append(result)
    return [
        words + _partly(codes, [code for code, as_ in said.items() if as_ == words]) for words, codes in named.items()
    ]


def _partly(codes: Sequence[str], alike: Sequence[str]) -> str:
    """Which of the codes that read alike are meant, where not all are."""
    return f" (only {listed(sorted(codes), 'or')})" if set(alike) - set(codes) else ""


def _explained(code: str, display: str) -> str:
    if code == "uncoded":
        return "a result nobody has coded"
    words = uncapital(_TAG.sub("", display)) if display else ""
    if words and _OPAQUE.fullmatch(code):
        return f"“{words}”"
    return code if words.lower() in ("", code.lower()) else f"{code} ({words})"
