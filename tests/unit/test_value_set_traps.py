"""Value sets that look right and are not: each test asks the shipped files for the codes that must not be there.

The published sets a rule author would reach for first were made for other ends: for immunisation, for leaving
frail people out of a measure, for any platelets. Each reason stands with its codes.
"""

from __future__ import annotations

from pathlib import Path

import pycountry
import pytest

from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.criterion import Record, leaves
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import ValueSet

ROOT = Path(__file__).parents[2] / "rules"
FOLDER = CodeFolder(ROOT / "codes")
LIVER_RULES = load(sorted((ROOT / "liver").glob("*.yaml")), ROOT / "codes")
COUNTRIES = ("africa", "asia", "hepatitis-b-endemic")
ISO, RACE = "urn:iso:std:iso:3166", "urn:oid:2.16.840.1.113883.6.238"


def _set(name: str) -> ValueSet:
    found = FOLDER.get(name)
    assert found is not None, f"rules/codes/{name}.yaml cannot be read"
    return found


def _codes(name: str) -> set[str]:
    return {code.code for code in _set(name).codes}


#: value set, why a code must not be in it, the codes.
TRAPS = (
    ("chronic-hepatitis-b", "acute hepatitis B passes", "B16.0 B16.1 B16.2 B16.9"),
    ("chronic-hepatitis-b", "immune people are in the immunisation sets", "271511000 313234004"),
    ("chronic-hepatitis-b", "any hepatitis B is also an acute one", "66071002"),
    ("chronic-hepatitis-b", "a vaccination protects", "Z23"),
    ("chronic-hepatitis-c", "acute hepatitis C passes", "B17.10 B17.11 235866006"),
    ("chronic-hepatitis-c", "any hepatitis C is also an acute one", "50711007"),
    ("cirrhosis", "primary biliary cholangitis is no cirrhosis by itself", "K74.3"),
    ("cirrhosis", "scarring is not yet cirrhosis", "K74.00 K74.01 K74.02 K74.1 K74.2 K70.2 347891000119103"),
    ("cirrhosis", "a fatty liver is not yet cirrhosis", "K76.0 K75.81 197321007"),
    ("cirrhosis", "varices and high portal pressure have other causes too", "I85.00 I85.01 I85.10 I85.11 K76.6"),
    ("advanced-liver-fibrosis", "early or unstaged scarring is not advanced", "K74.00 K74.01 703866000 K70.2"),
    ("liver-cancer", "a metastasis came from elsewhere", "C78.7"),
    ("liver-cancer", "bile duct cancer is another cancer", "C22.1"),
    ("liver-cancer", "not known whether it began in the liver", "C22.9"),
    ("liver-cancer", "a relative's cancer is not the person's", "Z80.0"),
    ("afp", "units per volume: assays differ, nothing converts them", "53961-9 19176-7 83072-9"),
    ("afp", "moles are not grams", "53960-1 19177-5"),
    ("platelets", "large platelets are another count", "34167-7 48386-7 96354-6"),
    ("albumin", "moles are not grams", "54347-0"),
    ("ascites", "fluid from cancer says nothing of the liver", "R18.0"),
    ("hepatic-encephalopathy", "acute liver failure is another illness", "K72.00 K72.01"),
    ("transplanted-liver", "waiting for a liver is not having one", "Z76.82"),
    ("transplanted-liver", "a donor gave one", "Z52.6"),
    ("multiphase-liver-ct", "CPT cannot tell one phase from several", "74150 74160 74170"),
    ("multiphase-liver-ct", "one phase misses small cancers", "24815-3 30611-8"),
    ("liver-ultrasound", "stiffness is not a picture", "76981 91200 441491005"),
    ("liver-ultrasound", "a contrast ultrasound works up a finding", "76978"),
    ("race-asian", "not asked or not said is no race", "UNK ASKU OTH"),
    ("race-black", "not asked or not said is no race", "UNK ASKU OTH"),
)


@pytest.mark.parametrize(("name", "why", "codes"), TRAPS, ids=lambda part: str(part)[:40])
def test_a_trap_is_not_in_the_set(name: str, why: str, codes: str) -> None:
    assert _codes(name) & set(codes.split()) == set(), why


def test_hepatitis_b_holds_people_who_live_with_it() -> None:
    """The other side of the trap: carriers and hepatitis B with D are in."""
    assert {"B18.0", "B18.1", "61977001", "235871004", "235869004"} <= _codes("chronic-hepatitis-b")


@pytest.mark.parametrize("word", ["immun", "antibod", "vaccin", "acute type b", "acute hepatitis b"])
def test_no_code_of_hepatitis_b_speaks_of_immunity_or_of_acute_infection(word: str) -> None:
    assert [code for code in _set("chronic-hepatitis-b").codes if word in code.display.lower()] == []


def test_every_alpha_fetoprotein_is_a_mass_in_blood() -> None:
    assert [c.display for c in _set("afp").codes if "[Mass/volume] in Serum or Plasma" not in c.display] == []
    assert _set("afp").unit == "ng/mL"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cirrhosis", "advanced-liver-fibrosis"),
        ("awaiting-organ-transplant", "transplanted-liver"),
        ("chronic-hepatitis-b", "chronic-hepatitis-c"),
        ("multiphase-liver-ct", "single-phase-ct"),
        ("liver-ultrasound", "elastography"),
        ("race-asian", "race-black"),
        ("africa", "asia"),
    ],
)
def test_sets_of_different_meaning_share_no_code(one: str, other: str) -> None:
    assert _codes(one) & _codes(other) == set()


def _asked(rule: Rule, *sections: str) -> set[str]:
    """The codes of every record that these sections of a rule ask for."""
    found: set[str] = set()
    for section, line in rule.sections():
        for leaf in leaves(line.criterion):
            if section in sections and isinstance(leaf, Record):
                found |= {code.code for name in leaf.codes for code in rule.value_sets[name].codes}
    return found


@pytest.mark.parametrize("rule", LIVER_RULES, ids=lambda rule: rule.name)
def test_no_rule_ends_or_pauses_for_the_illness_it_is_about(rule: Rule) -> None:
    """HEDIS “advanced illness” holds cirrhosis: left out by it, the whole cohort would be gone."""
    ends = _asked(rule, "cannot_help", "own_choice", "not_now")
    assert ends & (_codes("cirrhosis") | _codes("chronic-hepatitis-b") | _codes("advanced-liver-fibrosis")) == set()


@pytest.mark.parametrize("rule", LIVER_RULES, ids=lambda rule: rule.name)
def test_what_never_counts_is_not_what_counts(rule: Rule) -> None:
    names = {name for kind in rule.counts for name in (*kind.report, *kind.procedure, *kind.finding)}
    done = {code.code for name in names for code in rule.value_sets[name].codes}
    never = {code.code for name in rule.never_counts for code in rule.value_sets[name].codes}
    assert never
    assert done & never == set()


@pytest.mark.parametrize(
    ("name", "modality"), [("liver-ultrasound", "US"), ("multiphase-liver-ct", "CT"), ("multiphase-liver-mri", "MR")]
)
def test_an_imaging_code_names_its_own_kind_of_picture(name: str, modality: str) -> None:
    """Public code is full of wrong maps: 24558-9, an ultrasound, stands there as “MR Brain”."""
    loinc = [code for code in _set(name).codes if code.system == "http://loinc.org"]
    assert loinc
    assert [code.display for code in loinc if not code.display.startswith(f"{modality} ")] == []


@pytest.mark.parametrize("name", COUNTRIES)
def test_a_list_of_countries_holds_countries_and_no_race(name: str) -> None:
    known = {c.alpha_2 for c in pycountry.countries} | {c.alpha_3 for c in pycountry.countries}
    codes = _set(name).codes
    assert {code.system for code in codes} == {ISO}
    assert {code.code for code in codes} <= known


@pytest.mark.parametrize("name", COUNTRIES)
def test_every_country_stands_under_both_its_codes(name: str) -> None:
    codes = _codes(name)
    countries = [c for c in pycountry.countries if {c.alpha_2, c.alpha_3} & codes]
    assert [c.alpha_2 for c in countries if not {c.alpha_2, c.alpha_3} <= codes] == []


@pytest.mark.parametrize("name", ["race-asian", "race-black"])
def test_a_race_is_no_country(name: str) -> None:
    assert {code.system for code in _set(name).codes} == {RACE}


@pytest.mark.parametrize("rule", LIVER_RULES, ids=lambda rule: rule.name)
def test_no_line_that_reads_race_invites_by_itself(rule: Rule) -> None:
    """A recorded race is not a childhood in an endemic country: it puts a person before a clinician, no more."""
    by_race = [line for line in rule.at_risk for leaf in leaves(line.criterion) if type(leaf).__name__ == "Race"]
    assert [line.name for line in by_race if line.grade not in ("C", "I")] == []
    assert by_race == [] or "race" in {entry.attribute for entry in rule.reads}


@pytest.mark.parametrize("country", ["US", "CA", "GB", "AU", "NZ", "MX"])
def test_a_country_of_low_endemicity_is_not_on_the_list(country: str) -> None:
    assert country not in _codes("hepatitis-b-endemic")


@pytest.mark.parametrize("country", ["BO", "BR", "CO", "PE", "GL"])
def test_a_country_endemic_in_part_is_neither_on_the_list_nor_off_it(country: str) -> None:
    """Somebody born there is asked further: the country alone says neither yes nor no."""
    assert country not in _codes("hepatitis-b-endemic")
    assert country in {code.code for code in _set("hepatitis-b-endemic").partly}
