"""Laws of scores on bounds: the truth always lies inside, and all inputs known leave nothing open."""

from __future__ import annotations

import ibis
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from outreach.assess.scores import SCORES, UNBOUNDED
from outreach.assess.scores.bounds import rounded
from outreach.rulebook.scores import SCORES as KINDS
from unit.test_scores_plain_support import PLAIN, Truth, completions
from unit.test_scores_support import TODAY, Coded, Lab, Scored, Who, aged, all_scored

CAUSES = {97: "chronic-hepatitis-b", 54: "steatohepatitis", 36: "other-liver-disease", 0: "autoimmune-liver-disease"}
#: Input of a score by the name the ask list uses → field of the truth.
SENT = {
    "ast": ("ast", "U/L"), "alt": ("alt", "U/L"), "platelets": ("platelets", "10*9/L"),
    "bilirubin": ("bilirubin", "mg/dL"), "albumin": ("albumin", "g/dL"), "inr": ("inr", "{INR}"),
    "creatinine": ("creatinine", "mg/dL"), "sodium": ("sodium", "mmol/L"), "afp": ("afp", "ng/mL"),
    "afp-l3": ("fraction", "%"), "dcp": ("dcp", "ng/mL"), "hbv-dna": ("dna", "{copies}/mL"),
}  # fmt: skip
MAY_BE_GONE = (*SENT, "hbeag", "sex", "birth-date")


def tenths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low, high).map(lambda number: number / 10)


TRUTHS = st.builds(
    Truth,
    age=st.integers(12, 100), male=st.booleans(), ast=st.integers(5, 900), alt=st.integers(5, 900),
    platelets=st.integers(5, 600), bilirubin=tenths(2, 400), albumin=tenths(10, 55), inr=tenths(7, 60),
    creatinine=tenths(3, 90), sodium=st.integers(115, 150), afp=tenths(5, 50_000), fraction=tenths(0, 990),
    dcp=tenths(1, 9000), dna=st.integers(0, 9).map(lambda power: 3.0 * 10**power), antigen=st.booleans(),
    cirrhosis=st.booleans(), cause=st.sampled_from(tuple(CAUSES)), wet=st.integers(1, 3),
    confused=st.integers(1, 3), dialysis=st.booleans(),
)  # fmt: skip
GONE = st.frozensets(st.sampled_from(MAY_BE_GONE), max_size=4)
MELD_GONE = st.frozensets(st.sampled_from(("bilirubin", "inr", "creatinine", "sodium", "albumin", "sex")), min_size=1)
#: A failing list names the person; making it smaller would cost minutes.
NO_SHRINKING = (Phase.explicit, Phase.generate)


def recorded(t: Truth, gone: frozenset[str] = frozenset()) -> Who:
    """What a record of somebody would hold, without what is gone."""
    labs: list[Lab | Coded] = [
        Lab(name, getattr(t, field), unit) for name, (field, unit) in SENT.items() if name not in gone
    ]
    labs += [] if "hbeag" in gone else [Coded("hbeag", "hbeag-positive" if t.antigen else "hbeag-negative")]
    signs = [name for name, points in (("ascites", t.wet), ("hepatic-encephalopathy", t.confused)) if points > 1]
    has = (*(["cirrhosis"] if t.cirrhosis else []), *signs, CAUSES[t.cause])
    done = [("dialysis", day) for day in ("2026-01-28", "2026-01-31", "2026-02-24", "2026-02-27")] if t.dialysis else []
    sex = "" if "sex" in gone else "male" if t.male else "female"
    return Who("" if "birth-date" in gone else aged(t.age), sex, has, labs, done)


@given(st.lists(st.tuples(TRUTHS, GONE), min_size=40, max_size=40))
@settings(max_examples=4, phases=NO_SHRINKING)
def test_the_truth_lies_inside_the_bounds(people):
    """Of each person once everything is on record, once some of it."""
    known = [recorded(truth) for truth, _ in people]
    found = all_scored([*known, *[recorded(truth, gone) for truth, gone in people]], list(PLAIN), limit=40)
    for name, plain in PLAIN.items():
        whole, part = found[name][: len(people)], found[name][len(people) :]
        for (truth, gone), full, open_ in zip(people, whole, part, strict=True):
            _agrees(name, plain(truth), full, truth)
            for could_be in completions(truth, gone & _inputs(name)):
                assert open_.low <= plain(could_be) <= open_.high, (name, could_be, open_)


def _agrees(name: str, value: float, known: Scored, truth: Truth) -> None:
    if name == "child-pugh" and (truth.wet > 1 or truth.confused > 1):
        assert known.low <= value <= known.high
    else:
        assert known.exact == pytest.approx(value, abs=1e-9), (name, truth)
        assert known.missing == set()


def _inputs(name: str) -> frozenset[str]:
    """What can be missing of a score, for want of which it has bounds."""
    return frozenset(KINDS[name].inputs) | {"sex", "birth-date"}


@given(st.lists(st.tuples(TRUTHS, MELD_GONE), min_size=20, max_size=20))
@settings(max_examples=2, phases=NO_SHRINKING)
def test_the_bounds_of_meld_are_reached(people):
    """Not too wide either: among the extremes of what is missing are the least and the greatest score."""
    found = all_scored([recorded(truth, gone) for truth, gone in people], ["meld", "meld-na", "meld-3"])
    for name, scores in found.items():
        for (truth, gone), score in zip(people, scores, strict=True):
            reached = [PLAIN[name](could_be) for could_be in completions(truth, gone)]
            high = 40 if score.high == 40 else max(reached)
            assert (score.low, score.high) == (min(reached), high), (name, truth, gone)


def test_every_score_a_rule_may_name_is_computed():
    assert set(SCORES) == set(KINDS) == set(PLAIN)


def test_rounding_is_halves_up_and_keeps_what_is_unbounded():
    pairs = [(0.125, 0.13), (-0.125, -0.12), (1.005, 1.01), (2.675, 2.68), (-0.0, 0.0), (1e12, UNBOUNDED),
             (-1e300, -UNBOUNDED), (UNBOUNDED, UNBOUNDED), (999_999.0, 999_999.0)]  # fmt: skip
    table = ibis.memtable({"value": [value for value, _ in pairs], "at": list(range(len(pairs)))})
    low, high = rounded((table.value, table.value), 2)
    rows = ibis.duckdb.connect().to_pyarrow(table.select("at", low=low, high=high).order_by("at")).to_pylist()
    assert [(row["low"], row["high"]) for row in rows] == [(found, found) for _, found in pairs]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_is_in_doubt_or_protected_is_said(name):
    kind = KINDS[name]
    assert all((kind.source, kind.title, kind.within.count, kind.inputs))
    assert set(kind.protected) <= {"age", "sex"}
    assert kind.needs_limit == (name == "apri")


def test_scores_depend_on_age_and_sex_exactly_where_they_say_so():
    """Somebody at 40 and 70, as a man and a woman, the blood the same."""
    people = [recorded(Truth(age=age, male=male)) for age in (17, 70) for male in (True, False)]
    for name, (young_man, young_woman, old_man, old_woman) in all_scored(people, list(SCORES), limit=40).items():
        sex = (young_man.low, old_man.low) != (young_woman.low, old_woman.low)
        age = (young_man.low, young_woman.low) != (old_man.low, old_woman.low)
        assert {word for word, used in (("age", age), ("sex", sex)) if used} == set(KINDS[name].protected), name
    assert TODAY.year - 70 == int(aged(70)[:4])
