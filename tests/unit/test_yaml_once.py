"""A file is parsed once, whatever number of steps read it; a wrong one says so each time, by its own name."""

from __future__ import annotations

import pytest

from outreach.errors import Refused
from outreach.rulebook import located
from outreach.rulebook.load import load
from outreach.rulebook.located import read, read_bytes


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """The text of each tree that is built."""
    texts: list[str] = []

    class Told(located.Tree):
        def __init__(self, source: located.Source, text: str) -> None:
            texts.append(text)
            super().__init__(source, text)

    monkeypatch.setattr(located, "Tree", Told)
    located._parsed.cache_clear()
    return texts


def test_a_rule_and_its_codes_are_parsed_once_each_and_not_again_for_the_hash(rules, parsed):
    load([rules / "aorta"], rules / "codes")
    assert len(parsed) > 5
    assert len(parsed) == len(set(parsed))
    load([rules / "aorta"], rules / "codes")
    assert len(parsed) == len(set(parsed))


def test_a_file_that_changed_is_read_anew(tmp_path, parsed):
    path = tmp_path / "a.yaml"
    for word in ("one", "two"):
        path.write_text(f"name: {word}\n", encoding="utf-8")
        assert read(path)[1].get("name").value == word


@pytest.mark.parametrize("text", ["name: a: b\n", "name: a\nname: b\n", "- a\n", "name: &x a\n"])
def test_what_is_wrong_is_said_of_each_file_that_has_it(text, parsed):
    for name in ("first.yaml", "second.yaml", "first.yaml"):
        with pytest.raises(Refused) as refusal:
            read_bytes(text.encode(), name)
        assert {problem.file for problem in refusal.value.problems} == {name}
    assert len(parsed) == 1


def test_what_is_sound_keeps_the_name_of_its_own_file():
    assert [read_bytes(b"name: a\n", name)[0].name for name in ("first.yaml", "second.yaml")] == [
        "first.yaml",
        "second.yaml",
    ]
