"""Made-up rules and people judged by both: by the engine, from text and NDJSON on, and by plain Python."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import HealthCheck, Phase, given, seed, settings

from outreach.assess import Day, DuckEngine, assess_rules, with_names
from outreach.errors import Refused
from outreach.flatten import flatten
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule as Read
from plain.agreement import Row, differences
from plain.fhir import Resource
from plain.judge import Verdict, judge
from plain.made import vocabulary
from plain.made.a_population import land, population
from plain.made.a_rule import rules
from plain.people import Person, people
from plain.rule import Rule
from plain.smaller import fewer, smaller_rule
from properties.reached import nodes, outcomes
from properties.told import Lot, Told, Unlike

UTC = ZoneInfo("UTC")
BATCH = 30  #: rules assessed at once: they share the reading of the tables


class World:
    """A folder with value sets and some people in it, flattened once; any number of rules are asked about them."""

    def __init__(self, folder: Path, resources: Sequence[Resource], lot: Lot) -> None:
        self.folder, self.lot, self.today = folder, lot, lot.today
        self.people: list[Person] = people(resources)
        vocabulary.write(folder / "codes")
        land(resources, folder / "landing")
        flatten(folder / "landing", folder / "tables", threads=1)
        self.engine = DuckEngine(folder / "tables", threads=1)

    def read(self, text: str, name: str) -> Read | None:
        """The rule as the rulebook reads it, or None: not everything that can be made up makes sense."""
        path = self.folder / "rules" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        try:
            return load([path], self.folder / "codes")[0]
        except Refused:
            return None

    def rows(self, asked: Sequence[Read]) -> Iterator[dict[str, Row]]:
        """Each rule's assessment by person, in the order asked."""
        outs = {rule.name: self.folder / f"{rule.name}.parquet" for rule in asked}
        assess_rules(self.engine, asked, Day(self.today, UTC), outs)
        for rule in asked:
            found = duckdb.execute(f"FROM {with_names(outs[rule.name])}")
            columns = [column[0] for column in found.description]
            yield {str(row[0]): dict(zip(columns, row, strict=True)) for row in found.fetchall()}

    def compare(self, texts: Sequence[str]) -> Told:
        """Judge everyone under these rules, each text with a rule name of its own."""
        told = Told()
        read = [(text, self.read(text, f"made-up-{n}")) for n, text in enumerate(texts)]
        kept = [(text, rule) for text, rule in read if rule is not None]
        told.refused = len(texts) - len(kept)
        for start in range(0, len(kept), BATCH):
            batch = kept[start : start + BATCH]
            for (text, _), rows in zip(batch, self.rows([rule for _, rule in batch]), strict=True):
                self._judge(text, rows, told)
        return told

    def _judge(self, text: str, rows: dict[str, Row], told: Told) -> None:
        mine = Rule(text, self.folder / "codes", self.today)
        told.rules.add(text)
        told.reached.update(nodes(mine))
        for person in self.people:
            verdict: Verdict = judge(mine, person)
            told.pairs += 1
            told.reached.update(outcomes(verdict))
            told.unlike += [Unlike(self.lot, text, each) for each in differences(person.id, verdict, rows[person.id])]
        assert rows.keys() == {person.id for person in self.people}

    def close(self) -> None:
        self.engine.close()
        shutil.rmtree(self.folder)


def made_rules(count: int, seeded: int) -> list[str]:
    """Different rules, as Hypothesis draws them, the same for the same seed."""
    found: dict[str, None] = {}

    @seed(seeded)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rules())
    def draw(text: str) -> None:
        found.setdefault(text)

    draw()
    return [text.replace("rule: made-up", f"rule: made-up-{n}", 1) for n, text in enumerate(found)]


def judged(lot: Lot, folder: Path) -> Told:
    """A lot drawn, and judged by both."""
    world = World(folder / f"lot-{lot.seeded}", population(lot.people, lot.today, lot.seeded), lot)
    try:
        return world.compare(made_rules(lot.rules, lot.seeded))
    finally:
        world.close()


def smallest(unlike: Unlike, folder: Path) -> str:
    """A difference with everything taken out of the rule and the person that can go while it stays one."""
    lot, person = unlike.lot, unlike.difference.person
    everyone = {each.id: each for each in people(population(lot.people, lot.today, lot.seeded))}
    found = everyone[person]
    rule = smaller_rule(unlike.rule, lambda text: bool(_differ([*found.patients, *found.records], text, lot, folder)))
    told = fewer([*found.patients, *found.records], lambda few: bool(_differ(few, rule, lot, folder)))
    shown = "\n".join(json.dumps(resource) for resource in told)
    return f"on {lot.today}, the rule\n{rule}\nand the person\n{shown}\n{_differ(told, rule, lot, folder)}"


def _differ(resources: Sequence[Resource], text: str, lot: Lot, folder: Path) -> list[str]:
    world = World(folder / "smaller", resources, lot)
    try:
        return [str(each.difference) for each in world.compare([text]).unlike]
    finally:
        world.close()
