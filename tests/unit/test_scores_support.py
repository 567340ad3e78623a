"""What the tests of scores share: people as FHIR lines, flattened and scored for real on DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pyarrow.parquet as pq

from outreach.assess.engine import DuckEngine
from outreach.assess.facts import Day, Facts
from outreach.assess.gather import Gather
from outreach.assess.scores import SCORES, Score
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.scores import SCORES as KINDS
from outreach.rulebook.terms import ValueSet
from unit.test_flatten_support import Row, flat

TODAY = date(2026, 3, 1)
FOLDER = CodeFolder(Path(__file__).resolve().parents[2] / "rules" / "codes")
#: The diagnosis to take where the first code of a set says more than its name, or is a treatment.
DIAGNOSIS = {"cirrhosis": "K74.60", "dialysis": "Z99.2"}
UCUM = "http://unitsofmeasure.org"


def value_set(name: str) -> ValueSet:
    found = FOLDER.get(name)
    assert found is not None, f"{name}: {FOLDER.problems}"
    return found


@dataclass(frozen=True)
class Lab:
    """A result; ``unit`` "" sends none, ``code`` picks one of the value set's."""

    name: str
    value: float
    unit: str = ""
    on: str = "2026-02-01"
    comparator: str = ""
    code: int = 0


@dataclass(frozen=True)
class Coded:
    """A result in a code of a value set."""

    name: str
    result: str
    on: str = "2026-02-01"


@dataclass(frozen=True)
class Who:
    """Somebody: what is on record, by value set; a procedure as (value set, day)."""

    born: str = "1966-01-15"
    sex: str = "male"
    has: Sequence[str] = ()
    labs: Sequence[Lab | Coded] = ()
    done: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Scored:
    low: float
    high: float
    holds: bool
    missing: frozenset[str] = field(default_factory=frozenset)

    @property
    def exact(self) -> float:
        assert self.low == self.high, f"{self.low} to {self.high}, missing {set(self.missing)}"
        return self.low


def aged(years: int, today: date = TODAY) -> str:
    """Born so as to have been ``years`` old for some weeks."""
    return f"{today.year - years}-01-15"


def scored(name: str, people: Sequence[Who], *, limit: float | None = None) -> list[Scored]:
    """One score of each, through landing, flatten and the gathered columns."""
    return all_scored(people, [name], limit=limit)[name]


def all_scored(people: Sequence[Who], names: Sequence[str], *, limit: float | None = None) -> dict[str, list[Scored]]:
    """Several scores of the same people."""
    with tempfile.TemporaryDirectory() as scratch:
        tables = flat(Path(scratch), **landing(people)).tables
        engine = DuckEngine(tables, threads=2)
        needed = {needed: value_set(needed) for name in names for needed in KINDS[name].inputs}
        gather = Gather(Facts(engine, needed, Day(TODAY, ZoneInfo("UTC"))), "scores")
        scores = {name: SCORES[name](gather, TODAY, KINDS[name].within, limit) for name in names}
        person = engine.table("person")
        everyone = person.select("sex", "birth_lo", "birth_hi", person=person.id)
        everyone = engine.keep("gathered", gather.run(None).onto(everyone, gather.used))
        found = {name: _rows(engine, everyone, score, Path(scratch)) for name, score in scores.items()}
        engine.close()
    return {name: [_found(rows[f"p{index}"]) for index in range(len(people))] for name, rows in found.items()}


def _rows(engine: DuckEngine, people: ir.Table, score: Score, folder: Path) -> dict[str, Row]:
    low, high = score.bounds(people)
    missing = {f"missing {name}": test for name, test in score.missing(people).items()}
    answer = people.select("person", low=low, high=high, holds=score.holds_for(people), **missing)
    engine.write(answer, folder / "found.parquet")()
    return {row["person"]: row for row in pq.read_table(folder / "found.parquet").to_pylist()}


def _found(row: Row) -> Scored:
    asked = {name.removeprefix("missing "): absent for name, absent in row.items() if name.startswith("missing ")}
    assert None not in (row["low"], row["high"], row["holds"], *asked.values()), row
    return Scored(row["low"], row["high"], row["holds"], frozenset(name for name, absent in asked.items() if absent))


def landing(people: Sequence[Who]) -> dict[str, list[Row]]:
    """Their resources by type."""
    found: dict[str, list[Row]] = {"Patient": [], "Condition": [], "Observation": [], "Procedure": []}
    for index, who in enumerate(people):
        me = f"p{index}"
        found["Patient"].append(_patient(me, who))
        found["Condition"] += [_condition(me, n, name) for n, name in enumerate(who.has)]
        found["Observation"] += [_observation(me, n, lab) for n, lab in enumerate(who.labs)]
        found["Procedure"] += [_procedure(me, n, *done) for n, done in enumerate(who.done)]
    return found


def _patient(me: str, who: Who) -> Row:
    told = {"birthDate": who.born, "gender": who.sex}
    return {"resourceType": "Patient", "id": me, **{key: value for key, value in told.items() if value}}


def _base(kind: str, me: str, number: int, name: str, code: int = 0) -> Row:
    one = value_set(name).codes[code]
    concept = {"coding": [{"system": one.system, "code": one.code}]}
    return {"resourceType": kind, "id": f"{me}-{number}", "subject": {"reference": f"Patient/{me}"}, "code": concept}


def _condition(me: str, number: int, name: str) -> Row:
    codes = [one.code for one in value_set(name).codes]
    code = codes.index(DIAGNOSIS.get(name, codes[0]))
    return {**_base("Condition", me, number, name, code), "onsetDateTime": "2020-05-01"}


def _procedure(me: str, number: int, name: str, on: str) -> Row:
    return {**_base("Procedure", me, number, name), "status": "completed", "performedDateTime": on}


def _observation(me: str, number: int, lab: Lab | Coded) -> Row:
    code = lab.code if isinstance(lab, Lab) else 0
    row = {**_base("Observation", me, number, lab.name, code), "status": "final", "effectiveDateTime": lab.on}
    if isinstance(lab, Coded):
        return row | {"valueCodeableConcept": {"coding": [_coding(lab.result)]}}
    sent: Row = {"value": lab.value}
    sent |= {"unit": lab.unit, "system": UCUM, "code": lab.unit} if lab.unit else {}
    return row | {"valueQuantity": sent | ({"comparator": lab.comparator} if lab.comparator else {})}


def _coding(result: str) -> Row:
    one = value_set(result).codes[0]
    return {"system": one.system, "code": one.code}
