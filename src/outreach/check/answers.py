"""What the night answers for each case: every case of several rules in one landing, one flatten, one night a day."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.assess import Day, DuckEngine, assess_rules
from outreach.check.answered import Answered, Asked, read
from outreach.check.landing import land
from outreach.flatten import flatten
from outreach.rulebook.library import Library
from outreach.rulebook.model import Rule


def answer_cases(
    rules: Sequence[Rule], codes: Path | None, only: str = "", seen_as: Mapping[str, Rule] | None = None
) -> list[Answered]:
    """The answer to every case of ``rules`` whose name holds ``only``, in the order of the rules and their cases;
    the criteria of people who are not at risk are told too.

    Args:
        seen_as: by rule name, a rule to ask in its place (see ``watched``).
    """
    found: dict[str, Answered] = {}
    asked = [
        Asked(rule, case, f"r{number}c{place}")
        for number, rule in enumerate(rules)
        for place, case in enumerate(rule.cases)
        if only in case.it
    ]
    for batch in _batches([rule for rule in rules if any(one.rule is rule for one in asked)]):
        with tempfile.TemporaryDirectory(prefix="outreach-check-") as scratch:
            mine = [one for one in asked if one.rule.name in {rule.name for rule in batch}]
            found |= {one.person: one for one in _night(mine, codes, Path(scratch), seen_as)}
    return [found[one.person] for one in asked]


def _batches(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that can share a night: their value sets of one name are the same."""
    batches: list[tuple[dict[str, object], list[Rule]]] = []
    for rule in rules:
        for sets, batch in batches:
            if all(sets.get(name, values) == values for name, values in rule.value_sets.items()):
                sets |= rule.value_sets
                batch.append(rule)
                break
        else:
            batches.append((dict(rule.value_sets), [rule]))
    return [batch for _, batch in batches]


def _night(
    asked: Sequence[Asked], codes: Path | None, scratch: Path, seen_as: Mapping[str, Rule] | None
) -> Iterator[Answered]:
    """Land, flatten, and assess on each day the rules that have a case on it."""
    land(((one.rule, one.case, one.person) for one in asked), Library(codes), scratch / "landing")
    flatten(scratch / "landing", scratch / "tables")
    by_day: dict[date, list[Asked]] = defaultdict(list)
    for one in asked:
        by_day[one.case.today].append(one)
    with closing(DuckEngine(scratch / "tables")) as engine:
        for day, those in sorted(by_day.items()):
            rules = list({one.rule.name: one.rule for one in those}.values())
            outs = {rule.name: scratch / f"assessment.{number}.parquet" for number, rule in enumerate(rules)}
            put = [(seen_as or {}).get(rule.name, rule) for rule in rules]
            assess_rules(engine, put, Day(day, ZoneInfo("UTC")), outs, everyone_closely=True)
            for rule in rules:
                yield from read([one for one in those if one.rule is rule], outs[rule.name])
