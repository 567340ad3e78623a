"""A criterion is said as a nurse would say it, and its denial too."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from outreach.domain.calendar import Period
from outreach.prose.criterion import outline, sentence
from outreach.prose.leaves import phrase
from outreach.prose.sets import results_named
from outreach.prose.windows import stretch
from outreach.prose.words import listed, quantity, readable_unit, said
from outreach.rulebook.criterion import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Booked,
    DateOf,
    Defined,
    Ethnicity,
    Lab,
    Language,
    Leaf,
    Not,
    Origin,
    Race,
    Record,
    Rising,
    ScanResult,
    ScoreIs,
    Sex,
    SexAtBirth,
)
from outreach.rulebook.terms import Code, Stretch, ValueSet, Window
from unit.docs_rule import CIRRHOSIS, SETS, YEAR, rule

TWO_YEARS = Period(2, "years")
SAID = [
    (CIRRHOSIS, "has a diagnosis of “cirrhosis of the liver, any cause”, at any time"),
    (
        Record("diagnosis", ("liver-cancer",), Window("within", TWO_YEARS), active=True),
        "has an active diagnosis of “liver cancer” begun in the last 2 years",
    ),
    (
        Record("procedure", ("liver-ct",), Window("for", Period(1, "years")), count=2),
        "has had the procedure “CT of the liver” done 1 year ago or earlier, on at least 2 different days",
    ),
    (Record("visit", (), Window("during", None, YEAR), settings=("IMP",)),
     "has had a visit as an inpatient begun and ended in “year”"),
    (Record("visit", ("liver-imaging",), settings=("ambulatory", "virtual")),
     "has had a visit of the kind “liver imaging” as an outpatient or by telephone or video, at any time"),
    (Record("finding", ("frailty",), value="walking-aid", which="latest", absent="unknown"),
     "has a recorded “frailty <b>or</b> weakness” whose value is one of “walking aid”, at any time, only the latest "
     "being looked at, and not known where none is recorded"),
    (Record("open-order", ("liver-ct",)), "has an open order for “CT of the liver”"),
    (Record("close-relative", ("liver-cancer",)), "has a parent, brother, sister or child with “liver cancer”"),
    (Record("coverage", ("frailty",), Window("overlaps", None, YEAR)),
     "has insurance of the kind “frailty <b>or</b> weakness” that held at some time during “year”"),
    (Record("medicine", ("frailty",), Window("ends_in", None, YEAR)),
     "has a prescription of “frailty <b>or</b> weakness” that ended in “year”"),
    (Sex("female"), "is recorded as female"),
    (SexAtBirth("male", or_sex=True),
     "was recorded as male at birth (or, where that is not recorded, is recorded as male)"),
    (Age(50, 74), "is 50 to 74 years old"),
    (Age(None, 74), "is 74 or younger"),
    (Age(18, None, YEAR), "is 18 or older at the start of “year”"),
    (Origin("endemic"), "was born in a country on the list “countries where hepatitis B is common”"),
    (Race("frailty"), "has a recorded race on the list “frailty <b>or</b> weakness”"),
    (Ethnicity("frailty"), "has a recorded ethnicity on the list “frailty <b>or</b> weakness”"),
    (Language(("es", "vi")), "prefers Spanish or Vietnamese"),
    (ScoreIs("page-b", 10, 18, TWO_YEARS),
     "has a PAGE-B score of 10 or more and below 18 (from values in the last 2 years)"),
    (ScoreIs("child-pugh", 10, None, Period(1, "years")),
     "has a Child-Pugh score of 10 or more, which is class C (from values in the last year)"),
    (ScanResult(("US-3",)), "has US-3 (positive) as the result of the latest test that counts"),
    (ScanResult(("uncoded",)), "has a result that nobody has coded in the latest test that counts"),
    (ScanResult((), ("fit", "sdna")), "has had a test of the kind “fit” or “sdna”"),
    (Lab("platelets", None, 150, TWO_YEARS),
     "has “platelets in blood” below 150 × 10⁹/L (the latest value in the last 2 years); not known where "
     "there is none"),
    (Lab("afp", 20, None, None, which="any"),
     "has “alpha-fetoprotein in blood, by mass” of 20 ng/mL or more (any value); not known where there is none"),
    (Rising("afp", 3, Period(12, "months")),
     "has rising values of “alpha-fetoprotein in blood, by mass”: each of the last 3 in the last 12 months is higher "
     "than the one before"),
    (Lab("afp", 20, None, None, absent="no"),
     "has “alpha-fetoprotein in blood, by mass” of 20 ng/mL or more (the latest value); no where there is none"),
    (DateOf("frailty", "within", TWO_YEARS, absent="no"),
     "has a day stated in “frailty <b>or</b> weakness” that lies in the last 2 years; no where there is none"),
    (DateOf("frailty", "for", TWO_YEARS),
     "has a day stated in “frailty <b>or</b> weakness” that lies 2 years ago or earlier; not known where there is "
     "none"),
    (Booked("liver-imaging"), "has a booked appointment, today or later, of the kind “liver imaging”"),
]  # fmt: skip


@pytest.mark.parametrize(("criterion", "words"), SAID, ids=[words[:40] for _, words in SAID])
def test_a_criterion_is_a_sentence(criterion, words):
    """What it asks, when, how often, and what an absence means."""
    assert sentence(criterion, rule()) == words


def test_every_word_of_the_language_is_said():
    """A new kind of criterion has words before it has a rule."""
    said_of = {type(criterion) for criterion, _ in SAID}
    assert said_of == set(get_args(Leaf))


@pytest.mark.parametrize("criterion", [criterion for criterion, _ in SAID])
def test_every_sentence_can_be_denied(criterion):
    """No word is denied by putting “not” before a sentence."""
    words = phrase(criterion, rule())
    assert sentence(Not(criterion), rule()) == words.denied != str(words)
    assert sentence(Not(Not(criterion)), rule()) == str(words)


def test_what_is_nested_stays_clear():
    """Commas inside parts do not blur which part belongs to which."""
    man, old = Sex("male"), Age(40, None)
    assert sentence(All((man, AnyOf((old, Origin("endemic"))))), rule()) == (
        "is recorded as male and (is 40 or older or was born in a country on the list "
        "“countries where hepatitis B is common”)"
    )
    assert sentence(AtLeast(2, (man, old)), rule()) == "meets at least 2 of these: is recorded as male; is 40 or older"
    assert sentence(Not(AnyOf((man, old))), rule()) == "meets none of these: is recorded as male; is 40 or older"
    assert sentence(Not(AtLeast(2, (man, old))), rule()).startswith("meets fewer than 2 of these: ")
    assert sentence(Defined("frail", man), rule()) == "meets the definition “frail”"


def test_a_long_criterion_is_an_outline():
    """Three parts or more stand below each other; two stay a sentence."""
    parts = (Sex("male"), Age(40, None), AnyOf((CIRRHOSIS, AtLeast(1, (CIRRHOSIS,)))))
    found = outline(All(parts), rule())
    assert found.text == "meets all of these:"
    assert [part.text for part in found.parts] == ["is recorded as male", "is 40 or older", "meets any of these:"]
    assert [part.text for part in found.parts[2].parts][1] == "meets any of these:"
    assert outline(All(parts[:2]), rule()).parts == ()
    assert outline(Not(All(parts[:2])), rule()).text == "does not meet all of these together:"


def test_a_named_stretch_says_which_days_it_holds():
    wide = Stretch("wide", "with-before", Period(15, "months"), YEAR)
    assert stretch(YEAR) == "the year up to and including the day asked about"
    assert stretch(wide) == "“year” and the 15 months before it"
    assert stretch(Stretch("prior", "before", Period(2, "years"), YEAR)) == "the 2 years right before “year”"


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("10*9/L", "× 10⁹/L"), ("10*3/uL", "× 10³/µL"), ("ug/L", "µg/L"), ("umol/L", "µmol/L"), ("1", ""), ("{INR}", ""),
     ("[IU]/mL", "IU/mL"), ("kg/m2", "kg/m²"), ("mm[Hg]", "mmHg"), ("%", "%"), ("U/L", "U/L"),
     ("{PackYears}", "PackYears")],
)  # fmt: skip
def test_units_are_readable(unit, shown):
    assert readable_unit(unit) == shown


def test_results_are_said_by_their_meaning():
    """A category has its name and meaning; a code nobody knows by heart has its words, once."""
    made = ValueSet(
        "us-lirads",
        "Result",
        (
            Code("http://snomed.info/sct", "10828004", "Positive (qualifier value)"),
            Code("http://loinc.org", "LA6576-8", "Positive"),
            Code("x", "US-3", "Positive"),
            Code("x", "clear", "Clear"),
        ),
    )
    found = rule(value_sets={**SETS, "us-lirads": made})
    named = results_named(["10828004", "LA6576-8", "US-3", "clear", "uncoded"], found)
    assert named == ["“positive”", "US-3 (positive)", "clear", "a result nobody has coded"]


def test_small_words():
    assert said(date(2026, 3, 1)) == "1 March 2026"
    assert quantity(2.50, "%") == "2.5%"
    assert quantity(1.0, "1") == "1"
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")) == ("a", "a and b", "a, b or c")
