"""What a synthetic population holds: the same bytes again, every archetype, legal and connected resources."""

from __future__ import annotations

import csv
import importlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from outreach.synth import SynthReport, generate
from outreach.synth.cast import OTHER_COURSES, ROUTES
from outreach.synth.courses import ANYONE, CIRRHOSIS_ONLY
from outreach.synth.decoys import DECOYS
from outreach.synth.doubt import DOUBTS
from outreach.synth.write import TYPES

AS_OF = date(2026, 3, 1)


def _lines(folder: Path, kind: str) -> list[str]:
    return (folder / f"{kind}.ndjson").read_text(encoding="utf-8").splitlines()


def _everything(folder: Path) -> Iterator[tuple[str, str]]:
    return ((kind, line) for kind in TYPES for line in _lines(folder, kind))


def _folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SynthReport]:
    """Two hundred people: the fewest among whom every archetype is promised."""
    folder = tmp_path_factory.mktemp("town")
    return folder, generate(200, 11, AS_OF, folder, background=0.3)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SynthReport]:
    """People of more than one block and region."""
    folder = tmp_path_factory.mktemp("city")
    return folder, generate(8500, 12, AS_OF, folder, background=0.02)


def test_the_same_question_gives_the_same_bytes_however_many_processes(tmp_path: Path) -> None:
    for name, processes in (("one", 1), ("two", 2), ("three", 3)):
        generate(3100, 5, AS_OF, tmp_path / name, processes, background=0.05)
    assert _folder(tmp_path / "one") == _folder(tmp_path / "two") == _folder(tmp_path / "three")


def test_another_seed_and_another_day_give_other_people(tmp_path: Path) -> None:
    for name, seed, day in (("a", 1, AS_OF), ("b", 2, AS_OF), ("c", 1, date(2026, 3, 2))):
        generate(50, seed, day, tmp_path / name, background=0)
    patients = {name: _lines(tmp_path / name, "Patient") for name in "abc"}
    assert patients["a"] != patients["b"]
    assert patients["a"] != patients["c"]


def test_people_stay_who_they_are_when_more_are_made(tmp_path: Path) -> None:
    """Only a person whose merged records no longer fit at the end may differ."""
    generate(300, 5, AS_OF, tmp_path / "few", background=0.2)
    generate(1400, 5, AS_OF, tmp_path / "many", background=0.2)
    few, many = _lines(tmp_path / "few", "Patient"), _lines(tmp_path / "many", "Patient")
    assert few[:298] == many[:298]
    truths = [(tmp_path / name / "truth.csv").read_text().splitlines() for name in ("few", "many")]
    assert truths[0][:299] == truths[1][:299]


def test_everyday_records_change_no_truth(tmp_path: Path) -> None:
    reports = [generate(400, 3, AS_OF, tmp_path / str(scale), background=scale) for scale in (0.0, 1.0)]
    truths = [(tmp_path / str(scale) / "truth.csv").read_bytes() for scale in (0.0, 1.0)]
    assert truths[0] == truths[1]
    assert sum(reports[1].resources.values()) > 3 * sum(reports[0].resources.values())


def test_a_person_has_about_nineteen_resources_of_a_kilobyte_each(tmp_path: Path) -> None:
    report = generate(1000, 3, AS_OF, tmp_path)
    assert 18 < sum(report.resources.values()) / 1000 < 20.5
    assert 20_000 < report.bytes / 1000 < 31_000


def test_the_report_counts_what_was_written(town: tuple[Path, SynthReport]) -> None:
    folder, report = town
    assert report.resources == Counter(kind for kind, _ in _everything(folder))
    assert report.bytes == sum((folder / f"{kind}.ndjson").stat().st_size for kind in TYPES)
    assert set(report.resources) == set(TYPES)


def test_every_archetype_stands_among_two_hundred(town: tuple[Path, SynthReport]) -> None:
    _, report = town
    promised = {f"risk:{name}" for name in ROUTES} | {f"doubt:{name}" for name in DOUBTS}
    promised |= {f"decoy:{name}" for name in DECOYS} | {"merged:1", "merged:2", "plain"}
    promised |= {f"course:{name}" for name in (*ANYONE, *CIRRHOSIS_ONLY, *OTHER_COURSES)}
    assert promised - set(report.archetypes) == set()


def test_about_a_third_are_or_may_be_at_risk(tmp_path: Path, city: tuple[Path, SynthReport]) -> None:
    generate(1000, 9, AS_OF, tmp_path, background=0)
    for folder in (tmp_path, city[0]):
        statuses = [row["status"] for row in csv.DictReader((folder / "truth.csv").open())]
        assert 0.30 < sum(status != "not-applicable" for status in statuses) / len(statuses) < 0.42


def test_every_resource_is_legal(town: tuple[Path, SynthReport]) -> None:
    """Validated with the R4B models, which agree with R4 on every type we make."""
    for kind, line in _everything(town[0]):
        model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
        model.model_validate_json(line)


def test_every_reference_resolves_and_every_id_is_used_once(city: tuple[Path, SynthReport]) -> None:
    ids: Counter[str] = Counter()
    wanted: set[str] = set()
    for kind, line in _everything(city[0]):
        resource = json.loads(line)
        assert re.fullmatch(r"(?=.*[a-z])[A-Za-z0-9-]{1,64}", resource["id"])
        assert "meta" not in resource
        ids[f"{kind}/{resource['id']}"] += 1
        wanted.update(re.findall(r'"reference":"([^"]+)"', line))
    assert ids.most_common(1)[0][1] == 1
    assert wanted - set(ids) == set()


def test_conditions_keep_the_invariants_that_models_do_not_check(city: tuple[Path, SynthReport]) -> None:
    """con-3, con-5 (https://hl7.org/fhir/R4/condition.html): a status unless entered in error, then none."""
    for line in _lines(city[0], "Condition"):
        condition = json.loads(line)
        in_error = "entered-in-error" in json.dumps(condition.get("verificationStatus", {}))
        assert ("clinicalStatus" in condition) is not in_error


def test_no_line_breaks_and_no_holes_left(town: tuple[Path, SynthReport]) -> None:
    for _, line in _everything(town[0]):
        assert "%(" not in line
        assert "<<" not in line
        assert "{{" not in line


def test_merged_records_point_at_their_survivor_and_back(city: tuple[Path, SynthReport]) -> None:
    links = {}
    for line in _lines(city[0], "Patient"):
        patient = json.loads(line)
        links[patient["id"]] = {(link["type"], link["other"]["reference"][8:]) for link in patient.get("link", [])}
    losers = {loser: into for loser, each in links.items() for kind, into in each if kind == "replaced-by"}
    assert losers
    assert all(("replaces", loser) in links[into] for loser, into in losers.items())
    assert any(into in losers for into in losers.values())  # a chain


def test_facts_of_merged_people_lie_on_the_merged_away_records(city: tuple[Path, SynthReport]) -> None:
    merged = [json.loads(line)["id"] for line in _lines(city[0], "Patient") if '"type":"replaced-by"' in line]
    for kind, letter in (("Condition", "c"), ("Observation", "o"), ("DiagnosticReport", "d")):
        text = "\n".join(_lines(city[0], kind))
        assert any(f'"id":"{loser}-{letter}' in text for loser in merged)


def test_free_slots_are_scarce_in_daylight_and_never_all_free(city: tuple[Path, SynthReport]) -> None:
    slots = [json.loads(line) for line in _lines(city[0], "Slot")]
    assert {"free", "busy", "busy-tentative", "entered-in-error"} <= {slot["status"] for slot in slots}
    popup = [slot for slot in slots if re.fullmatch(r"Schedule/sch-\d+-\d", slot["schedule"]["reference"])]
    overdue = sum(",overdue," in line for line in (city[0] / "truth.csv").open())
    assert 0 < sum(slot["status"] == "free" for slot in popup) < overdue / 2
    starts = [datetime.fromisoformat(slot["start"]) for slot in slots]
    assert all(start.tzinfo is not None and 3 <= (start.date() - AS_OF).days + 1 <= 24 for start in starts)
    assert any(slot["start"].endswith("Z") for slot in slots)


def test_three_places_have_a_popup_clinic_and_two_schedules_must_not_be_used(town: tuple[Path, SynthReport]) -> None:
    schedules = [json.loads(line) for line in _lines(town[0], "Schedule")]
    liver = [one for one in schedules if one["serviceType"][0]["coding"][0]["code"] == "28614-6"]
    assert len({one["actor"][0]["reference"] for one in liver if one["active"]}) == 3
    assert [one["active"] for one in liver].count(False) == 1
    assert len(schedules) - len(liver) == 1


def test_the_register_has_its_usual_variety(city: tuple[Path, SynthReport]) -> None:
    people = [json.loads(line) for line in _lines(city[0], "Patient")]
    assert {"male", "female", "other", "unknown", None} == {person.get("gender") for person in people}
    preferred = {
        told["language"]["coding"][0]["code"]
        for person in people
        for told in person.get("communication", [])
        if told.get("preferred")
    }
    assert preferred == {"en", "en-US", "es", "zh", "vi", "ko", "ht", "ar", "fr"}
    text = "\n".join(_lines(city[0], "Patient"))
    assert 0.10 < text.count("patient-birthPlace") / len(people) < 0.19
    assert 0.58 < text.count("urn:outreach:portal-account") / len(people) < 0.70
    races = {"ASKU", "UNK", "2106-3", "2054-5", "2028-9", "1002-5", "2076-8"}
    assert races <= set(re.findall(r'"code":"([\w-]+)"', text))


def test_progress_is_told_and_ends_at_the_number_asked_for(tmp_path: Path) -> None:
    told: list[int] = []
    generate(2300, 1, AS_OF, tmp_path, processes=1, progress=told.append, background=0)
    assert told == [1000, 2000, 2300]


def test_nobody_is_a_population_too(tmp_path: Path) -> None:
    report = generate(0, 1, AS_OF, tmp_path)
    assert (tmp_path / "truth.csv").read_text() == "patient,rule,status,due_on,risk_group,reason\n"
    assert report.resources == {"Organization": 4}


@pytest.mark.parametrize(("patients", "background"), [(-1, 1.0), (10, -0.5)])
def test_a_negative_population_is_refused(tmp_path: Path, patients: int, background: float) -> None:
    with pytest.raises(ValueError, match="negative"):
        generate(patients, 1, AS_OF, tmp_path, background=background)
