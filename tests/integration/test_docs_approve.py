"""A new rule from its first line to its retirement, as its author meets it on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from outreach.cli import main
from outreach.rulebook.load import load

NAME = "lung-check"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scaffolded rule whose codes are settled."""
    monkeypatch.chdir(tmp_path)
    assert main(["rule", "new", NAME, "--dir", "rules/lung"]) == 0
    for stub in Path("rules/lung/codes").glob("*.yaml"):
        stub.write_text(stub.read_text(encoding="utf-8").replace("status: draft\n", ""), encoding="utf-8")
    return tmp_path


def file() -> Path:
    return Path(f"rules/lung/{NAME}.yaml")


def write(old: str, new: str) -> None:
    text = file().read_text(encoding="utf-8")
    assert old in text
    file().write_text(text.replace(old, new, 1), encoding="utf-8")


def approve(*words: str) -> int:
    return main(["approve", NAME, "--by", "Dr A", *words])


def unsigned() -> str:
    return load([file()], Path("rules/lung/codes"))[0].unsigned(date(2026, 3, 1))


def test_a_new_rule_passes_its_check_at_once(tmp_path, monkeypatch, capsys):
    """Commented, with stubs and cases, none of them overwritten; and it has a page."""
    monkeypatch.chdir(tmp_path)
    assert main(["rule", "new", NAME]) == 0
    assert main(["check"]) == 0
    assert "0 failed" in capsys.readouterr().out
    assert Path(f"rules/{NAME}.yaml").read_text(encoding="utf-8").count("  # ") > 10
    assert main(["docs", "--out", "pages", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [page["rule"] for page in told["pages"]] == [NAME]
    assert "What puts somebody at risk" in Path(f"pages/{NAME}.html").read_text(encoding="utf-8")
    assert main(["rule", "new", NAME]) == 2
    assert main(["rule", "new", "Not A Name"]) == 2


def test_a_rule_is_reviewed_then_live_then_retired(home):
    """Each step is signed in the file; only a live one invites; there is no way back."""
    assert unsigned() == "it is draft"
    assert approve("--as", "live") == 2
    assert approve() == 0
    assert unsigned() == "it is reviewed"
    assert approve() == 0
    assert unsigned() == ""
    assert "# draft, reviewed, live, retired" in file().read_text(encoding="utf-8")
    assert approve("--as", "reviewed") == 2
    assert approve("--as", "retired") == 0
    assert approve() == 2
    assert approve("--as", "live") == 2
    assert main(["check"]) == 0


def test_a_change_after_the_signature_undoes_it(home):
    """A comment does not; a number does, in the rule or in its codes."""
    assert (approve(), approve()) == (0, 0)
    write("# both ends included", "# both ends count")
    assert unsigned() == ""
    stub = Path(f"rules/lung/codes/{NAME}-risk.yaml")
    before = stub.read_text(encoding="utf-8")
    stub.write_text(before.replace("replace-me", "replaced"), encoding="utf-8")
    assert "not what was signed" in unsigned()
    stub.write_text(before, encoding="utf-8")
    assert unsigned() == ""
    write("to: 74}", "to: 75}")
    assert "not what was signed" in unsigned()


def test_a_reviewed_rule_that_was_changed_is_reviewed_again(home, capsys):
    assert approve() == 0
    write("to: 74}", "to: 75}")
    assert approve() == 2
    assert "reviewed again" in capsys.readouterr().err
    assert approve("--as", "reviewed") == 0
    assert approve() == 0


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


def test_nobody_cannot_sign(home):
    assert main(["approve", NAME, "--by", " "]) == 2
    assert main(["approve", NAME, "--by", "nobody-yet"]) == 2
    assert "status: draft" in file().read_text(encoding="utf-8")
