"""What a site can say about how its server is pulled from."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.reach import Reach
from outreach.settings import Settings, read_settings

REST = """
site: {name: Clinic, phone: "1", time_zone: America/New_York}
programmes: [{rule: hcc-surveillance}]
home: home
"""


def settings(folder: Path, server: str) -> Settings:
    path = folder / "site.yaml"
    path.write_text(f"server: {{url: https://fhir.example.org/r4{server}}}{REST}", encoding="utf-8")
    return read_settings(path)


def test_what_holds_where_nothing_is_said(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert (found.bulk, found.bulk_kickoff, found.requests_per_second, found.longest_poll_s) == (True, "auto", 0, 300)


@pytest.mark.parametrize("kickoff", ["auto", "get", "post"])
def test_the_way_of_the_start_and_the_pace(kickoff: str, tmp_path: Path) -> None:
    found = settings(tmp_path, f", bulk_kickoff: {kickoff}, requests_per_second: 20")
    assert (found.bulk_kickoff, found.requests_per_second) == (kickoff, 20)


@pytest.mark.parametrize("wrong", ["bulk_kickoff: put", "requests_per_second: -1", "requests_per_second: 1.5"])
def test_what_is_neither_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        settings(tmp_path, f", {wrong}")


def test_whom_and_how_the_server_is_reached(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("", encoding="utf-8")
    assert settings(tmp_path, "").reach == Reach()
    way = "group: Group/liver, ca_file: ca.pem, aliases: [http://inner/r4], file_hosts: [https://files.example.org/x]"
    told = Reach("liver", tmp_path / "ca.pem", ("http://inner/r4",), ("https://files.example.org/x",), True)
    assert settings(tmp_path, f", {way}, identifiers_in_urls: true").reach == told


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ("group: 'liver clinic'", "not-an-id"),
        ("group: ..", "not-an-id"),
        ("group: liver, bulk: false", "group-needs-bulk"),
        ("ca_file: absent.pem", "no-file"),
        ("aliases: [inner]", "not-an-address"),
        ("file_hosts: ['https://me:secret@files']", "not-an-address"),
    ],
)
def test_what_cannot_be_reached_so_is_told(wrong: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        settings(tmp_path, f", {wrong}")
    assert [problem.name for problem in refusal.value.problems] == [name]
