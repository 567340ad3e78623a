"""A new rule from its first line to its retirement, as its author meets it on the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from outreach.cli import main
from outreach.prose.words import said
from outreach.rulebook.load import load
from outreach.rulebook.model import Signed

NAME = "lung-check"
#: What the template asks its author for, and what an author puts in its place.
OWN = {
    "Say in one sentence who gets which test, and how often": "A scan of the chest every two years",
    "owner: who answers for this rule": "owner: lung nurse lead",
    "name the guideline here, or better its address": "https://example.org/guideline",
    "say what the guideline says about age": "it is for people of 50 to 74",
    "owner: who answers for it": "owner: head of the lung clinic",
    "owner: who reads reports": "owner: radiology desk",
}
OWN_CODES = {
    "What puts somebody at risk": "Smoking",
    "What was removed": "Both lungs gone",
    "The test that is offered": "CT",
    "What the test can say": "CT category",
    "A stub. Say in one or two sentences what a record with one of these codes means, and what is left out\n"
    "  on purpose.": "Made up for a test.",
    "say where each code and its display were read": "made up",
    "urn:outreach:stub": "urn:example",
    "replace-me": "A1",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scaffolded rule whose words are somebody's own, and whose codes are settled."""
    monkeypatch.chdir(tmp_path)
    assert main(["rule", "new", NAME, "--dir", "rules/lung"]) == 0
    for path, words in ((file(), OWN), *((stub, OWN_CODES | {"status: draft\n": ""}) for stub in stubs())):
        text = path.read_text(encoding="utf-8")
        for old, new in words.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def stubs() -> list[Path]:
    return sorted(Path("rules/lung/codes").glob("*.yaml"))


def file() -> Path:
    return Path(f"rules/lung/{NAME}.yaml")


def write(old: str, new: str) -> None:
    text = file().read_text(encoding="utf-8")
    assert old in text
    file().write_text(text.replace(old, new, 1), encoding="utf-8")


def approve(*words: str, by: str = "Dr A") -> int:
    return main(["approve", NAME, "--by", by, *words])


def go_live() -> tuple[int, int]:
    return approve(), approve(by="Dr B")


def unsigned() -> str:
    return load([file()], Path("rules/lung/codes"))[0].unsigned(date(2026, 3, 1))


def test_a_new_rule_passes_its_check_at_once(tmp_path, monkeypatch, capsys):
    """Commented, with stubs and cases, none of them overwritten; and it has a page."""
    monkeypatch.chdir(tmp_path)
    assert main(["rule", "new", NAME]) == 0
    assert main(["check", "--coverage", "--fail-under", "100"]) == 0
    assert "0 failed" in capsys.readouterr().out
    assert Path(f"rules/{NAME}.yaml").read_text(encoding="utf-8").count("  # ") > 10
    assert main(["docs", "--out", "pages", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [page["rule"] for page in told["pages"]] == [NAME]
    assert "What puts somebody at risk" in Path(f"pages/{NAME}.html").read_text(encoding="utf-8")
    assert main(["rule", "new", NAME]) == 2
    assert main(["rule", "new", "Not A Name"]) == 2


def test_an_untouched_template_is_not_signed_though_its_codes_are_confirmed(tmp_path, monkeypatch, capsys):
    """It passes its check, which remarks on each of its files; no --despite stands in for an author."""
    monkeypatch.chdir(tmp_path)
    assert main(["rule", "new", NAME, "--dir", "rules/lung"]) == 0
    for stub in stubs():
        stub.write_text(stub.read_text(encoding="utf-8").replace("status: draft", "status: confirmed"))
    capsys.readouterr()
    assert main(["check", "--json"]) == 0
    remarks = json.loads(capsys.readouterr().out.splitlines()[-1])["remarks"]
    assert [remark["file"] for remark in remarks] == [str(path) for path in (file(), *stubs())]
    assert {remark["name"] for remark in remarks} == {"template-unchanged"}
    assert approve("--despite", "in a hurry") == 2
    told = capsys.readouterr().err
    assert f"{file()}:5:8: error: this still says what the template says: title (line 5), owner (line 7), " in told
    assert "system (line 9) and code (line 11) [template-unchanged]" in told
    assert "status: draft " in file().read_text(encoding="utf-8")
    assert approve("--as", "retired") == 0


@pytest.mark.parametrize("left", [*OWN, *OWN_CODES])
def test_one_sentence_of_the_template_is_enough_to_be_refused(home, capsys, left):
    """Each of them, and each code of the stub, in whatever file it still stands."""
    for path, words in ((file(), OWN), *((stub, OWN_CODES) for stub in stubs())):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(words.get(left, "\0"), left), encoding="utf-8")
    assert approve("--despite", "in a hurry") == 2
    assert "[template-unchanged]" in capsys.readouterr().err


def test_what_somebody_wrote_is_no_template(home, capsys):
    """Not a remark is left once every word is an author's own."""
    capsys.readouterr()
    assert main(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["remarks"] == []


@pytest.mark.parametrize("where", ["review_by", "    review_by"])
def test_a_rule_whose_review_has_lapsed_is_not_signed(home, capsys, where):
    """Neither the rule's own nor that of what it reads; no --despite stands in for a review. It can be retired."""
    due = next(line for line in file().read_text().splitlines() if line.startswith(f"{where}: "))
    write(f"\n{due}", f"\n{where}: 2020-01-01")
    assert approve("--despite", "no time") == 2
    assert "was to be reviewed by 2020-01-01. Review it, and write a new review_by" in capsys.readouterr().err
    write(f"\n{where}: 2020-01-01", f"\n{due}")
    assert approve() == 0
    write(f"\n{due}", f"\n{where}: 2020-01-01")
    assert approve("--as", "retired") == 0


def test_a_rule_is_reviewed_then_live_then_retired(home):
    """Each step is signed in the file; only a live one invites; there is no way back."""
    assert unsigned() == "it is draft"
    assert approve("--as", "live") == 2
    assert approve() == 0
    assert unsigned() == "it is reviewed"
    assert approve(by="Dr B") == 0
    assert unsigned() == ""
    assert "# draft, reviewed, live, retired" in file().read_text(encoding="utf-8")
    assert approve("--as", "reviewed") == 2
    assert approve("--as", "retired") == 0
    assert approve() == 2
    assert approve("--as", "live") == 2
    assert main(["check"]) == 0


def test_a_change_after_the_signature_undoes_it(home):
    """A comment does not; a number does, in the rule or in its codes."""
    assert go_live() == (0, 0)
    write("# both ends included", "# both ends count")
    assert unsigned() == ""
    stub = Path(f"rules/lung/codes/{NAME}-risk.yaml")
    before = stub.read_text(encoding="utf-8")
    stub.write_text(before.replace("A1", "A2"), encoding="utf-8")
    assert "not what was signed" in unsigned()
    stub.write_text(before, encoding="utf-8")
    assert unsigned() == ""
    write("to: 74}", "to: 75}")
    assert "not what was signed" in unsigned()


def test_a_reviewed_rule_that_was_changed_is_reviewed_again(home, capsys):
    assert approve() == 0
    write("late_after: 7 days", "late_after: 1 week")
    assert approve() == 2
    assert "reviewed again" in capsys.readouterr().err
    assert approve("--as", "reviewed") == 0
    assert approve(by="Dr B") == 0


def test_each_signature_stays_in_the_rule_with_its_day(home, capsys):
    """Who reviewed, who approved and who retired it; in the file, on the page and in check."""
    day = datetime.now(UTC).date()
    reviewed, approved, retired = (Signed(step, f"Dr {step}", day) for step in ("reviewed", "live", "retired"))
    assert approve(by=reviewed.by) == 0
    assert signatures() == (reviewed,)
    assert approve(by=approved.by) == 0
    assert signatures() == (reviewed, approved)
    assert f"\nreviewed_by: Dr reviewed\nreviewed_on: {day}\n" in file().read_text(encoding="utf-8")
    assert f"\napproved_by: Dr live\napproved_on: {day}\n" in file().read_text(encoding="utf-8")
    assert main(["check"]) == 0
    assert f"is live, reviewed by Dr reviewed on {said(day)}, approved by Dr live on " in capsys.readouterr().out
    assert main(["docs", NAME, "--out", "pages"]) == 0
    page = Path(f"pages/{NAME}.html").read_text(encoding="utf-8")
    assert f"Dr reviewed, {said(day)}" in page
    assert f"Dr live, {said(day)}" in page
    assert approve("--as", "retired", by=retired.by) == 0
    assert signatures() == (reviewed, approved, retired)


def test_a_new_review_takes_back_what_was_approved_before(home):
    """A live rule that was changed starts again as a draft; the next review leaves no approval of other words."""
    assert go_live() == (0, 0)
    write("to: 74}", "to: 73}")
    for old, new in (("status: live ", "status: draft "), ("born: 1951-03-0", "born: 1952-03-0")):
        file().write_text(file().read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert approve(by="Dr C") == 0
    assert [(one.step, one.by) for one in signatures()] == [("reviewed", "Dr C")]
    assert "approved_by: nobody-yet\n" in file().read_text(encoding="utf-8")
    assert "approved_on" not in file().read_text(encoding="utf-8")


def test_one_name_does_not_sign_both_steps_by_accident(home, capsys):
    """However it is spelt; with words that stay in the rule, and a day, it may."""
    assert approve() == 0
    assert approve(by="dr. a") == 2
    assert "dr. a has also reviewed it: nobody else has looked at it" in capsys.readouterr().err
    assert approve("--despite", "nobody else is here", by="Dr A") == 0
    day = datetime.now(UTC).date()
    text = file().read_text(encoding="utf-8")
    assert f"# signed as live by Dr A on {day} despite: Dr A has also reviewed it" in text


def test_a_rule_reviewed_before_there_were_two_places_keeps_its_reviewer(home):
    """Its only name, under approved_by, is the reviewer's; it moves when somebody lets the rule go live."""
    assert approve() == 0
    lines = file().read_text(encoding="utf-8").splitlines(keepends=True)
    old = "".join(line for line in lines if not line.startswith("reviewed_"))
    file().write_text(old.replace("approved_by: nobody-yet", "approved_by: Dr A"), encoding="utf-8")
    assert signatures() == (Signed("reviewed", "Dr A"),)
    assert approve(by="Dr B") == 0
    assert [(one.step, one.by) for one in signatures()] == [("reviewed", "Dr A"), ("live", "Dr B")]
    assert unsigned() == ""


def signatures() -> tuple[Signed, ...]:
    return load([file()], Path("rules/lung/codes"))[0].signed


OPEN = [
    ("then: {status: due, due_on: 2026-03-01", "then: {status: due, due_on: 2026-03-02", "1 case failed"),
    ("# both ends included", "# 50 is unconfirmed", "says: 50 is unconfirmed"),
    ("tests: {", "# unconfirmed test\ntests: {", "unconfirmed test"),
]


@pytest.mark.parametrize(("old", "new", "told"), OPEN)
def test_what_is_open_is_not_signed_by_accident(home, capsys, old, new, told):
    """Refused with the reason, and nothing is written; signed only with words that stay in the rule."""
    write(old, new)
    before = file().read_bytes()
    assert approve() == 2
    assert told in capsys.readouterr().err
    assert file().read_bytes() == before
    assert approve("--despite", "agreed on\nTuesday") == 0
    text = file().read_text(encoding="utf-8")
    assert "# because: agreed on Tuesday\n" in text
    assert "status: reviewed " in text
    assert load([file()], Path("rules/lung/codes"))[0].approved_hash == load([file()], Path("rules/lung/codes"))[0].hash


def test_draft_codes_are_not_signed_by_accident(home, capsys):
    stub = Path(f"rules/lung/codes/{NAME}-risk.yaml")
    stub.write_text(stub.read_text(encoding="utf-8").replace("includes:", "status: draft\nincludes:"), encoding="utf-8")
    assert approve() == 2
    assert f"1 value set marked draft: {NAME}-risk" in capsys.readouterr().err


def test_codes_in_the_rule_of_which_nobody_says_where_they_were_read_are_not_signed_by_accident(home, capsys):
    """A value set has its source and its status; codes in the rule have at least their source."""
    own = "[{system: urn:example, code: a, display: A}]"
    write("at_risk:", f"codes: {{own: {own}}}\nat_risk:\n  own: {{diagnosis: own, source: {_a_source()}}}")
    assert approve() == 2
    assert "“own” does not say where a code was read" in capsys.readouterr().err


def _a_source() -> str:
    return load([file()])[0].sources[0][0]


def test_nobody_cannot_sign(home):
    assert main(["approve", NAME, "--by", " "]) == 2
    assert main(["approve", NAME, "--by", "nobody-yet"]) == 2
    assert "status: draft" in file().read_text(encoding="utf-8")
