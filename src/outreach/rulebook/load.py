"""The rules of a folder: every one read, or every problem in every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.grammar import read_rule
from outreach.rulebook.model import Rule


def rule_files(root: Path) -> list[Path]:
    """Every rule under ``root``: YAML files outside ``codes/``, in name order."""
    if root.is_file():
        return [root]
    return sorted(path for path in root.rglob("*.yaml") if "codes" not in path.relative_to(root).parts)


def load(paths: Iterable[Path], codes: Path) -> list[Rule]:
    """Read rules.

    Args:
        paths: rule files or folders of them.
        codes: the folder of value sets.

    Raises:
        Refused: every problem of every file, value sets included.
    """
    folder, rules, problems = CodeFolder(codes), [], []
    files = [file for path in paths for file in rule_files(path)]
    for file in files:
        try:
            rules.append(read_rule(file, folder, "", _shown(file)))
        except Refused as refusal:
            problems += refusal.problems
    problems += folder.problems + _same_names(rules)
    if not files:
        problems.append(Problem(str(next(iter(paths), codes.parent)), 0, 0, "there are no rules here", "no-rules"))
    if problems:
        raise Refused(problems)
    return [_with_hash(rule, codes) for rule in rules]


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _same_names(rules: list[Rule]) -> list[Problem]:
    seen: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        if rule.name in seen:
            what = f"the rule “{rule.name}” is also written in {_shown(Path(seen[rule.name].path))}"
            problems.append(Problem(_shown(Path(rule.path)), 1, 1, what, "same-name", "Rename one of them."))
        seen.setdefault(rule.name, rule)
    return problems


def _with_hash(rule: Rule, codes: Path) -> Rule:
    """The rule with the content hash an approver signs: its own bytes and those of each value set it uses."""
    digest = hashlib.sha256(Path(rule.path).read_bytes())
    for name in sorted(rule.value_sets):
        digest.update(name.encode() + b"\0" + (codes / f"{name}.yaml").read_bytes())
    return replace(rule, hash=digest.hexdigest())
