"""The value sets that made-up rules and people share. Every code is invented; no real terminology is quoted.

The sets that scores draw on keep the names scores ask for, with invented codes.
"""

from __future__ import annotations

import json
from pathlib import Path

SYSTEM, OTHER_SYSTEM = "urn:example:codes", "urn:example:other"
COUNTRIES = "urn:iso:std:iso:3166"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
RACE = "urn:oid:2.16.840.1.113883.6.238"

#: kind of record: the value sets a rule may name. Sets ``…-c`` share a code with their neighbour.
SETS: dict[str, tuple[str, ...]] = {
    "diagnosis": ("ill-a", "ill-b", "ill-c"),
    "procedure": ("done-a", "done-b", "scope-a"),
    "report": ("image-a", "image-b", "scope-a"),
    "finding": ("sign-a", "sign-b", "stool-a", "lab-a"),
    "visit": ("visit-a", "visit-b"),
    "medicine": ("drug-a", "drug-b"),
    "order": ("order-a", "order-b"),
    "open-order": ("order-a", "order-b"),
    "device": ("tool-a", "tool-b"),
    "coverage": ("payer-a", "payer-b"),
    "close-relative": ("ill-a", "ill-b", "ill-c"),
}
ANSWERS, SITES, GONE, SERVICES = (
    ("answer-a", "answer-b"),
    ("site-a", "site-b"),
    ("gone-a", "gone-b"),
    ("service-a", "service-b"),
)
DATES, COUNTRY_LISTS = ("quit-a", "quit-b"), ("land-a", "land-b")
RACES, ETHNICITIES = ("race-a", "race-b"), ("ethnicity-a", "ethnicity-b")
NEVER = ("never-a", "never-b")
#: result set: its codes, the least weighty first.
RESULTS = {"result-x": ("x-1", "x-2", "x-3"), "result-y": ("y-no", "y-yes")}
#: laboratory set: (unit, factor and unit of amounts, the thresholds rules use).
LABS: dict[str, tuple[str, str, str, tuple[float, ...]]] = {
    "lab-a": ("mg/dL", "17.1", "umol/L", (2, 3, 20)),
    "lab-b": ("10*9/L", "", "", (100, 150, 200)),
    "lab-c": ("ng/mL", "", "", (8.5, 20)),
    "lab-d": ("mL/min/{1.73_m2}", "", "", (30, 60)),
    "lab-e": ("mm[Hg]", "", "", (90, 140)),
    "lab-f": ("kg", "", "", (50, 100)),
}
#: inputs of scores: laboratory values with their units, and diagnoses.
SCORE_LABS = {
    "platelets": "10*9/L", "ast": "U/L", "alt": "U/L", "albumin": "g/L", "bilirubin": "mg/dL", "inr": "1",
    "creatinine": "mg/dL", "sodium": "mmol/L", "afp": "ng/mL", "afp-l3": "%", "dcp": "ng/mL", "hbv-dna": "[IU]/mL",
    "hcv-rna": "[IU]/mL", "hbeag": "",
}  # fmt: skip
MOLAR = {"bilirubin": ("17.1", "umol/L"), "creatinine": ("88.4", "umol/L")}
SCORE_DIAGNOSES = (
    "chronic-hepatitis-b", "chronic-hepatitis-c", "steatohepatitis", "autoimmune-liver-disease", "other-liver-disease",
    "cirrhosis-from-hepatitis-b", "cirrhosis-from-hepatitis-c", "cirrhosis", "ascites", "hepatic-encephalopathy",
    "dialysis",
)  # fmt: skip
OUTCOMES = ("hbeag-positive", "hbeag-negative")


def codes(name: str) -> list[tuple[str, str]]:
    """The codings of a value set, system and code."""
    if name in RESULTS:
        return [(SYSTEM, code) for code in RESULTS[name]]
    if name in COUNTRY_LISTS:
        return [(COUNTRIES, code) for code in {"land-a": ("VN", "GHA", "KR"), "land-b": ("IE",)}[name]]
    if name == "first-degree-relative":
        return [(ROLES, code) for code in ("MTH", "FTH", "SIS")]
    if name in RACES + ETHNICITIES:
        return [(RACE, f"{name}-{n}") for n in (1, 2)]
    shared = [(SYSTEM, f"{name[:-1]}b-2")] if name.endswith("-c") else []
    return [(SYSTEM, f"{name}-1"), (SYSTEM, f"{name}-2"), *shared]


def names() -> list[str]:
    """Every value set there is."""
    of_records = {name for found in SETS.values() for name in found}
    others = (*ANSWERS, *SITES, *GONE, *SERVICES, *DATES, *COUNTRY_LISTS, *RACES, *ETHNICITIES, *NEVER, *RESULTS)
    of_scores = (*SCORE_LABS, *SCORE_DIAGNOSES, *OUTCOMES)
    return sorted({*of_records, *others, *LABS, *of_scores, "first-degree-relative"})


def write(folder: Path) -> None:
    """A folder of value sets as the rulebook reads them."""
    folder.mkdir(parents=True)
    for name in names():
        (folder / f"{name}.yaml").write_text(_file(name), encoding="utf-8")


def _file(name: str) -> str:
    unit = LABS[name][0] if name in LABS else SCORE_LABS.get(name, "")
    molar = (LABS[name][1], LABS[name][2]) if name in LABS else MOLAR.get(name, ("", ""))
    said: dict[str, object] = {"codes": name, "title": name, "meaning": "invented", "source": "invented for tests"}
    said |= {"unit": unit} if unit else {}
    said |= {"molar": {"factor": float(molar[0]), "from": molar[1], "source": "invented"}} if molar[0] else {}
    systems = dict.fromkeys(system for system, _ in codes(name))
    blocks = [
        {"system": s, "codes": [{"code": c, "display": c} for system, c in codes(name) if system == s]} for s in systems
    ]
    said |= {"includes": blocks}
    if name == "land-b":
        said |= {"partly": [{"system": COUNTRIES, "codes": [{"code": "FR", "display": "France"}]}]}
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in said.items())
