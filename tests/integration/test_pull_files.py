"""One file of a pull, as its bytes come in."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from outreach.errors import ServerFault
from outreach.fhir.faults import Unsettled
from outreach.pull.manifest import LandedFile
from outreach.pull.ndjson import NdjsonFile

ONE = b'{"resourceType":"Patient","id":"a"}\n'
TWO = b'{ "id" : "b", "resourceType" : "Patient" }\r\n'
THREE = b'{"id":"c","contained":[{"resourceType":"Organization"}],"resourceType":"Patient"}\n'


def landed(folder: Path, *chunks: bytes, count: int | None = None, delimited: bool = True) -> LandedFile:
    with NdjsonFile("Patient", folder / "Patient.ndjson") as file:
        for chunk in chunks:
            file.write(chunk)
        return file.finish(count, delimited)


def test_chunks_may_be_cut_anywhere(tmp_path: Path) -> None:
    whole = ONE + TWO + b"\n" + THREE
    for at in range(len(whole) + 1):
        file = landed(tmp_path, whole[:at], whole[at:], count=3)
        assert file == LandedFile("Patient", "Patient.ndjson", 3, len(whole), f"{zlib.crc32(whole):08x}")
        assert (tmp_path / "Patient.ndjson").read_bytes() == whole
        (tmp_path / "Patient.ndjson").unlink()


def test_a_last_line_that_was_cut_anywhere_is_seen(tmp_path: Path) -> None:
    for at in range(1, len(THREE) - 2):
        with pytest.raises(Unsettled, match="does not begin and end with a Patient"):
            landed(tmp_path, ONE + THREE[:at])
        (tmp_path / "Patient.ndjson").unlink()


def test_a_missing_last_line_feed_is_put_there(tmp_path: Path) -> None:
    assert landed(tmp_path, ONE + THREE[:-1]).lines == 2
    assert (tmp_path / "Patient.ndjson").read_bytes() == ONE + THREE


def test_a_file_begun_again_has_nothing_of_before(tmp_path: Path) -> None:
    with NdjsonFile("Patient", tmp_path / "Patient.ndjson") as file:
        file.write(ONE + THREE[:20])
        file.begin()
        file.write(ONE)
        assert file.finish(1, True).crc32 == f"{zlib.crc32(ONE):08x}"
    assert (tmp_path / "Patient.ndjson").read_bytes() == ONE


def test_no_rows_is_a_file_of_none(tmp_path: Path) -> None:
    assert landed(tmp_path, count=0).lines == 0


def test_a_line_that_is_no_json_is_left_for_the_flattening_inside_but_not_at_an_end(tmp_path: Path) -> None:
    """There it is set aside with its number; here it would fail everybody's night for one record."""
    assert landed(tmp_path, ONE + b'{"resourceType":"Patient","id":\n' + ONE, count=3).lines == 3
    (tmp_path / "Patient.ndjson").unlink()
    with pytest.raises(Unsettled):
        landed(tmp_path, b"<html>\n" + ONE)


@pytest.mark.parametrize("line", [b'{"resourceType":"Group"}\n', b'{ "id": "x", "resourceType": "Group" }\n'])
def test_another_type_inside_fails_the_file(line: bytes, tmp_path: Path) -> None:
    with pytest.raises(ServerFault, match="another type"):
        landed(tmp_path, ONE + line + ONE)


def test_a_line_without_end_is_not_gathered_for_ever(tmp_path: Path) -> None:
    with pytest.raises(ServerFault, match="line longer than"):
        landed(tmp_path, *[b"x" * (1 << 23)] * 20)
