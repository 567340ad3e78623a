"""The units that rules speak, and what the tables are in: the two lists are one."""

from __future__ import annotations

import pytest

from outreach.check import answer_cases, results
from outreach.content import shipped
from outreach.domain.units import IN_CANONICAL
from outreach.flatten.units import UNITS
from outreach.rulebook.load import load

CASE = """
cases:
  - it: looks at the measure
    today: 2026-03-01
    given:
      born: 1956-01-01
      sex: male
      findings: {{smoking-status: {{on: 2015-01-10, value: ever-smoked}}}}
      labs: {labs}
    then: {{status: {status}, because: {because}}}
"""
SET = """
codes: own-measure
title: A measure of one's own
meaning: Made up for this test.
source: nobody
status: draft
unit: "{unit}"
includes:
  - system: http://loinc.org
    codes:
      - {{code: "98979-8", display: Made up}}
"""


@pytest.mark.parametrize("unit", sorted(IN_CANONICAL))
def test_a_unit_of_rules_is_one_that_records_use_and_means_the_same(unit):
    canonical, size = IN_CANONICAL[unit]
    sent = UNITS[unit]
    assert (sent.canonical, sent.times / sent.per) == (canonical, pytest.approx(size))


@pytest.mark.parametrize(
    ("unit", "sent", "value", "because"),
    [
        ("mL/min/{1.73_m2}", "mL/min/{1.73_m2}", 29, "too-low"),
        ("mL/min/{1.73_m2}", "mL/min/1.73m2", 30, ""),
        ("mm[Hg]", "mmHg", 29, "too-low"),
        ("kg", "[lb_av]", 66, "too-low"),
        ("kg", "[lb_av]", 67, ""),
        ("cm", "m", 0.29, "too-low"),
        ("mg/g", "mg/mmol", 1, "cannot-tell"),  # another kind of quantity, which this value set does not convert
    ],
)
def test_a_rule_may_speak_of_kidneys_blood_pressure_and_weight(tmp_path, unit, sent, value, because):
    """The shipped rule on the aorta with a line more, and a case for it."""
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "own-measure.yaml").write_text(SET.format(unit=unit))
    text = (shipped("rules") / "aorta" / "aorta-screening.yaml").read_text(encoding="utf-8")
    lab = f'lab: {{name: own-measure, below: 30, unit: "{unit}", if_absent: no}}'
    line = f"  too-low: {{{lab}, list: {{name: somebody, owner: a nurse, late_after: 1 month}}}}"
    text = text.replace("not_now:", f"not_now:\n{line}\n#", 1)
    given = f'{{own-measure: {{on: 2026-02-01, value: {value}, unit: "{sent}"}}}}'
    case = CASE.format(labs=given, because=because or "''", status="not-now" if because else "overdue")
    (tmp_path / "aorta.yaml").write_text(text[: text.index("\ncases:")] + case, encoding="utf-8")
    codes = shipped("rules") / "codes"
    rules = load([tmp_path / "aorta.yaml"], codes)
    assert [result.differences for result in results(answer_cases(rules, codes, ""))] == [()]
