"""Where any of several codings may be the one asked about, all of them are kept, first first."""

from __future__ import annotations

import pytest

from unit.test_flatten_support import SNOMED, concept, flat, observation, resource

LEFT, BREAST = "7771000", "76752008"


@pytest.mark.parametrize("type_", ["Condition", "Procedure"])
def test_every_body_site_is_kept_beside_the_first(tmp_path, type_):
    sites = [concept(text="breast"), concept(BREAST, "x", system=SNOMED), concept(LEFT, system=SNOMED)]
    row = flat(tmp_path, **{type_: [resource(type_, bodySite=sites)]}).row(type_.lower())
    assert (row["body_site"], row["sites"]) == (BREAST, [BREAST, "x", LEFT])


def test_the_codings_of_a_value(tmp_path):
    value = {"coding": [{"code": "b", "system": "urn:s"}, {"display": "words only"}, {"code": "c"}]}
    sent = [observation("1", valueCodeableConcept=value), observation("2", valueCodeableConcept={"text": "b"})]
    coded, told = flat(tmp_path, Observation=sent).rows("observation")
    assert coded["value_codes"] == ["urn:s|b", "|c"]
    assert not told["value_codes"]


def test_the_codings_of_all_conclusions(tmp_path):
    codes = [concept(text="benign"), concept("US-1", "x", system="urn:a"), concept("y", system="urn:b")]
    row = flat(tmp_path, DiagnosticReport=[resource("DiagnosticReport", conclusionCode=codes)]).row("report")
    assert row["result_codes"] == ["urn:a|US-1", "urn:a|x", "urn:b|y"]


def test_where_a_visit_ended_in_going_to(tmp_path):
    sent = [
        resource("Encounter", "1", hospitalization={"dischargeDisposition": concept("hosp", "home", system="urn:d")}),
        resource("Encounter", "2", hospitalization={}),
    ]
    home, nowhere = flat(tmp_path, Encounter=sent).rows("encounter")
    assert (home["discharge_codes"], nowhere["discharge_codes"]) == (["urn:d|hosp", "urn:d|home"], None)


def test_codings_are_kept_from_a_line_that_had_to_be_mended(tmp_path):
    broken = b'{"resourceType":"Observation","id":"1","valueCodeableConcept":{"coding":[{"system":"s","code":"b"}]},'
    night = flat(tmp_path, Observation=[broken + b'"code":{"text":"a\x01b"}}'])
    assert (night.row("observation")["value_codes"], night.report.mended) == (["s|b"], 1)
