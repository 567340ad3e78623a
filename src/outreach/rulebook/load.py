"""The rules of a folder: every one read, or every problem in every file at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.rulebook.library import Library, astray
from outreach.rulebook.located import shown
from outreach.rulebook.model import Rule
from outreach.rulebook.rule import read_rule


def rule_files(root: Path) -> list[Path]:
    """Every rule under ``root``: YAML files outside ``codes/``, in name order."""
    if root.is_file():
        return [root]
    return sorted(path for path in root.rglob("*.yaml") if "codes" not in path.relative_to(root).parts)


def load(
    paths: Iterable[Path], codes: Path | None = None, *, need_cases: bool = True, more: Path | None = None
) -> list[Rule]:
    """Read rules.

    Args:
        paths: rule files or folders of them.
        codes: only these value sets, and those beside each rule; without it see ``library.places``.
        need_cases: whether a rule without exemplars is a problem.
        more: a folder of FHIR ValueSets with expansions, for the sets that no other place holds.

    Raises:
        Refused: every problem of every file, value sets included.
    """
    library, rules, problems = Library(codes, more), [], []
    paths = list(paths)
    problems += [problem for path in paths for problem in astray(path)]
    files = [file for path in paths if "codes" not in (path.name, path.parent.name) for file in rule_files(path)]
    for file in files:
        try:
            rules.append(read_rule(file, library.shelves(file), shown(file), need_cases))
        except Refused as refusal:
            problems += refusal.problems
    problems += library.problems() + _same_names(rules)
    if not files and not problems:
        hint = "Name a rule, its file, or a folder of rules; or go to where rules/ is."
        problems.append(Problem(str(next(iter(paths), "rules")), 0, 0, "there are no rules here", "no-rules", hint))
    if problems:
        raise Refused(problems)
    return rules


def _same_names(rules: list[Rule]) -> list[Problem]:
    seen: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        if rule.name in seen:
            what = f"the rule “{rule.name}” is also written in {shown(Path(seen[rule.name].path))}"
            problems.append(Problem(shown(Path(rule.path)), 1, 1, what, "same-name", "Rename one of them."))
        seen.setdefault(rule.name, rule)
    return problems
