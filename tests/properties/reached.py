"""Which nodes of the grammar a rule uses, and which outcomes a verdict shows, as names that can be counted."""

from __future__ import annotations

from collections.abc import Iterator

from plain.criterion import AROUND
from plain.judge import Verdict
from plain.rule import Mapping, Node, Rule, listed, mapping

JOINING = ("all", "any", "not", "at_least", "is")
LINES = ("at_risk", "cannot_help", "own_choice", "not_now")
WINDOWS = ("within", "for", "starts_in", "ends_in", "during", "overlaps")
#: Keys whose values are words of the language, so that each of them is a node too.
_CHOICES = ("if_absent", "which", "setting", "grade", "due_from", "dated_by", "sex", "sex-at-birth", "is", "child-pugh")
_REASONS = (
    *("merged", "not-at-risk", "deceased", "opted-out", "ask-list", "cannot-tell", "no-due-date", "clinician-decides"),
)

Name = tuple[str, ...]


def nodes(rule: Rule) -> Iterator[Name]:
    """Keys of a rule, of its lines, periods, tests and rows, and every word with its form, options and choices."""
    for key, said in rule.top.items():
        yield ("rule", key)
        yield from _choices(key, said)
    for section in LINES:
        for _, line in rule.section(section):
            yield from ((section, key) for key in line if key in AROUND)
            yield from _choices("grade", line.get("grade", []))
            yield from _words(rule, line)
    for section in ("periods", "counts_as_done"):
        for said in rule.part(section).values():
            yield from ((section, key) for key in mapping(said))
            yield from _choices("dated_by", mapping(said).get("dated_by", []))
    for said in rule.part("definitions").values():
        yield from _words(rule, mapping(said))
    for row in listed(rule.top["next_due"]):
        yield from (("next_due", key) for key in mapping(row))
        yield from (("next_due", key, str(said)) for key, said in mapping(row).items() if said in _ROW_WORDS)


_ROW_WORDS = ("none", "when-first-at-risk", "never-again")


def _words(rule: Rule, said: Mapping) -> Iterator[Name]:
    """The words of a criterion and of those within it."""
    for word, under in said.items():
        if word in AROUND:
            continue
        yield ("word", word)
        if word in JOINING:
            parts = under if word in ("all", "any") else mapping(under)["of"] if word == "at_least" else []
            for part in (*listed(parts), *([under] if word == "not" else [])):
                yield from _words(rule, mapping(part))
        else:
            yield ("form", word, {str: "word", list: "list"}.get(type(under), "mapping"))
            yield from _choices(word, under)
            yield from _options(rule, word, under)


def _options(rule: Rule, word: str, said: Node) -> Iterator[Name]:
    for option, value in said.items() if isinstance(said, dict) else ():
        yield ("option", word, option)
        yield from _choices(option, value)
        if str(value) in rule.part("parameters"):
            yield ("parameter", option)


def _choices(key: str, said: Node) -> Iterator[Name]:
    if key in _CHOICES and not isinstance(said, dict):
        yield from (("choice", key, str(each)) for each in listed(said))


def outcomes(verdict: Verdict) -> Iterator[Name]:
    """Status and reason, and the truth of every section's lines, every joint, every word, every window."""
    yield ("status", verdict.status)
    if verdict.reason in _REASONS:
        yield ("reason", verdict.reason)
    for line in verdict.lines:
        yield ("section", line.section, line.truth)
        yield from (("joint", word, truth) for word, truth in line.joints)
        for leaf in line.leaves:
            yield ("truth", leaf.word, leaf.truth)
            if isinstance(leaf.said, dict):
                yield from (("window", option, leaf.truth) for option in leaf.said if option in WINDOWS)


def wanted_outcomes(words: tuple[str, ...], scores: tuple[str, ...]) -> set[Name]:
    """Every outcome there is: three truths for each word; two where nothing can be unknown; four for scores."""
    two = ("rising", "scan", "test", "appointment")
    truths = {word: "TF" if word in two else "TFUN" if word in scores else "TFU" for word in words}
    found = {("truth", word, truth) for word, each in truths.items() for truth in each}
    found |= {("joint", word, truth) for word in (*JOINING, "words") for truth in "TFUN"}
    found |= {("window", option, truth) for option in WINDOWS for truth in "TFU"}
    found |= {("section", section, truth) for section in LINES for truth in "TFUN"}
    statuses = ("up-to-date", "due", "overdue", "not-now", "excluded", "exception", "unknown", "not-applicable")
    return found | {("status", word) for word in statuses} | {("reason", word) for word in _REASONS}
