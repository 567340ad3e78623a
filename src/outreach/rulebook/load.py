"""The rules of a folder: every one read, or every problem in every file at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from outreach.errors import Problem, Refused
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.expansions import Expansions
from outreach.rulebook.model import Rule
from outreach.rulebook.rule import read_rule
from outreach.rulebook.sets import Shelf
from outreach.rulebook.signature import content_hash


def rule_files(root: Path) -> list[Path]:
    """Every rule under ``root``: YAML files outside ``codes/``, in name order."""
    if root.is_file():
        return [root]
    return sorted(path for path in root.rglob("*.yaml") if "codes" not in path.relative_to(root).parts)


def load(paths: Iterable[Path], codes: Path, *, need_cases: bool = True, more: Path | None = None) -> list[Rule]:
    """Read rules.

    Args:
        paths: rule files or folders of them.
        codes: the folder of value sets; a folder ``codes`` beside a rule file is looked in first.
        need_cases: whether a rule without exemplars is a problem.
        more: a folder of FHIR ValueSets with expansions, for the sets that ``codes`` does not hold.

    Raises:
        Refused: every problem of every file, value sets included.
    """
    library, rules, problems = Library(codes, more), [], []
    files = [file for path in paths for file in rule_files(path)]
    for file in files:
        try:
            rules.append(read_rule(file, library.shelves(file), _shown(file), need_cases))
        except Refused as refusal:
            problems += refusal.problems
    problems += library.problems() + _same_names(rules)
    if not files:
        problems.append(Problem(str(next(iter(paths), codes.parent)), 0, 0, "there are no rules here", "no-rules"))
    if problems:
        raise Refused(problems)
    return [_with_hash(rule) for rule in rules]


class Library:
    """Every place that holds value sets; each folder is read once, whoever asks."""

    def __init__(self, codes: Path, more: Path | None) -> None:
        self.codes, self.folders = codes.resolve(), {codes.resolve(): CodeFolder(codes)}
        self.more = None if more is None else Expansions(more)

    def shelves(self, rule: Path) -> tuple[Shelf, ...]:
        """Where the rule at a path looks, in order."""
        beside = (rule.parent / "codes").resolve()
        if beside.is_dir() and beside not in self.folders:
            self.folders[beside] = CodeFolder(rule.parent / "codes")
        folders = [self.folders[folder] for folder in dict.fromkeys((beside, self.codes)) if folder in self.folders]
        return (*folders, *([self.more] if self.more else ()))

    def problems(self) -> list[Problem]:
        folders = [problem for folder in self.folders.values() for problem in folder.problems]
        return folders + (self.more.problems if self.more else [])


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


def _with_hash(rule: Rule) -> Rule:
    """The rule with the content hash an approver signs."""
    content = content_hash(Path(rule.path).read_text(encoding="utf-8-sig"), rule.value_sets)
    return replace(rule, hash=content, later=tuple((day, replace(v, hash=content)) for day, v in rule.later))
