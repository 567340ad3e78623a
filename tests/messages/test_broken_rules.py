"""Every kind of broken rule, and the exact text its author sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.rulebook.load import load

HERE = Path(__file__).parent / "rules"


@pytest.mark.parametrize("broken", sorted(path.stem for path in HERE.glob("*.yaml")))
def test_the_author_is_told_what_where_and_what_to_do(broken, rules, monkeypatch):
    """The whole message is expected output: beside each broken file stands what it must say."""
    monkeypatch.chdir(HERE)
    with pytest.raises(Refused) as refusal:
        load([Path(f"{broken}.yaml")], rules / "codes")
    assert refusal.value.exit_status == 2
    assert str(refusal.value) == (HERE / f"{broken}.txt").read_text(encoding="utf-8").rstrip("\n")
