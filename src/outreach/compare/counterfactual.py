"""What each protected attribute does in a rule: who would stand elsewhere if nobody's were known.

A rule may read sex, age, birthplace or race only with a reason. Each night shows what the reading comes to, group by
group, so that the reason can be weighed (45 CFR 92.210 asks for reasonable efforts to know and mitigate).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import pandas as pd

from outreach.assess import Day, Engine, assess_rules
from outreach.compare.moves import COLUMNS, moves
from outreach.compare.people import Assessed, Ground
from outreach.report.write import csv
from outreach.rulebook.model import PROTECTED, Rule

NAME = "counterfactual"
VIEWS = ("care_team", "share")


def counterfactual(
    engine: Engine, rules: Sequence[Rule], day: Day, assessed: Mapping[str, Path], ground: Ground, report_dir: Path
) -> list[Path]:
    """Work the rules out once more for each attribute they read, masked for everyone, and write who moves.

    Args:
        engine: over the tables of ``ground``.
        assessed: what assess wrote for each rule on this day, by the rule's name.
        report_dir: the night's report; the table goes into ``care_team/`` in full and into ``share/`` with small
            numbers withheld, as counterfactual.<rule>.parquet and .csv. Its columns: programme, attribute, and those of
            ``moves``; “now” is where a person would stand were the attribute known of nobody.

    Returns:
        The files. A rule that reads nothing writes tables without rows.
    """
    found: dict[tuple[str, str], list[pd.DataFrame]] = {(v, rule.name): [] for rule in rules for v in VIEWS}
    reading = {attribute: [r for r in rules if attribute in _read(r)] for attribute in PROTECTED}
    with tempfile.TemporaryDirectory(prefix="outreach-masked-") as scratch:
        for attribute, readers in reading.items():
            outs = {rule.name: Path(scratch) / f"{attribute}.{rule.name}.parquet" for rule in readers}
            if readers:
                assess_rules(engine, readers, day, outs, masked=frozenset({attribute}))
            for rule, view in product(readers, VIEWS):
                was, now = Assessed(rule, assessed[rule.name]), Assessed(rule, outs[rule.name])
                table = moves(was, now, ground, care_team=view == "care_team")
                found[view, rule.name].append(table.assign(programme=rule.name, attribute=attribute))
    by_name = {rule.name: rule for rule in rules}
    return [path for (view, name), tables in found.items() for path in _write(report_dir / view, by_name[name], tables)]


def _read(rule: Rule) -> set[str]:
    return {entry.attribute for entry in rule.reads}


def _write(folder: Path, rule: Rule, tables: list[pd.DataFrame]) -> list[Path]:
    columns = ["programme", "attribute", *COLUMNS]
    frame = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {
        folder / f"{NAME}.{rule.name}.parquet": frame.to_parquet(compression="zstd", index=False),
        folder / f"{NAME}.{rule.name}.csv": csv(frame).encode(),
    }
    for path, content in made.items():
        _private(path, content)
    return list(made)


def _private(path: Path, content: bytes) -> None:
    """All of it or nothing, for the owner's eyes."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
