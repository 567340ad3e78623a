"""Every table is there every night, with the same columns, whether or not anything came for it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from outreach.flatten.columns import TABLES
from outreach.flatten.duck.source import duck_type
from outreach.flatten.places import Node, at, schema, where
from unit.test_flatten_support import PROVENANCE, flat

COMMON = "id version last_updated:ts"
FACT = "person system code display status"
DATE = "date_lo:date date_hi:date date_precision date_raw"
EXPECTED = {
    "person": f"{COMMON} active:bool birth_lo:date birth_hi:date birth_precision birth_raw sex birth_sex deceased:bool "
    "deceased_lo:date deceased_hi:date race:list race_detailed:list race_text ethnicity ethnicity_detailed:list "
    "ethnicity_text language interpreter:bool birth_country replaced_by identifier_systems:list link_types:list",
    "condition": f"{COMMON} {FACT} clinical verification {DATE} date_source abated_lo:date abated_hi:date "
    "abated_precision abated_raw category body_site sites:list",
    "observation": f"{COMMON} {FACT} {DATE} value_raw:number comparator unit_raw value:number unit "
    "value_codes:list value_text value_date_lo:date value_date_hi:date has_value:bool absent_reason",
    "procedure": f"{COMMON} {FACT} {DATE} body_site sites:list",
    "report": f"{COMMON} {FACT} {DATE} result_codes:list",
    "service_request": f"{COMMON} {FACT} intent {DATE} do_not_perform:bool requester:bool occurrence_lo:date "
    "occurrence_hi:date",
    "device_request": f"{COMMON} {FACT} intent do_not_perform:bool {DATE}",
    "medication_request": f"{COMMON} {FACT} intent do_not_perform:bool {DATE} supply_days:int",
    "family_history": f"{COMMON} {FACT} relationship relationship_codes:list",
    "encounter": f"{COMMON} {FACT} class_code {DATE} discharge_codes:list location",
    "coverage": f"{COMMON} person status system code display {DATE}",
    "consent": f"{COMMON} person status scope category:list provision policy_rule:list {DATE} dated_lo:date",
    "flag": f"{COMMON} person status system code display",
    "appointment": f"{COMMON} person status start:tstz end:tstz location system code display",
    "schedule": f"{COMMON} active:bool location system code display",
    "slot": f"{COMMON} schedule status start:tstz end:tstz",
    "location": f"{COMMON} name status",
}
ARROW = {
    "": pa.string(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "number": pa.float64(),
    "int": pa.int32(),
    "list": pa.list_(pa.string()),
    "ts": pa.timestamp("us"),
    "tstz": pa.timestamp("us", tz="UTC"),
}


def test_the_tables_are_those_of_the_contract():
    assert [table.name for table in TABLES] == list(EXPECTED)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return flat(tmp_path_factory.mktemp("nothing"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_table_nothing_came_for_is_written_with_its_columns(empty, name):
    wanted = [(column.partition(":")[0], ARROW[column.partition(":")[2]]) for column in EXPECTED[name].split()]
    written = pq.read_schema(empty.tables / f"{name}.parquet")
    types = [(field.name, field.type) for field in written if field.name not in PROVENANCE]
    assert [column for column, _ in types] == [column for column, _ in wanted]
    assert all(_same(have, want) for (_, have), (_, want) in zip(types, wanted, strict=True))
    assert tuple(field.name for field in written)[-3:] == PROVENANCE
    assert empty.rows(name) == []


def _same(have: pa.DataType, want: pa.DataType) -> bool:
    """A list is a list of text, whatever Parquet calls its element."""
    return have.value_type == want.value_type if pa.types.is_list(want) else have == want


def test_quarantine_and_counts_are_there_too(empty):
    names = pq.read_schema(empty.tables / "quarantine.parquet").names
    assert names == ["file", "line", "type", "person", "reason", "id"]
    assert {(row["table"], row["nulled"]) for row in empty.rows("counts")} == {(name, 0) for name in EXPECTED}


def test_tables_are_zstd(empty):
    """counts.parquet always has rows, so it has column chunks to look at."""
    group = pq.ParquetFile(empty.tables / "counts.parquet").metadata.row_group(0)
    assert {group.column(index).compression for index in range(group.num_columns)} == {"ZSTD"}


def test_a_schema_is_the_sum_of_its_places():
    node = schema([at("code.coding[].code"), at("code.text"), where("extension", "url", "u") + at("valueCode")])
    coding = Node(many=True, fields=(("code", Node()),))
    extension = Node(many=True, fields=(("valueCode", Node()), ("url", Node())))
    assert node == Node(
        fields=(("code", Node(fields=(("coding", coding), ("text", Node())))), ("extension", extension))
    )
    assert duck_type(node) == (
        'STRUCT("code" STRUCT("coding" STRUCT("code" VARCHAR)[], "text" VARCHAR), '
        '"extension" STRUCT("valueCode" VARCHAR, "url" VARCHAR)[])'
    )
