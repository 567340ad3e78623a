"""What slipped into a list, and what is no proof of a member: both stay gaps."""

from __future__ import annotations

from unit.coverage_rule import AT_RISK, DUE, HEAD, ILL, cases, frame, small

TWO = "diagnosis: [cirrhosis, chronic-hepatitis-b]"
ONE_MORE = AT_RISK.replace("diagnosis: cirrhosis", TWO)
B = cases({"takes B": ("diagnoses: {chronic-hepatitis-b: 2020}", "status: overdue")})


def test_a_diagnosis_that_slipped_into_a_list_is_not_shown(tmp_path):
    """The one that nobody has is named, with the person who would show it."""
    assert small(tmp_path, HEAD + ONE_MORE + DUE + frame() + B).gaps() == set()
    wrong = ONE_MORE.replace("hepatitis-b]", "hepatitis-b, ascites]")
    (gap,) = small(tmp_path, HEAD + wrong + DUE + frame() + B).coverage().gaps()
    assert gap.what.endswith("never decides through ascites")
    assert gap.case == (
        "a person of whom it is true through ascites and nothing else in this list, and of whom the line would say "
        "otherwise if it were not; if there should be none, take it out of the list"
    )


def test_a_kind_of_record_that_nobody_has_is_not_shown(tmp_path):
    more = DUE.replace("procedure: colonoscopy", "procedure: colonoscopy, finding: stool-blood-test")
    (gap,) = small(tmp_path, HEAD + AT_RISK + more + frame()).coverage().gaps()
    assert gap.what == "colonoscopy never counts through finding: stool-blood-test"
    assert gap.case == (
        "a person whose answer comes from a colonoscopy given as stool-blood-test under findings or labs; "
        "if none should count, take it away"
    )


def test_a_record_that_decides_nothing_shows_no_kind(tmp_path):
    """Somebody died, and another kind of test of that day says the same."""
    more = DUE.replace("procedure: colonoscopy}", "procedure: colonoscopy}, film: {report: ct-colonography}")
    more += "  - {test: film, due: never-again, source: s}\n"
    dead = f"died: 2026-01, {ILL}, scans: {{ct-colonography: 2020-01-20}}"
    both = f"{ILL}, procedures: {{colonoscopy: 2020-01-20}}, scans: {{ct-colonography: 2020-01-10}}"
    shown = cases({"leaves the dead": (dead, "status: excluded"), "has two": (both, "status: up-to-date")})
    assert small(tmp_path, HEAD + AT_RISK + more + frame() + shown).gaps() == {
        "film never counts through report: ct-colonography",
        "the row for film never decides",
    }


def test_a_code_that_two_value_sets_share_shows_both(tmp_path):
    """No case could tell them apart, for a case takes the first code of a value set."""
    code = '- {system: http://snomed.info/sct, code: "260385009", display: Negative}'
    codes = f"codes:\n  one:\n    {code}\n  two:\n    {code}\n"
    at_risk = AT_RISK.replace("diagnosis: cirrhosis", "diagnosis: [cirrhosis, one, two]")
    shown = cases({"takes one": ("diagnoses: {one: 2020}", "status: overdue")})
    assert small(tmp_path, HEAD + codes + at_risk + DUE + frame() + shown).gaps() == set()
