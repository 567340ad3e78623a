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
from unit.test_flatten_support import Flattened, flat_files, observation

NEIGHBOURS = [observation("first"), observation("last")]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(date.isoformat)
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def flattened(files: dict[str, bytes]) -> Flattened:
    return flat_files(Path(tempfile.mkdtemp()), files)


def near(node: Node) -> st.SearchStrategy:
    """JSON that looks like a table's schema, with anything at all in some of its places."""
    if node.fields:
        whole = st.fixed_dictionaries({}, optional={name: near(child) for name, child in node.fields})
    else:
        whole = SCALARS
    return (st.lists(whole, max_size=3) if node.many else whole) | ANY_JSON


def near_resource(index: int) -> st.SearchStrategy:
    table = TABLES[index]
    parts = {name: near(node) for name, node in table.schema.fields if name not in ("resourceType", "id")}
    fixed = {"resourceType": st.just(table.resource), "id": st.text(min_size=1, max_size=6)}
    return st.tuples(st.just(table.resource), st.fixed_dictionaries(fixed, optional=parts))


@given(st.integers(0, len(TABLES) - 1).flatmap(near_resource))
@settings(max_examples=150)
def test_a_resource_with_anything_anywhere_is_flattened_or_set_aside(sent):
    type_, resource = sent
    night = flattened({f"{type_}.ndjson": json.dumps(resource).encode()})
    (table,) = (each.name for each in TABLES if each.resource == type_)
    kept = {row["id"] for row in night.rows(table)}
    assert len(kept) + night.report.quarantined == 1
    assert kept <= {resource["id"]}


@given(st.lists(st.binary(max_size=60) | ANY_JSON.map(lambda each: json.dumps(each).encode()), max_size=8))
@settings(max_examples=150)
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
@settings(max_examples=60)
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
@settings(max_examples=30)
def test_how_lines_are_dealt_to_files_changes_no_fact(order, files):
    lines = [json.dumps(observation(f"o{n}", meta={"versionId": str(n % 5)})).encode() + b"\n" for n in range(10)]
    lines += [json.dumps(observation("o1", meta={"versionId": "7"})).encode() + b"\n", b"nonsense\n"]
    dealt = [b"".join(lines[n] for n in order[start::files]) for start in range(files)]
    night = flattened({f"Observation.{n}.ndjson": content for n, content in enumerate(dealt)})
    found = sorted((row["id"], row["version"]) for row in night.rows("observation"))
    assert found == sorted((f"o{n}", "7" if n == 1 else str(n % 5)) for n in range(10))
    assert (night.report.quarantined, night.report.superseded) == (1, 1)


@given(st.from_regex(r"[0-9]{1,5}(-[0-9]{1,2}){0,2}(T[0-9:]{0,8}Z?)?", fullmatch=True) | st.text(max_size=12))
@settings(max_examples=150)
def test_a_date_is_read_as_python_reads_it_or_not_at_all(text):
    night = flattened({"Observation.ndjson": json.dumps(observation(effectiveDateTime=text)).encode()})
    if night.report.quarantined:
        return
    row = night.row("observation")
    lengths = {"year": 4, "month": 7, "day": 10}
    if row["date_precision"] is None:
        assert row["date_lo"] is None
        assert row["date_hi"] is None
    else:
        head = text[: lengths[row["date_precision"]]]
        assert row["date_lo"] == date.fromisoformat(head + "-01-01"[: 10 - len(head)] if len(head) < 10 else head)
        assert row["date_hi"] >= row["date_lo"]


@pytest.mark.parametrize("blank", [b"", b" ", b"\t", b"\r", b"\x0b", b"\x0c", b" \t\r\x0b\x0c "])
def test_what_is_blank_to_the_engine_is_blank_to_the_line_reader(blank):
    """The careful pass finds a line by its place among those that are not blank, so both must agree on blank."""
    good = json.dumps(observation("good")).encode()
    night = flattened({"Observation.ndjson": b"\n".join([blank, good, blank, b"bad", blank])})
    assert night.quarantine == [("Observation.ndjson", 4, None, "not-json")]
