"""Laws of flatten: whatever a line holds, it becomes rows or is set aside, and its neighbours never notice."""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.flatten.columns import TABLES
from outreach.flatten.places import Node
from outreach.flatten.table import Table
from unit.test_flatten_support import Flattened, flat_files, observation

NEIGHBOURS = [observation("first"), observation("last")]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(date.isoformat)
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


SCRATCH = tempfile.TemporaryDirectory()  # gone with the process: an example has no fixture of its own


def flattened(files: dict[str, bytes]) -> Flattened:
    return flat_files(Path(tempfile.mkdtemp(dir=SCRATCH.name)), files)


def near(node: Node) -> st.SearchStrategy:
    """JSON that looks like a table's schema, with anything at all in some of its places."""
    if node.fields:
        whole = st.fixed_dictionaries({}, optional={name: near(child) for name, child in node.fields})
    else:
        whole = SCALARS
    return (st.lists(whole, max_size=3) if node.many else whole) | ANY_JSON


def near_resource(table: Table) -> st.SearchStrategy:
    parts = {name: near(node) for name, node in table.schema.fields if name not in ("resourceType", "id")}
    return st.tuples(st.just(table), st.fixed_dictionaries({"resourceType": st.just(table.resource)}, optional=parts))


@given(st.lists(st.sampled_from(TABLES).flatmap(near_resource), max_size=12))
@settings(max_examples=60)
def test_resources_with_anything_anywhere_are_flattened_or_set_aside(sent):
    files: dict[str, bytes] = {}
    for number, (table, resource) in enumerate(sent):
        name = f"{table.resource}.ndjson"
        files[name] = files.get(name, b"") + json.dumps({**resource, "id": str(number)}).encode() + b"\n"
    night = flattened(files)
    kept = [row["id"] for table in {table.name for table, _ in sent} for row in night.rows(table) if row["nth"] == 1]
    assert len(set(kept)) == len(kept)
    assert len(kept) + night.report.quarantined == len(sent)


@given(st.lists(st.binary(max_size=60) | ANY_JSON.map(lambda each: json.dumps(each).encode()), max_size=8))
@settings(max_examples=60)
def test_any_bytes_at_all_are_accounted_for(lines):
    """A resource by chance, or set aside: no third thing, and the neighbours read as ever."""
    first, last = (json.dumps(each).encode() for each in NEIGHBOURS)
    night = flattened({"Observation.ndjson": b"\n".join([first, *lines, last])})
    ids = [row["id"] for row in night.rows("observation")]
    assert {"first", "last"} <= set(ids)
    seen = [line for line in b"\n".join(lines).split(b"\n") if line and not line.isspace()]
    assert night.report.lines["Observation.ndjson"] == len(seen) + 2
    assert len(set(ids)) + night.report.quarantined == len(seen) + 2


@given(st.data())
@settings(max_examples=30)
def test_wherever_a_file_is_cut_its_beginning_is_kept(data):
    whole = b"".join(json.dumps(observation(f"o{n}")).encode() + b"\n" for n in range(40))
    packed = data.draw(st.booleans())
    content = gzip.compress(whole) if packed else whole
    cut = content[: data.draw(st.integers(0, len(content)))]
    night = flattened({f"Observation.ndjson{'.gz' if packed else ''}": cut})
    ids = [row["id"] for row in night.rows("observation")]
    assert ids == [f"o{n}" for n in range(len(ids))]
    if not packed:
        assert len(ids) + night.report.quarantined == len([line for line in cut.split(b"\n") if line])


@given(st.permutations(range(12)), st.integers(1, 4))
@settings(max_examples=15)
def test_how_lines_are_dealt_to_files_changes_no_fact(order, files):
    lines = [json.dumps(observation(f"o{n}", meta={"versionId": str(n % 5)})).encode() + b"\n" for n in range(10)]
    lines += [json.dumps(observation("o1", meta={"versionId": "7"})).encode() + b"\n", b"nonsense\n"]
    dealt = [b"".join(lines[n] for n in order[start::files]) for start in range(files)]
    night = flattened({f"Observation.{n}.ndjson": content for n, content in enumerate(dealt)})
    found = sorted((row["id"], row["version"]) for row in night.rows("observation"))
    assert found == sorted((f"o{n}", "7" if n == 1 else str(n % 5)) for n in range(10))
    assert (night.report.quarantined, night.report.superseded) == (1, 1)


@given(st.lists(st.from_regex(r"[0-9]{1,5}(-[0-9]{1,2}){0,2}(T[0-9:]{0,8}Z?)?", fullmatch=True), max_size=40))
@settings(max_examples=40)
def test_a_date_is_read_as_python_reads_it_or_not_at_all(texts):
    sent = [json.dumps(observation(str(n), effectiveDateTime=text)).encode() for n, text in enumerate(texts)]
    for row in flattened({"Observation.ndjson": b"\n".join(sent)}).rows("observation"):
        head, time, _ = row["date_raw"].partition("T")
        assert row["date_lo"] == (by_python(head) if len(head) == 10 or not time else None)
        assert row["date_precision"] == ({4: "year", 7: "month", 10: "day"}[len(head)] if row["date_lo"] else None)
        assert (row["date_hi"] is None) == (row["date_lo"] is None)
        assert row["date_lo"] is None or row["date_hi"] >= row["date_lo"]


def by_python(head: str) -> date | None:
    """YYYY, YYYY-MM or YYYY-MM-DD, as ``date`` takes them; a time may only follow a day."""
    if [len(part) for part in head.split("-")] not in ([4], [4, 2], [4, 2, 2]):
        return None
    try:
        return date(*(int(part) for part in (head + "-01-01").split("-")[:3]))
    except ValueError:
        return None


@pytest.mark.parametrize("blank", [b"", b" ", b"\t", b"\r", b"\x0b", b"\x0c", b" \t\r\x0b\x0c "])
def test_what_is_blank_to_the_engine_is_blank_to_the_line_reader(blank):
    """The careful pass finds a line by its place among those that are not blank, so both must agree on blank."""
    good = json.dumps(observation("good")).encode()
    night = flattened({"Observation.ndjson": b"\n".join([blank, good, blank, b"bad", blank])})
    assert night.quarantine == [("Observation.ndjson", 4, None, "not-json")]
