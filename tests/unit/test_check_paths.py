"""A text or a path that fits nothing is refused, with what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.cli import main
from unit.coverage_rule import AT_RISK, DUE, HEAD, frame


@pytest.fixture(autouse=True)
def site(tmp_path, monkeypatch):
    """A folder with one rule."""
    monkeypatch.chdir(tmp_path)
    Path("rules/bone").mkdir(parents=True)
    Path("rules/bone/small.yaml").write_text(HEAD + AT_RISK + DUE + frame())


@pytest.mark.parametrize(
    ("text", "says"),
    [("is overdu e", "Did you mean “is overdue”"), ("leeves", "Did you mean “leaves”"), ("zzz", "One is called “")],
)
def test_no_case_of_that_name_is_no_green(capsys, text, says):
    assert main(["check", "rules", "--case", text]) == 2
    told = capsys.readouterr()
    assert f"no case has “{text}” in its name [no-such-case]" in told.err
    assert says in told.err
    assert "passed" not in told.out


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("rules/bonn", "Did you mean rules/bone"),
        ("rules/bone/smal.yaml", "Did you mean rules/bone/small.yaml"),
        ("smull", "small"),
        ("nowhere/at/xyz", "Rules or folders in .: rules"),
    ],
)
@pytest.mark.parametrize("word", ["check", "docs"])
def test_a_path_that_is_not_there_names_what_is(capsys, word, path, says):
    assert main([word, path]) == 2
    told = capsys.readouterr().err
    assert f"{path}: error: there is no such file or folder [no-such-path]" in told
    assert says in told
