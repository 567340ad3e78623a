"""Every kind of broken rule, and the exact text its author sees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.rulebook.load import load

RULES = Path(__file__).parent / "rules"
BROKEN = RULES / "broken"
NAMES = sorted(path.name for path in BROKEN.iterdir() if path.suffix == ".yaml" or path.name == "same-name")
#: What nobody may read in a message: pieces of the secrets in the broken rules.
SECRETS = ("hunter2", "abcdef0123456789", "MIIBVAIBADANBg", "anna:")


def _refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as refusal:
        load([path], RULES / "codes")
    return refusal.value


@pytest.mark.parametrize("broken", NAMES)
def test_the_author_is_told_what_where_and_what_to_do(broken, monkeypatch):
    """The whole message is expected output: beside each broken file stands what it must say."""
    monkeypatch.chdir(BROKEN)
    refusal = _refusal(Path(broken))
    assert refusal.exit_status == 2
    assert str(refusal) == (BROKEN / broken).with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("broken", NAMES)
def test_every_problem_has_a_place_a_name_and_a_way_out(broken, monkeypatch):
    """Line and column lie in the file, the kind of mistake has a name, and the author learns what to do."""
    monkeypatch.chdir(BROKEN)
    for problem in _refusal(Path(broken)).problems:
        assert problem.line >= 1, problem
        assert problem.column >= 1, problem
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", problem.name), problem
        assert problem.hint, problem


def test_the_rule_the_broken_ones_are_made_from_is_read():
    """So each of them is refused for what was done to it, and for nothing else."""
    assert [rule.name for rule in load([RULES / "base.yaml"], RULES / "codes")] == ["scan"]


def test_problems_of_several_files_come_together(monkeypatch):
    """One run tells of every file, in the order of their names."""
    monkeypatch.chdir(BROKEN)
    refused = load_refused([Path("grade-d.yaml"), Path("anchor.yaml"), Path("broken-value-set.yaml")])
    assert [problem.name for problem in refused.problems] == [
        *("grade-d", "anchor"),
        *("name-mismatch", "duplicate-code", "not-text", "missing-key"),
    ]


def load_refused(paths: list[Path]) -> Refused:
    with pytest.raises(Refused) as refusal:
        load(paths, RULES / "codes")
    return refusal.value


@pytest.mark.parametrize("broken", [name for name in NAMES if name.startswith("secret")])
def test_no_message_repeats_a_secret(broken):
    """Messages end in logs and screenshots; the secret stays where it is."""
    text = (BROKEN / broken).read_text(encoding="utf-8")
    assert any(secret in text for secret in SECRETS), "the file holds one of them"
    refusal = _refusal(BROKEN / broken)
    assert "secret" in [problem.name for problem in refusal.problems]
    assert not any(secret in str(refusal) for secret in SECRETS)
    assert not any(secret in problem.source for problem in refusal.problems for secret in SECRETS)


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path):
    """Some editors write them unasked; neither changes what a rule says."""
    plain = (RULES / "base.yaml").read_text(encoding="utf-8")
    (tmp_path / "windows.yaml").write_bytes(b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode())
    (tmp_path / "plain.yaml").write_text(plain, encoding="utf-8")
    windows, unix = (load([tmp_path / name], RULES / "codes")[0] for name in ("windows.yaml", "plain.yaml"))
    assert windows.hash == unix.hash


def test_a_rule_proven_elsewhere_needs_no_cases(tmp_path):
    """A measure rule is proven by public cases; a reader of a rule in the making may also do without."""
    base = (RULES / "base.yaml").read_text(encoding="utf-8")
    without = base[: base.index("cases:")]
    proven = tmp_path / "proven.yaml"
    proven.write_text(without + "proven_by: public-test-cases\n", encoding="utf-8")
    assert load([proven], RULES / "codes")[0].cases == ()
    proven.write_text(without, encoding="utf-8")
    assert load([proven], RULES / "codes", need_cases=False)[0].cases == ()
    assert [problem.name for problem in load_refused([proven]).problems] == ["no-cases"]
