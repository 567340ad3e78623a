"""The kinds of quantity that scores need kept apart, and the units a rule may speak."""

from __future__ import annotations

import ibis
import pytest

from outreach.assess.labs import IN_CANONICAL, on_unit
from outreach.flatten.units import UNITS
from outreach.rulebook.scores import SCORES
from unit.test_flatten_support import flat, observation
from unit.test_scores_support import FOLDER, value_set

SAME = [
    ([(2e4, "{copies}/mL"), (2e4, "copies/mL"), (2e4, "cp/mL"), (2e7, "copies/L")], 2e4, "{copies}/mL"),
    ([(20, "mAU/mL"), (20, "m[arb'U]/mL"), (20, "AU/L"), (0.02, "AU/mL")], 20, "m[arb'U]/mL"),
    ([(26, "{pack-years}"), (26, "{PackYears}"), (26, "pack years"), (26, "pack-years")], 26, "{PackYears}"),
]


@pytest.mark.parametrize(("sent", "value", "unit"), SAME, ids=[unit for *_, unit in SAME])
def test_the_same_amount_is_the_same_number(tmp_path, sent, value, unit):
    lines = [observation(str(n), valueQuantity={"value": v, "unit": u}) for n, (v, u) in enumerate(sent)]
    rows = flat(tmp_path, Observation=lines).rows("observation")
    assert {row["unit"] for row in rows} == {unit}
    assert [row["value"] for row in rows] == pytest.approx([value] * len(sent), rel=1e-15)


@pytest.mark.parametrize("unit", ["log10 IU/mL", "{Log_IU}/mL", "log copies/mL", "[log_IU]/mL", "LogIU/mL"])
def test_no_logarithm_has_a_spelling(unit):
    assert unit not in UNITS


def test_every_unit_a_rule_may_speak_is_one_that_flatten_writes():
    assert {canonical for canonical, _ in IN_CANONICAL.values()} <= {to.canonical for to in UNITS.values()}


def test_every_value_set_of_a_score_speaks_a_unit_that_is_known():
    sets = [value_set(name) for kind in SCORES.values() for name in kind.inputs]
    assert {values.unit for values in sets} - {""} <= set(IN_CANONICAL)
    assert {values.molar_unit for values in sets} - {""} <= set(IN_CANONICAL)
    assert FOLDER.problems == []


def _converted(name: str, value: float, canonical: str, unit: str) -> float | None:
    """A row as flatten writes it, in the unit asked for."""
    row = ibis.memtable({"value": [value], "unit": [canonical]})
    number = row.select(n=on_unit(row, value_set(name), unit))
    return ibis.duckdb.connect().to_pyarrow(number).to_pylist()[0]["n"]  # type: ignore[no-any-return]


def test_mass_and_amount_convert_by_the_declared_factor_both_ways():
    assert _converted("bilirubin", 34.2, "umol/L", "mg/dL") == 2
    assert _converted("bilirubin", 0.02, "g/L", "umol/L") == 34.2
    assert _converted("bilirubin", 18, "umol/L", "umol/L") == 18
    assert _converted("creatinine", 176.8, "umol/L", "mg/dL") == 2
    assert _converted("creatinine", 0.02, "g/L", "umol/L") == 176.8


def test_nothing_converts_without_a_factor():
    assert _converted("albumin", 600, "umol/L", "g/L") is None
    assert _converted("afp", 5, "[IU]/mL", "ng/mL") is None
    assert _converted("dcp", 20, "m[arb'U]/mL", "ng/mL") is None
    assert _converted("hbv-dna", 2000, "[IU]/mL", "{copies}/mL") is None
