"""Files as servers send them: several per type, gzipped, cut, mislabelled, over-long; and the folder that results."""

from __future__ import annotations

import gzip
import json
import os
import stat

import pytest

from outreach.flatten import flatten
from outreach.flatten.duck import LONGEST_LINE
from unit.test_flatten_support import PROVENANCE, Flattened, flat, flat_files, line, ndjson, observation, resource


def many(prefix: str, count: int) -> list[dict]:
    return [observation(f"{prefix}{n}", note=[{"text": os.urandom(30).hex()}]) for n in range(count)]


def ids(night: Flattened, table: str = "observation") -> list[str]:
    return [row["id"] for row in night.rows(table)]


def test_all_files_of_a_type_are_one_table_in_their_order(tmp_path):
    files = {
        "Observation.10.ndjson": ndjson(many("c", 3)),
        "Observation.2.ndjson.gz": gzip.compress(ndjson(many("b", 3))),
        "Observation.ndjson": ndjson(many("a", 3)),
        "Observation.3.ndjson": b"",
    }
    night = flat_files(tmp_path, files)
    assert ids(night) == [f"{prefix}{n}" for prefix in "abc" for n in range(3)]
    assert night.report.lines == {
        "Observation.ndjson": 3, "Observation.2.ndjson.gz": 3, "Observation.3.ndjson": 0, "Observation.10.ndjson": 3,
    }  # fmt: skip


def test_each_row_says_which_file_it_came_from(tmp_path):
    night = flat_files(
        tmp_path, {"Slot.ndjson": line(resource("Slot", "1")), "Slot.2.ndjson": line(resource("Slot", "2"))}
    )
    assert [(row["id"], row["file"]) for row in night.rows("slot")] == [("1", "Slot.ndjson"), ("2", "Slot.2.ndjson")]


def test_only_files_of_exactly_that_type_are_read(tmp_path):
    slot = line(resource("Slot", "1"))
    names = ["Slots.ndjson", "MySlot.ndjson", "Slot.json", "Slot.ndjson.part", "slot.ndjson", "SlotX.2.ndjson"]
    night = flat_files(tmp_path, {**dict.fromkeys(names, slot), "manifest.json": b"{}", "Medication.ndjson": b"{"})
    assert (night.rows("slot"), night.report.lines, night.report.quarantined) == ([], {}, 0)


@pytest.mark.parametrize("where", [1, 2, 3])
def test_a_broken_file_costs_only_itself(tmp_path, where):
    files = {f"Observation.{n}.ndjson": ndjson(many(f"f{n}-", 50)) for n in (1, 2, 3)}
    files[f"Observation.{where}.ndjson"] = ndjson([*many(f"f{where}-", 49), b'{"resourceType":"Obser'])
    night = flat_files(tmp_path, files)
    whole = [f"f{n}-{i}" for n in (1, 2, 3) for i in range(50) if (n, i) != (where, 49)]
    assert ids(night) == whole
    assert night.quarantine == [(f"Observation.{where}.ndjson", 50, None, "not-json")]


@pytest.mark.parametrize("kept", [0.9999, 0.9, 0.5, 0.1])
def test_a_cut_gzip_costs_what_is_behind_the_cut(tmp_path, kept):
    whole = gzip.compress(ndjson(many("g", 2000)))
    files = {
        "Observation.ndjson": ndjson(many("a", 20)),
        "Observation.2.ndjson.gz": whole[: int(len(whole) * kept)],
        "Observation.3.ndjson": ndjson(many("b", 20)),
    }
    night = flat_files(tmp_path, files)
    got = [each for each in ids(night) if each.startswith("g")]
    assert got == [f"g{n}" for n in range(len(got))]
    assert len(got) >= 2000 * kept - 400
    assert [each for each in ids(night) if not each.startswith("g")] == [f"{p}{n}" for p in "ab" for n in range(20)]
    assert [entry[0::3] for entry in night.quarantine] == [("Observation.2.ndjson.gz", "gzip-cut")]
    assert night.quarantine[0][1] == len(got) + 1


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_nothing_of_a_damaged_gzip_is_taken_for_certain(tmp_path, where):
    """One flipped bit changes what comes after it into other well-formed lines: ids that never were."""
    damaged = bytearray(gzip.compress(ndjson(many("g", 2000))))
    damaged[int(len(damaged) * where)] ^= 0x01
    night = flat_files(
        tmp_path, {"Observation.ndjson": ndjson(many("a", 20)), "Observation.2.ndjson.gz": bytes(damaged)}
    )
    assert ids(night) == [f"a{n}" for n in range(20)]
    assert {entry[0::3] for entry in night.quarantine} == {("Observation.2.ndjson.gz", "gzip-damaged")}
    assert night.report.lines["Observation.2.ndjson.gz"] == len(night.quarantine)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Observation.ndjson.gz", ndjson(many("a", 30))),
        ("Observation.ndjson", gzip.compress(ndjson(many("a", 30)))),
        ("Observation.ndjson.gz", b"".join(gzip.compress(ndjson([each])) for each in many("a", 30))),
        ("Observation.ndjson.gz", gzip.compress(ndjson(many("a", 30))) + b"\0" * 512),
    ],
    ids=["plain-called-gz", "gz-called-plain", "a-member-each", "zero-padded"],
)
def test_what_a_file_is_counts_not_its_name(tmp_path, name, content):
    night = flat_files(tmp_path, {name: content})
    assert ids(night) == [f"a{n}" for n in range(30)]
    assert night.quarantine == []


def test_an_empty_gzip_file_is_no_lines(tmp_path):
    night = flat_files(tmp_path, {"Observation.ndjson.gz": b"", "Observation.2.ndjson.gz": gzip.compress(b"")})
    assert (ids(night), night.quarantine) == ([], [])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("size", [3 * LONGEST_LINE, 5 * LONGEST_LINE])
def test_a_line_over_the_limit_costs_only_itself(tmp_path, size, packed):
    huge = line(observation("huge", subject={"reference": "Patient/big"}, note="x" * size))
    content = ndjson([*many("a", 20), huge, *many("b", 20)])
    night = flat_files(tmp_path, {"Observation.ndjson": gzip.compress(content, 1) if packed else content})
    assert ids(night) == [f"{p}{n}" for p in "ab" for n in range(20)]
    assert night.quarantine == [("Observation.ndjson", 21, "big", "line-too-long")]


def test_a_long_line_within_the_limit_is_read(tmp_path):
    long = observation("long", note="x" * (LONGEST_LINE - 1000))
    assert ids(flat(tmp_path, Observation=[*many("a", 3), long, *many("b", 3)]))[3] == "long"


def test_a_name_is_never_taken_for_a_pattern(tmp_path):
    folder = tmp_path / "a[b]*?"
    folder.mkdir()
    (tmp_path / "abc").mkdir()
    night = flat(folder, Slot=[resource("Slot", "1"), b"nonsense"])
    assert (ids(night, "slot"), night.report.quarantined) == (["1"], 1)


# --- the same resource more than once


def version(number: str | None, updated: str | None, unit: str) -> dict:
    meta = {"versionId": number, "lastUpdated": updated}
    code = {"coding": [{"code": "a", "system": unit}, {"code": "b", "system": unit}]}
    return observation("same", meta=meta, code=code)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("1", "2026-01-01T00:00:00Z"), ("1", "2026-01-02T00:00:00Z")),
        (("2", "2026-01-01T23:00:00-05:00"), ("1", "2026-01-02T05:00:00Z")),
        (("9", "2026-01-01T00:00:00Z"), ("10", "2026-01-01T00:00:00Z")),
        (("a", None), ("b", None)),
        (("3", None), ("3", "2020-01-01T00:00:00Z")),
    ],
)
@pytest.mark.parametrize("newer_first", [True, False])
@pytest.mark.parametrize("apart", [True, False])
def test_the_latest_version_stays_wherever_it_stands(tmp_path, older, newer, newer_first, apart):
    both = [version(*older, "old"), version(*newer, "new")]
    both = both[::-1] if newer_first else both
    lines = [*many("a", 5), both[0], *many("b", 5), both[1], *many("c", 5)]
    files = (
        {"Observation.ndjson": lines[:9], "Observation.2.ndjson": lines[9:]} if apart else {"Observation.ndjson": lines}
    )
    night = flat_files(tmp_path, {name: ndjson(each) for name, each in files.items()})
    kept = [(row["code"], row["system"]) for row in night.rows("observation") if row["id"] == "same"]
    assert kept == [("a", "new"), ("b", "new")]
    assert night.report.superseded == 1
    assert [each for each in ids(night) if each != "same"] == [f"{p}{n}" for p in "abc" for n in range(5)]


def test_of_two_equal_versions_the_later_line_stays(tmp_path):
    night = flat(tmp_path, Observation=[version("1", None, "first"), version("1", None, "second")])
    assert {row["system"] for row in night.rows("observation")} == {"second"}


def test_two_types_may_share_an_id(tmp_path):
    night = flat(tmp_path, Observation=[observation("1")], Slot=[resource("Slot", "1")])
    assert (len(night.rows("observation")), len(night.rows("slot")), night.report.superseded) == (1, 1, 0)


# --- the folder


def test_a_folder_for_nobody_else(tmp_path):
    night = flat(tmp_path, Slot=[resource("Slot", "1"), b"nonsense"])
    assert stat.S_IMODE(night.tables.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in night.tables.iterdir()} == {0o600}
    assert {file.suffix for file in night.tables.iterdir()} == {".parquet"}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["landing", "tables"]


def test_tables_are_replaced_whole(tmp_path):
    flat(tmp_path, Slot=[resource("Slot", "1")])
    (tmp_path / "tables" / "left-over.parquet").write_bytes(b"")
    (tmp_path / "tables.part").mkdir()
    (tmp_path / "tables.part" / "of-a-crash").write_bytes(b"")
    (tmp_path / "landing" / "Slot.ndjson").write_bytes(line(resource("Slot", "2")))
    flatten(tmp_path / "landing", tmp_path / "tables")
    night = Flattened(tmp_path / "tables", None)  # type: ignore[arg-type]
    assert ids(night, "slot") == ["2"]
    assert not (tmp_path / "tables" / "left-over.parquet").exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["landing", "tables"]


def test_a_night_that_fails_leaves_the_last_one_alone(tmp_path, monkeypatch):
    flat(tmp_path, Slot=[resource("Slot", "1")])
    monkeypatch.setattr("outreach.flatten.counts.write", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        flatten(tmp_path / "landing", tmp_path / "tables")
    assert ids(Flattened(tmp_path / "tables", None), "slot") == ["1"]  # type: ignore[arg-type]


def test_the_same_night_twice_is_the_same_bytes(tmp_path):
    lines = [observation(f"o{n}", effectiveDateTime="2025-10-01", text={"div": "x" * 2000}) for n in range(30_000)]
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    nights = [flat(tmp_path / name, Observation=[*lines, b"nonsense", lines[7]]) for name in ("1", "2")]
    first, second = (night.rows("observation") for night in nights)
    assert [row["id"] for row in first] == [row["id"] for row in second]
    assert first == second


def test_little_memory_is_enough(tmp_path):
    twice = [observation(f"o{n % 20_000}", meta={"versionId": str(n)}) for n in range(40_000)]
    night = flat(tmp_path, Observation=[*twice, b"{"], memory="300MB")
    assert (len(night.rows("observation")), night.report.superseded) == (20_000, 20_000)


def test_the_report_says_what_was_done(tmp_path):
    sent = [observation("1"), observation("2", effectiveDateTime="?"), b"\xef\xbb\xbf" + line(observation("3")), b"{"]
    report = flat(tmp_path, Observation=sent, Slot=[resource("Slot", "1")]).report
    assert {name: rows for name, rows in report.rows.items() if rows} == {"observation": 3, "slot": 1}
    assert report.lines == {"Observation.ndjson": 4, "Slot.ndjson": 1}
    assert (report.quarantined, report.mended, report.superseded) == (1, 1, 0)
    assert report.nulled == {"observation": {"date_lo": 1}}
    assert set(report.seconds) == {"read", "mend", "latest", "carry", "count"}
    assert json.dumps(report.seconds)


def test_provenance_comes_last(tmp_path):
    assert tuple(flat(tmp_path, Slot=[resource("Slot", "1")]).row("slot"))[-3:] == PROVENANCE
