"""Every shipped rule is shown by its cases, every branch and both sides of every bound."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.check import Coverage, answers_watched, coverage, results
from outreach.check.telling import gaps
from outreach.rulebook.load import load, rule_files

RULES = Path(__file__).parents[2] / "rules"
FILES = rule_files(RULES)


@pytest.fixture(scope="module")
def measured() -> dict[str, Coverage]:
    """Every rule, answered in one night."""
    rules = load([RULES], RULES / "codes")
    answers = answers_watched(rules, RULES / "codes")
    assert [str(result) for result in results(answers) if result.differences] == []
    return {Path(found.file).name: found for found in coverage(rules, answers, RULES / "codes")}


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_a_shipped_rule_is_wholly_covered(measured, name):
    assert list(gaps(measured[name])) == []
    assert measured[name].percent == 100


@pytest.mark.parametrize("measure", ["branches", "boundaries"])
def test_there_is_something_to_cover(measured, measure):
    assert all(found.of(measure)[1] >= 8 for found in measured.values())
    assert len(measured) == len(FILES) > 5
