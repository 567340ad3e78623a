"""Where a rule finds its value sets: its own, those beside it, the site's, and those others publish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule

EXAMPLES = Path(__file__).parents[1] / "messages" / "rules"
BASE = (EXAMPLES / "base.yaml").read_text(encoding="utf-8")
SNOMED, OID = "http://snomed.info/sct", "2.16.840.1.113883.3.464.1003.101.12.1001"


def _code(code: str, **more: object) -> dict[str, object]:
    return {"system": SNOMED, "code": code, "display": f"code {code}", **more}


def _published(folder: Path, file: str, title: str, codes: list[dict[str, object]], **more: object) -> None:
    resource = {"resourceType": "ValueSet", "title": title, "expansion": {"contains": codes}, **more}
    (folder / f"{file}.json").write_text(json.dumps(resource), encoding="utf-8")


def _load(tmp_path: Path, asked: str, more: Path | None = None) -> Rule:
    path = tmp_path / "rule.yaml"
    path.write_text(BASE.replace("diagnosis: cirrhosis", asked), encoding="utf-8")
    return load([path], EXAMPLES / "codes", more=more)[0]


def _refused(tmp_path: Path, asked: str, more: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        _load(tmp_path, asked, more)
    return [(problem.name, problem.what) for problem in refusal.value.problems]


@pytest.fixture
def more(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    folder.mkdir()
    identifier = [{"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{OID}"}]
    _published(folder, "a", "Office Visit", [_code("1")], id="office", name="OfficeVisits", identifier=identifier)
    return folder


@pytest.mark.parametrize("name", ["office-visit", "office-visits", "office", OID])
def test_a_published_set_goes_by_title_name_id_or_oid(name, tmp_path, more):
    """Whichever of them the author knows."""
    rule = _load(tmp_path, f"visit: {name}", more)
    assert rule.at_risk[0].criterion.codes == (name,)
    assert [code.code for code in rule.value_sets[name].codes] == ["1"]


def test_codes_at_every_level_of_an_expansion_count(tmp_path, more):
    """An abstract entry only groups others; a Bundle may hold several sets."""
    group = _code("group", abstract=True, contains=[_code("2", contains=[_code("3")])])
    inner = {"resourceType": "ValueSet", "title": "Grouped", "expansion": {"contains": [group]}}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": inner}, {"resource": {"resourceType": "Measure"}}]}
    (more / "bundle.json").write_text(json.dumps(bundle), encoding="utf-8")
    rule = _load(tmp_path, "visit: grouped", more)
    assert [code.code for code in rule.value_sets["grouped"].codes] == ["2", "3"]


def test_two_sets_of_one_title_that_differ_are_not_chosen_between(tmp_path, more):
    """Their ids still tell them apart."""
    _published(more, "b", "Office Visit", [_code("9")], id="other")
    told = [("ambiguous-value-set", "several value sets are called “office-visit” and differ: a.json and b.json")]
    assert _refused(tmp_path, "visit: office-visit", more) == told
    assert _load(tmp_path, "visit: other", more).value_sets["other"].codes[0].code == "9"


def test_the_same_set_twice_is_one_set(tmp_path, more):
    """Measures carry their own copies; the order of codes is no difference."""
    _published(more, "b", "Two Codes", [_code("1"), _code("2")], id="x")
    _published(more, "c", "Two Codes", [_code("2"), _code("1")], id="y")
    assert len(_load(tmp_path, "visit: two-codes", more).value_sets["two-codes"].codes) == 2


def test_codes_that_a_definition_lists_one_by_one_count(tmp_path, more):
    """Where there is no expansion, the definition itself may say every code."""
    concepts = [{"code": "1", "display": "one"}, {"code": "2"}]
    _published(more, "b", "Listed", [], compose={"include": [{"system": SNOMED, "concept": concepts}]})
    found = _load(tmp_path, "visit: listed", more).value_sets["listed"]
    assert [(code.system, code.code, code.display) for code in found.codes] == [(SNOMED, "1", "one"), (SNOMED, "2", "")]


CONCEPT = {"system": SNOMED, "concept": [{"code": "1"}]}


@pytest.mark.parametrize(
    ("more_keys", "why"),
    [
        ({}, "it is empty"),
        ({"compose": {"include": [{"system": SNOMED}]}}, "it is not expanded"),
        ({"compose": {"include": [CONCEPT, {"valueSet": ["http://example.org/other"]}]}}, "it is not expanded"),
        ({"compose": {"include": [CONCEPT | {"filter": [{"property": "concept"}]}]}}, "it is not expanded"),
        ({"compose": {"include": [CONCEPT], "exclude": [CONCEPT]}}, "it is not expanded"),
        ({"expansion": {"total": 3, "contains": [_code("1"), _code("2")]}}, "its expansion holds 2 of 3 codes"),
    ],
)
def test_a_published_set_that_is_not_whole_is_a_problem(more_keys, why, tmp_path, more):
    """A part taken for the whole makes criteria false in silence."""
    _published(more, "b", "In Part", [], **more_keys)
    assert _refused(tmp_path, "visit: in-part", more) == [
        ("not-whole", f"the value set “in-part” cannot be used: {why}"),
    ]


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"resourceType": "ValueSet"'])
def test_a_file_that_is_not_json_is_told_of(raw, tmp_path, more):
    (more / "odd.json").write_bytes(raw)
    assert _refused(tmp_path, "visit: office-visit", more)[0][0] == "not-json"


def test_the_sites_own_files_come_before_published_ones(tmp_path, more):
    """And a folder beside the rule before both; the rule's own codes before all."""
    _published(more, "b", "Cirrhosis", [_code("published")], id="b")
    assert _load(tmp_path, "diagnosis: cirrhosis", more).value_sets["cirrhosis"].codes[0].code == "19943007"
    beside = tmp_path / "codes"
    beside.mkdir()
    text = (EXAMPLES / "codes" / "cirrhosis.yaml").read_text(encoding="utf-8").replace("19943007", "38341003")
    (beside / "cirrhosis.yaml").write_text(text, encoding="utf-8")
    assert _load(tmp_path, "diagnosis: cirrhosis", more).value_sets["cirrhosis"].codes[0].code == "38341003"
    own = "codes:\n  cirrhosis: [{system: urn:example, code: own, display: Own}]\n"
    (tmp_path / "rule.yaml").write_text(BASE.replace("tests:", own + "tests:"), encoding="utf-8")
    rule = load([tmp_path / "rule.yaml"], EXAMPLES / "codes", more=more)[0]
    assert rule.at_risk[0].criterion.codes == ("scan:cirrhosis",)
    assert "cirrhosis" not in rule.value_sets


def test_a_set_that_states_no_unit_takes_the_labs(tmp_path, more):
    """Published sets have no unit; the first lab gives it, and a second one must agree."""
    _published(more, "b", "HbA1c", [{"system": "http://loinc.org", "code": "4548-4", "display": "HbA1c"}], id="b")
    lab = "lab: {name: hba1c, from: 9, unit: '%'}"
    assert _load(tmp_path, lab, more).value_sets["hba1c"].unit == "%"
    twice = "all: [{lab: {name: hba1c, from: 9, unit: '%'}}, {lab: {name: hba1c, from: 75, unit: mmol/mol}}]"
    assert _refused(tmp_path, twice, more) == [("wrong-unit", "“mmol/mol” is not the unit of hba1c")]


def test_rising_values_are_compared_in_the_unit_it_says_where_the_set_states_none(tmp_path, more):
    """Without one there is nothing to compare in; a lab that was read before says it too."""
    _published(more, "b", "HbA1c", [{"system": "http://loinc.org", "code": "4548-4", "display": "HbA1c"}], id="b")
    rising = "rising: {name: hba1c, values: 3, within: 1 year"
    assert _load(tmp_path, f"{rising}, unit: '%'}}", more).value_sets["hba1c"].unit == "%"
    assert _refused(tmp_path, rising + "}", more) == [
        ("no-unit", "the numbers of “HbA1c” have no unit to compare them in"),
    ]
    lab = "lab: {name: hba1c, from: 9, unit: '%'}"
    assert _load(tmp_path, f"all: [{{{lab}}}, {{{rising}}}}}]", more).value_sets["hba1c"].unit == "%"


def test_countries_of_which_a_part_is_meant_are_kept_apart(tmp_path):
    """Somebody born there is unknown, not no; only born-in can ask such a list."""
    beside = tmp_path / "codes"
    beside.mkdir()
    text = (EXAMPLES / "broken" / "codes" / "partly.yaml").read_text(encoding="utf-8")
    (beside / "partly.yaml").write_text(text, encoding="utf-8")
    why = "  birthplace: {why: w, source: aasld, owner: o, review_by: 2027-01-01}\n"
    path = tmp_path / "rule.yaml"
    asked = BASE.replace("diagnosis: cirrhosis", "born-in: partly").replace("reads:\n", "reads:\n" + why)
    path.write_text(asked, encoding="utf-8")
    found = load([path], EXAMPLES / "codes")[0].value_sets["partly"]
    assert [code.code for code in found.codes] == ["GH"]
    assert [code.code for code in found.partly] == ["BR"]
    both = text + "      - {code: GH, display: Ghana}\n"
    (beside / "partly.yaml").write_text(both, encoding="utf-8")
    with pytest.raises(Refused, match="the code GH stands under includes and under partly"):
        load([path], EXAMPLES / "codes")


def test_codes_in_a_rule_say_where_they_were_read_or_a_remark_says_that_they_do_not(tmp_path):
    """A remark refuses nothing; the place is that of the first code that says nothing."""
    said = "[{system: urn:example, code: a, display: A, source: aasld}, {system: urn:example, code: b, display: B}]"
    path = tmp_path / "rule.yaml"
    path.write_text(
        BASE.replace("tests:", f"codes:\n  own: {said}\ntests:").replace("diagnosis: cirrhosis", "diagnosis: own")
    )
    (remark,) = load([path], EXAMPLES / "codes", need_cases=False)[0].remarks
    assert (remark.line, remark.column, remark.level, remark.name) == (9, 68, "remark", "codes-without-source")
    assert remark.what == "“own” does not say where a code was read"
    path.write_text(path.read_text().replace("display: B}", "display: B, source: aasld}"))
    assert load([path], EXAMPLES / "codes", need_cases=False)[0].remarks == ()
