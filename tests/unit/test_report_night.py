"""A made-up night for the report's tests, and what the whole night's report must be.

The people are drawn here from a seed and share no code with what is tested. Groups differ on purpose:
those who do not speak English have fewer portal accounts and are up to date less often.
"""

from __future__ import annotations

import io
import stat
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from outreach.report.counts import TablesDisagree
from outreach.report.write import csv, write_report

AS_OF = date(2026, 3, 1)
PORTAL = "urn:example:portal-account"
RULE = "hcc-surveillance"
RACES = {
    ("2106-3",): 0.40, ("2054-5",): 0.22, ("2028-9",): 0.14, ("2131-1",): 0.05, ("UNK",): 0.04, ("ASKU",): 0.03,
    (): 0.06, ("2106-3", "2054-5"): 0.03, ("1002-5",): 0.015, ("2076-8",): 0.015,
}  # fmt: skip
LANGUAGES = {
    "en": 0.62, "en-US": 0.08, "es": 0.13, "vi": 0.05, "zh-Hant": 0.03, "ht": 0.02, "so": 0.015, "ar": 0.01,
    "zz-not-a-language": 0.005, None: 0.04,
}  # fmt: skip
STATUSES = ["up-to-date", "due", "overdue", "not-now", "unknown", "excluded", "exception", "not-applicable"]

LOST = pa.list_(pa.struct([("column", pa.string()), ("raw", pa.string())]))
OBSERVATION = pa.schema(
    [*[(name, pa.string()) for name in ("id", "person", "system", "code")], ("value_raw", pa.float64()),
     ("value", pa.float64()), ("nth", pa.int32()), ("lost", LOST)]
)  # fmt: skip
QUARANTINE = pa.schema(
    [("file", pa.string()), ("line", pa.int64()), *[(n, pa.string()) for n in ("type", "person", "reason")]]
)
SURVIVORS = pa.schema([("loser", pa.string()), ("survivor", pa.string()), ("resolved", pa.bool_())])
PERSON = pa.schema(
    [
        *[(name, pa.string()) for name in ("id", "version")],
        ("birth_lo", pa.date32()), ("birth_hi", pa.date32()), ("birth_precision", pa.string()),
        ("sex", pa.string()), ("race", pa.list_(pa.string())), ("race_text", pa.string()),
        ("ethnicity", pa.string()), ("ethnicity_text", pa.string()), ("language", pa.string()),
        ("birth_country", pa.string()), ("identifier_systems", pa.list_(pa.string())),
        ("nth", pa.int32()), ("lost", LOST),
    ]
)  # fmt: skip
ASSESSMENT = pa.schema([(n, pa.string()) for n in ("person", "rule", "status", "reason")])
OUTCOMES = pa.schema(
    [*[(n, pa.string()) for n in ("person", "programme", "status", "bucket", "reason")], ("offered", pa.bool_())]
)


def write_night(tables: Path, people: int = 3000, seed: int = 7, rules: tuple[str, ...] = (RULE,)) -> Path:
    """The three tables a report reads, in ``tables``. The same arguments give the same people."""
    rng = np.random.default_rng(seed)
    tables.mkdir(parents=True, exist_ok=True)
    persons = [_person(rng, i) for i in range(people)]
    _write(persons, PERSON, tables / "person.parquet")
    assessed = [_assessed(rng, who, rule) for rule in rules for who in persons]
    _write(assessed, ASSESSMENT, tables / "assessment.parquet")
    _write(*_readings(rng, persons), tables / "observation.parquet")
    _write(_set_aside(rng, persons), QUARANTINE, tables / "quarantine.parquet")
    _write([], SURVIVORS, tables / "survivors.parquet")
    accounts = {str(who["id"]): PORTAL in who["identifier_systems"] for who in persons}
    _write([_outcome(rng, row, accounts[row["person"]]) for row in assessed], OUTCOMES, tables / "outcomes.parquet")
    return tables


def _readings(rng: np.random.Generator, persons: list[dict]) -> tuple[list[dict], pa.Schema]:
    """Two measurements of everybody, and two of nobody; those who do not speak English have more that is lost."""
    rows = []
    for who in [*persons, {"id": None, "language": None}]:
        english = str(who["language"]).startswith("en")
        for _ in range(2):
            lost, odd = rng.random() < (0.05 if english else 0.2), rng.random() < 0.03
            rows.append({
                "id": f"o{len(rows)}", "person": who["id"], "code": "777-3" if rng.random() < 0.95 else None,
                "system": "http://loinc.org", "value_raw": 1.0, "value": None if odd else 1.0, "nth": 1,
                "lost": [{"column": "date_lo", "raw": "soon"}] if lost else None,
            })  # fmt: skip
    return rows, OBSERVATION


def _set_aside(rng: np.random.Generator, persons: list[dict]) -> list[dict]:
    """Lines that could not be read: of one person in forty, and one of nobody."""
    whose = [who["id"] for who in persons if rng.random() < 0.025]
    place = {"file": "Condition.ndjson", "type": "Condition", "reason": "not-json"}
    return [{**place, "line": n, "person": who} for n, who in enumerate([*whose, None] if persons else [], start=1)]


def _write(rows: list[dict], schema: pa.Schema, path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def _pick(rng: np.random.Generator, weights: dict) -> object:
    chances = np.array(list(weights.values()))
    return list(weights)[rng.choice(len(weights), p=chances / chances.sum())]


def _person(rng: np.random.Generator, number: int) -> dict:
    race, language = _pick(rng, RACES), _pick(rng, LANGUAGES)
    born = date(1936, 1, 1) + timedelta(days=int(rng.integers(0, 365 * 72)))
    year_only, no_birth = rng.random() < 0.03, rng.random() < 0.01
    lo, hi = (date(born.year, 1, 1), date(born.year, 12, 31)) if year_only else (born, born)
    account = rng.random() < (0.72 if str(language).startswith("en") else 0.35)
    return {
        "id": f"p{number}", "version": "1",
        "sex": _pick(rng, {"female": 0.49, "male": 0.49, "other": 0.01, None: 0.01}),
        "birth_lo": None if no_birth else lo, "birth_hi": None if no_birth else hi,
        "birth_precision": None if no_birth else "year" if year_only else "day",
        "race": list(race), "race_text": "Martian" if not race and rng.random() < 0.3 else None,
        "ethnicity": _pick(rng, {"2186-5": 0.72, "2135-2": 0.18, "UNK": 0.03, "ASKU": 0.02, None: 0.05}),
        "ethnicity_text": None, "language": language,
        "birth_country": _pick(rng, {None: 0.55, "US": 0.25, "VN": 0.1, "SO": 0.1}),
        "identifier_systems": ["urn:example:mrn", PORTAL] if account else ["urn:example:mrn"],
        "nth": 1, "lost": [{"column": "birth_lo", "raw": "soon"}] if no_birth else None,
    }  # fmt: skip


def _assessed(rng: np.random.Generator, who: dict, rule: str) -> dict:
    english = str(who["language"]).startswith("en")
    weights = [0.22 if english else 0.13, 0.05, 0.22 if english else 0.3, 0.04, 0.06, 0.03, 0.02, 0.36]
    status = STATUSES[rng.choice(8, p=np.array(weights) / sum(weights))]
    merged = status == "not-applicable" and rng.random() < 0.02
    return {"person": who["id"], "rule": rule, "status": status, "reason": "merged" if merged else "made-up"}


def _outcome(rng: np.random.Generator, row: dict, account: bool) -> dict:
    bucket, offered = str(row["status"]).replace("-", "_"), False
    bucket = "not_due" if bucket in ("up_to_date", "due") else bucket
    if row["status"] == "overdue":
        bucket = str(_pick(rng, {"withheld": 0.12, "deferred": 0.1, "quarantined": 0.01, "reach": 0.77}))
        offered = bucket == "reach" and rng.random() < 0.4
        bucket = ("sent" if account and offered else "handed_over") if bucket == "reach" else bucket
    return {
        "person": row["person"], "programme": row["rule"], "status": row["status"], "bucket": bucket,
        "reason": "made-up", "offered": bool(offered),
    }  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A night of 3,000 people, and its report."""
    folder = tmp_path_factory.mktemp("night")
    tables = write_night(folder / "tables")
    return tables, write_report(tables, folder / "report", AS_OF, portal_system=PORTAL)


def test_the_report_is_two_folders_of_tables_for_the_owners_eyes(night):
    _, files = night
    names = {
        f"{name}.{kind}"
        for name in ("about", "counts", "coverage", "ladder", "quality", "records")
        for kind in ("csv", "parquet")
    }
    for folder in (files.care_team, files.share):
        assert {path.name for path in folder.iterdir()} == names
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_same_people_in_another_order_give_the_same_bytes(night, tmp_path):
    tables, files = night
    for name in ("person", "assessment", "outcomes", "observation", "quarantine", "survivors"):
        rows = pd.read_parquet(tables / f"{name}.parquet").sample(frac=1, random_state=3)
        (tmp_path / "tables").mkdir(exist_ok=True)
        schema = pq.read_schema(tables / f"{name}.parquet")
        pq.write_table(
            pa.Table.from_pandas(rows, schema, preserve_index=False), tmp_path / "tables" / f"{name}.parquet"
        )
    again = write_report(tmp_path / "tables", tmp_path / "report", AS_OF, portal_system=PORTAL)
    for view in ("care_team", "share"):
        for first in sorted(getattr(files, view).glob("*.csv")):
            assert (getattr(again, view) / first.name).read_bytes() == first.read_bytes(), first.name


def test_birthplace_is_never_a_stratifier(night):
    _, files = night
    for path in [*files.care_team.glob("*.parquet"), *files.share.glob("*.parquet")]:
        frame = pd.read_parquet(path)
        assert "birthplace" not in set(frame.get("stratifier", []))
        assert "VN" not in frame.astype("str").to_numpy()


def test_every_programme_has_rows_of_its_own(tmp_path):
    tables = write_night(tmp_path / "tables", people=60, rules=("one", "two"))
    files = write_report(tables, tmp_path / "report", AS_OF, portal_system=PORTAL)
    rows = pd.read_parquet(files.care_team / "ladder.parquet")
    cohorts = rows[(rows["stratifier"] == "overall") & (rows["step"] == "cohort")].set_index("programme")["count"]
    status = pd.read_parquet(tables / "assessment.parquet").query("reason != 'merged'")
    assert cohorts.to_dict() == status.groupby("rule").size().to_dict()


@pytest.mark.parametrize("people", [0, 1])
def test_a_night_of_hardly_anybody_has_a_report(tmp_path, people):
    tables = write_night(tmp_path / "tables", people=people)
    files = write_report(tables, tmp_path / "report", AS_OF, portal_system=PORTAL)
    assert len(pd.read_parquet(files.share / "ladder.parquet")) % 8 == 0


def _spoil(tables: Path, name: str, change: str) -> None:
    path = tables / f"{name}.parquet"
    duckdb.execute(f"COPY ({change.format(path=path)}) TO '{path}.new' (FORMAT parquet)")
    path.with_name(path.name + ".new").replace(path)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("person", "SELECT * FROM '{path}' WHERE id <> 'p3'"),
        ("person", "SELECT * FROM '{path}' UNION ALL SELECT * FROM '{path}' WHERE id = 'p3'"),
        ("outcomes", "SELECT * FROM '{path}' UNION ALL SELECT * FROM '{path}' WHERE person = 'p3'"),
        ("outcomes", "SELECT * FROM '{path}' WHERE status <> 'overdue'"),
    ],
)
def test_tables_that_speak_of_other_people_are_refused_without_naming_them(tmp_path, name, change):
    tables = write_night(tmp_path / "tables", people=60)
    _spoil(tables, name, change)
    with pytest.raises(TablesDisagree) as refusal:
        write_report(tables, tmp_path / "report", AS_OF, portal_system=PORTAL)
    assert "p3" not in str(refusal.value)
    assert not (tmp_path / "report").exists()


def test_no_cell_of_a_csv_is_a_formula():
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "plain", "5-3", "mid\r=1"]
    text = csv(pd.DataFrame({"who": evil, "n": [1] * 10, "difference": [-0.25] * 10}))
    back = pd.read_csv(io.StringIO(text))
    assert list(back["who"][:-3]) == ["'" + cell.replace("\r", "\n") for cell in evil[:-3]]
    assert list(back["who"][-3:]) == ["plain", "5-3", "mid\n=1"]
    assert list(back["difference"]) == [-0.25] * 10
