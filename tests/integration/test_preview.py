"""What a change to a rule would do, on a real small night: counted twice, and nobody given away."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest

from outreach.assess import Day, DuckEngine, assess
from outreach.cli import main
from outreach.compare.counterfactual import counterfactual
from outreach.compare.counts import moving, versions
from outreach.compare.people import AT_RISK, Assessed, Ground, pairs
from outreach.compare.sides import Steps
from outreach.compare.steps import steps
from outreach.flatten import flatten
from outreach.preview.run import preview
from outreach.report.narrow import bounds
from outreach.report.strata import strata
from outreach.report.table import SMALL
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.synth import generate

DAY = date(2026, 3, 1)
BY = ("sex", "age_band")
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Night:
    """Tables of 600 people, a rule, and a stricter version of it, each with what it says of everyone."""

    tables: Path
    was: Assessed
    now: Assessed
    files: tuple[Path, Path]

    @property
    def ground(self) -> Ground:
        return Ground(self.tables, DAY, BY)


def rows(path: Path) -> dict[str, tuple[str, str]]:
    return {
        p: (s, r)
        for p, s, r in duckdb.execute("SELECT person, status, reason FROM read_parquet(?)", [str(path)]).fetchall()
    }


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, rules: Path) -> Night:
    folder = tmp_path_factory.mktemp("preview")
    generate(600, 3, DAY, folder / "landing")
    flatten(folder / "landing", folder / "tables")
    text = (rules / "liver" / "hcc-surveillance.yaml").read_text(encoding="utf-8")
    stricter = text.replace("page-b: {from: 10,", "page-b: {from: 14,", 1)
    assert stricter != text
    files = (folder / "old.yaml", folder / "new.yaml")
    for file, words in zip(files, (text, stricter), strict=True):
        file.write_text(words, encoding="utf-8")
    sides = [_assessed(file, folder / "tables", rules) for file in files]
    return Night(folder / "tables", sides[0], sides[1], files)


def _assessed(file: Path, tables: Path, rules: Path) -> Assessed:
    rule = load([file], rules / "codes", need_cases=False)[0]
    out = tables / f"{file.stem}.parquet"
    engine = DuckEngine(tables)
    assess(engine, rule, Day(DAY, UTC), out)
    engine.close()
    return Assessed(rule, out)


def test_everyone_leaves_by_exactly_one_step(night):
    """The steps add up to everyone, in every group, on both sides."""
    counted = pairs(night.was, night.now, night.ground)
    assert not counted[["was", "now"]].isna().any().any()
    sums = counted.groupby("stratifier")["people"].sum()
    assert sums.to_dict() == {"": 600, **dict.fromkeys(BY, 600)}


def test_the_counts_are_those_of_the_rows(night):
    """Counted again, person by person, from what assess wrote."""
    found = preview(night.was.rule, night.now.rule, night.ground, UTC, care_team=True)
    was, now = rows(night.was.path), rows(night.now.path)
    moved = Counter((was[p][0], now[p][0]) for p in was if was[p][0] != now[p][0])
    shown = {(r.was, r.now): r.people for r in found.comparison.changes.itertuples()}
    assert shown == dict(moved)
    assert moved
    after = found.comparison.attrition.query("version == 'after'").set_index("step")
    assert after.loc["overdue", "lost"] == sum(status == "overdue" for status, _ in now.values())
    assert after.loc["merged", "lost"] == sum(reason == "merged" for _, reason in now.values())
    assert after.loc["cannot_help:transplanted", "lost"] == sum(reason == "transplanted" for _, reason in now.values())
    assert after.loc["overdue", "left"] == 0
    assert {mover[0] for mover in found.movers} == {p for p in was if was[p] != now[p]}


def test_each_group_has_its_own_numbers(night):
    """At risk, entering and leaving, and the share up to date, by stratum."""
    found = preview(night.was.rule, night.now.rule, night.ground, UTC, care_team=True).comparison.groups
    stratum = strata(night.tables, DAY, "x", ()).query("stratifier == 'sex'").set_index("person")["stratum"]
    was, now = rows(night.was.path), rows(night.now.path)
    female = found.query("stratifier == 'sex' and stratum == 'Female'").iloc[0]
    women = [p for p in was if stratum[p] == "Female"]
    leave = sum(was[p][0] in AT_RISK and now[p][0] not in AT_RISK for p in women)
    assert (female["leave_at_risk"], female["enter_at_risk"]) == (leave, 0)
    at_risk = sum(now[p][0] in AT_RISK for p in women)
    assert female["coverage_after"] == pytest.approx(sum(now[p][0] == "up-to-date" for p in women) / at_risk)
    assert female["coverage_after_low"] < female["coverage_after"] < female["coverage_after_high"]


def test_ages_are_told_apart_from_risk(night):
    """Whoever is surely outside the rule's ages is lost by age, not by being in no risk group."""
    after = preview(night.was.rule, night.now.rule, night.ground, UTC, care_team=True).comparison.attrition.query(
        "version == 'after'"
    )
    lost = after.set_index("step")["lost"]
    sql = """SELECT count(*) FROM read_parquet($p) JOIN read_parquet($a) ON id = person
        WHERE birth_lo > DATE '2008-03-01' AND status = 'not-applicable' AND reason = 'not-at-risk'"""
    young = duckdb.execute(sql, {"p": str(night.tables / "person.parquet"), "a": str(night.now.path)}).fetchall()[0][0]
    assert lost["age"] == young > 0


@pytest.mark.parametrize("only_moves", [False, True])
def test_no_small_number_can_be_worked_out(night, only_moves):
    """No count of 1 to 10 is shown, and none can be narrowed down to one value by adding and subtracting."""
    both = Steps(steps(night.was.rule), steps(night.now.rule))
    counted = pairs(night.was, night.now, night.ground)
    made = moving(counted, both, by_group=False) if only_moves else versions(counted, both)
    shown = made.shown()
    assert not [key for key in shown if 1 <= made.value(key) <= SMALL]
    assert [key for key in shown if made.value(key) > SMALL]
    table = made.table()
    hidden = [
        place not in {made.number[key] for key in shown} and table.published[place]
        for place in range(len(table.values))
    ]
    low, high = bounds(table, pd.Series(hidden).to_numpy(), knowing=False)
    pinned = [key for key, place in made.number.items() if table.small[place] and low[place] == high[place]]
    assert pinned == []


def test_the_shared_json_names_nobody_and_shows_nothing_small(night, rules, capsys):
    """What leaves the team: null where a number may not be shown, and no person."""
    words = ["preview", str(night.files[1]), "--against", str(night.files[0]), "--codes", str(rules / "codes"),
             "--tables", str(night.tables), "--as-of", DAY.isoformat(), "--by", "sex"]  # fmt: skip
    assert main([*words, "--json"]) == 0
    out = capsys.readouterr().out
    told = json.loads(out.splitlines()[-1])
    assert "movers" not in told
    assert "p0000" not in out
    numbers = [
        v
        for part in ("attrition", "changes", "groups")
        for row in told[part]
        for k, v in row.items()
        if isinstance(v, int) and k != "place"
    ]
    assert numbers
    assert not [value for value in numbers if 1 <= value <= SMALL]
    assert main([*words, "--ids"]) == 0
    assert "For the care team only" in capsys.readouterr().out


def test_a_version_that_finds_other_numbers_than_it_expects_cannot_go_live(night, rules, tmp_path, capsys):
    """Exit 6 from preview and from approve, by the tables or by the preview's own result; and it says why."""
    wide, narrow = (tmp_path / f"{name}.yaml" for name in ("wide", "narrow"))
    text = night.files[1].read_text(encoding="utf-8")
    for file, bounds_ in ((wide, "{from: 1, to: 600}"), (narrow, "{from: 500, to: 600}")):
        reviewed = text.replace("age: {from: 18}", f"age: {{from: 18}}\nexpect: {{at_risk: {bounds_}}}", 1)
        file.write_text(reviewed, encoding="utf-8")
    ground = ["--codes", str(rules / "codes"), "--tables", str(night.tables), "--as-of", DAY.isoformat()]
    for file, status in ((wide, 0), (narrow, 6)):
        assert main(["approve", str(file), "--by", "A", "--despite", "a rehearsal", *ground[:2]]) == 0
        capsys.readouterr()
        assert main(["preview", str(file), "--against", str(night.files[0]), *ground, "--by", "", "--json"]) == status
        told = capsys.readouterr()
        seen = tmp_path / f"{file.stem}.json"
        seen.write_text(told.out, encoding="utf-8")
        assert ("expects between 500 and 600" in told.err) == (status == 6)
        live = [
            "approve",
            str(file),
            "--by",
            "B",
            "--as",
            "live",
            "--despite",
            "a rehearsal",
            "--codes",
            str(rules / "codes"),
        ]
        assert main(live) == 2  # nobody has counted
        assert main([*live, "--preview", str(seen)]) == status
        if status:
            assert main([*live, *ground[2:]]) == 6
            assert "status: reviewed" in file.read_text(encoding="utf-8")


def test_a_preview_of_another_content_proves_nothing(night, rules, tmp_path):
    told = tmp_path / "seen.json"
    told.write_text(json.dumps({"hash": "other", "within_expected": True}), encoding="utf-8")
    file = tmp_path / "r.yaml"
    text = night.files[1].read_text(encoding="utf-8")
    file.write_text(
        text.replace("age: {from: 18}", "age: {from: 18}\nexpect: {at_risk: {from: 1, to: 600}}", 1), encoding="utf-8"
    )
    codes = ["--codes", str(rules / "codes"), "--despite", "a rehearsal"]
    assert main(["approve", str(file), "--by", "A", *codes]) == 0
    assert main(["approve", str(file), "--by", "B", "--as", "live", "--preview", str(told), *codes]) == 2


def test_the_counterfactual_shows_what_an_attribute_does(night, tmp_path):
    """Masked birthplace: whoever moves in the table is whoever assess moves; small numbers stay with the team."""
    rule: Rule = night.was.rule
    engine = DuckEngine(night.tables)
    files = counterfactual(
        engine, [rule], Day(DAY, UTC), {rule.name: night.was.path}, Ground(night.tables, DAY, ("sex",)), tmp_path
    )
    masked = tmp_path / "masked.parquet"
    assess(engine, rule, Day(DAY, UTC), masked, masked=frozenset({"birthplace"}))
    engine.close()
    was, now = rows(night.was.path), rows(masked)
    team, share = (
        pd.read_parquet(tmp_path / view / f"counterfactual.{rule.name}.parquet") for view in ("care_team", "share")
    )
    assert set(team["attribute"]) == {entry.attribute for entry in rule.reads}
    mine = team.query("attribute == 'birthplace' and stratifier == 'overall'")
    statuses = {*AT_RISK, "not-applicable", "excluded", "exception"}
    found = {(r.was, r.now): r.people for r in mine.itertuples() if {r.was, r.now} <= statuses}
    assert found == dict(Counter((was[p][0], now[p][0]) for p in was if was[p][0] != now[p][0]))
    assert not team["withheld"].any()
    assert not share["people"].dropna().between(1, SMALL).any()
    assert share["withheld"].any()
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    assert all(path.parent.stat().st_mode & 0o777 == 0o700 for path in files)


def test_an_unknown_group_is_refused(night, rules, capsys):
    words = ["preview", str(night.files[1]), "--against", str(night.files[0]), "--codes", str(rules / "codes")]
    assert main([*words, "--tables", str(night.tables), "--as-of", "2026-03-01", "--by", "birthplace"]) == 2
    assert "people are not counted by birthplace" in capsys.readouterr().err
    assert main([*words, "--tables", str(night.tables)]) == 2


def test_two_rules_are_not_called_two_versions(night, rules, tmp_path, capsys):
    other = tmp_path / "other.yaml"
    name = night.was.rule.name
    other.write_text(night.files[0].read_text().replace(f"rule: {name}", "rule: another-rule", 1), encoding="utf-8")
    words = ["preview", str(other), "--against", str(night.files[0]), "--codes", str(rules / "codes"), "--by", "sex"]
    assert main([*words, "--tables", str(night.tables), "--as-of", "2026-03-01"]) == 0
    said = capsys.readouterr().out
    assert f"These are two rules, and not two versions of one: “{name}” and “another-rule”." in said
