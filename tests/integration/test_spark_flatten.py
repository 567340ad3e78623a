"""Flatten on Spark writes what flatten on DuckDB writes, row for row: good records, broken ones and odd ones."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from integration.broken_inputs import KINDS
from integration.odd_lines import lines
from integration.test_broken_inputs import files_of
from outreach.flatten import FlattenReport, flatten
from outreach.flatten.columns import TABLES
from outreach.flatten.spark import SparkReader
from outreach.synth import generate

pytestmark = [pytest.mark.spark]
BLOCK = 96 * 1024  #: bytes; a large file is read in blocks, so these small ones must be too


@dataclass(frozen=True)
class Both:
    """The same landing by DuckDB and by Spark."""

    duck: Path
    spark: Path
    reports: tuple[FlattenReport, FlattenReport]


def landing(folder: Path) -> Path:
    """Some people; beside theirs, every kind of broken input, a file of odd lines per type, and files of odd kinds."""
    generate(12, 7, date(2026, 3, 1), folder, background=0.1)
    together: defaultdict[str, bytes] = defaultdict(bytes)
    for name, kind in KINDS.items():
        for file, content in files_of(name, kind).items():
            alone = kind.elsewhere or len(content) > 1_000_000
            together[file if alone else f"{kind.type}.800.ndjson"] += content
    for type_, odd in lines().items():
        together[f"{type_}.900.ndjson"] = "\n".join(odd).encode()
    for file, content in together.items():
        (folder / file).write_bytes(content)
    (folder / "Consent.901.ndjson.gz").write_bytes(gzip.compress((folder / "Consent.ndjson").read_bytes()))
    (folder / "Consent.902.ndjson").write_bytes(b"\xef\xbb\xbf" + (folder / "Consent.ndjson").read_bytes())
    (folder / "Location.a [b]*.ndjson").write_bytes(b'{"resourceType": "Location", "id": "l"}\n')
    (folder / "Schedule.903.ndjson").write_bytes(b"\n \n")
    return folder


@pytest.fixture(scope="module", params=[20_000, pytest.param(0, marks=pytest.mark.long)])
def both(request, tmp_path_factory, spark_session) -> Both:
    """By jobs of Spark where a type's files are large (some do), and where they are of any size (long)."""
    folder = tmp_path_factory.mktemp("both [a] é")
    landed, usual = landing(folder / "landing"), spark_session.conf.get("spark.sql.files.maxPartitionBytes")
    duck = flatten(landed, folder / "duck")
    spark_session.conf.set("spark.sql.files.maxPartitionBytes", BLOCK)
    spark = flatten(landed, folder / "spark", engine=SparkReader(spark_session, worth_a_job=request.param))
    spark_session.conf.set("spark.sql.files.maxPartitionBytes", usual)
    return Both(folder / "duck", folder / "spark", (duck, spark))


def rows(tables: Path, name: str) -> Counter[str]:
    return Counter(map(repr, pq.read_table(tables / f"{name}.parquet").to_pylist()))


@pytest.mark.parametrize("name", [*(table.name for table in TABLES), "quarantine", "counts"])
def test_a_table_is_the_same_row_for_row(both, name):
    duck, spark = rows(both.duck, name), rows(both.spark, name)
    assert (duck - spark, spark - duck) == (Counter(), Counter())


@pytest.mark.parametrize("name", [*(table.name for table in TABLES), "quarantine", "counts"])
def test_its_columns_have_the_same_types(both, name):
    duck, spark = (pq.read_schema(tables / f"{name}.parquet") for tables in (both.duck, both.spark))
    assert [(field.name, field.type) for field in spark] == [(field.name, field.type) for field in duck]


def test_the_report_is_the_same(both):
    duck, spark = ({**asdict(report), "seconds": {}} for report in both.reports)
    assert spark == duck
    assert duck["mended"] > 2
    assert duck["superseded"] > 0
    assert duck["quarantined"] > 50


def test_spark_has_read_most_lines_itself(spark_session, tmp_path):
    """Were every line left to DuckDB, all of the above would hold, and nothing would have been moved to a cluster."""
    from outreach.flatten.spark.query import write_rows

    generate(30, 7, date(2026, 3, 1), tmp_path / "people", background=0.1)
    left = {}
    for table in TABLES:
        file = tmp_path / "people" / f"{table.resource}.ndjson"
        if table.name in ("person", "observation"):
            write_rows(spark_session, table, [file], tmp_path / table.name)
            raw = pq.read_table(tmp_path / table.name, columns=["raw"])["raw"]
            left[table.name] = len(raw) - raw.null_count
    assert left == {"person": 0, "observation": 0}
