"""A rule in the model's own words, with one of everything, for tests of what is said about rules."""

from __future__ import annotations

from datetime import date

from outreach.domain.calendar import Period
from outreach.rulebook.case import Case, Given, GivenFact
from outreach.rulebook.criterion import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Booked,
    Defined,
    Lab,
    Not,
    Origin,
    Record,
    Rising,
    ScanResult,
    ScoreIs,
    Sex,
)
from outreach.rulebook.model import (
    Counts,
    DueRow,
    Expected,
    Named,
    Parameter,
    ParameterValue,
    Reads,
    Rule,
    Worklist,
)
from outreach.rulebook.terms import Code, Stretch, ValueSet, Window

DAY = date(2026, 3, 1)
YEAR = Stretch("year", "ends", Period(1, "years"))
CIRRHOSIS = Record("diagnosis", ("cirrhosis",))
HEPATITIS_B = Record("diagnosis", ("chronic-hepatitis-b",))
FRAIL = AtLeast(
    2, (Record("diagnosis", ("frailty",)), Record("device", ("walking-aid",), Window("during", None, YEAR)))
)


def _set(name: str, title: str, unit: str = "", *codes: tuple[str, str]) -> ValueSet:
    made = tuple(Code("urn:test:codes", code, display) for code, display in codes or ((name, title),))
    return ValueSet(name, title, made, unit)


SETS = {
    found.name: found
    for found in (
        _set("cirrhosis", "Cirrhosis of the liver, any cause"),
        _set("chronic-hepatitis-b", "Chronic hepatitis B"),
        _set("liver-cancer", "Liver cancer"),
        _set("platelets", "Platelets in blood", "10*9/L"),
        _set("afp", "Alpha-fetoprotein in blood, by mass", "ng/mL"),
        _set("endemic", "Countries where hepatitis B is common"),
        _set("frailty", "Frailty <b>or</b> weakness"),
        _set("walking-aid", "Walking aid"),
        _set("liver-imaging", "Liver imaging"),
        _set("liver-ct", "CT of the liver"),
        _set("ultrasound", "Ultrasound of the liver"),
        _set(
            "us-lirads", "Ultrasound category", "", ("US-1", "Negative"), ("US-2", "Subthreshold"), ("US-3", "Positive")
        ),
    )
}


def rule(**changes: object) -> Rule:
    """A draft with two risk groups, an end, a choice, three pauses and three due rows."""
    told: dict[str, object] = {
        "name": "liver-check",
        "title": "Liver ultrasound every 6 months",
        "status": "draft",
        "owner": "liver quality lead",
        "approved_by": "nobody-yet",
        "review_by": date(2027, 6, 30),
        "sources": (("guide", "https://doi.org/10.1097/HEP.0000000000000466"), ("site", "our own choice")),
        "scan": "ultrasound",
        "accompanied_by": "afp",
        "age": Age(18, None),
        "at_risk": (
            Named("cirrhosis", CIRRHOSIS, "guide"),
            Named(
                "hepatitis-b", All((HEPATITIS_B, ScoreIs("page-b", 10, None, Period(2, "years")))), "guide", grade="C"
            ),
            Named(
                "hepatitis-b-man",
                All((HEPATITIS_B, Sex("male"), Age(40, None), Origin("endemic"))),
                "guide",
                "by origin",
            ),
        ),
        "cannot_help": (
            Named("cancer", Record("diagnosis", ("liver-cancer",))),
            Named("frail", Defined("frail", FRAIL)),
        ),
        "own_choice": (),
        "not_now": (
            Named(
                "work-up",
                AnyOf((ScanResult(("US-3",)), Lab("afp", 20, None, None), Rising("afp", 3, Period(12, "months")))),
                until=("clear",),
                worklist=Worklist("work-up", "liver nurse", Period(14, "days")),
            ),
            Named(
                "unread", ScanResult(("uncoded",)), worklist=Worklist("read-report", "liver nurse", Period(3, "days"))
            ),
            Named("booked", All((Booked("liver-imaging"), Not(Record("open-order", ("liver-ct",)))))),
        ),
        "counts": (Counts("ultrasound", report=("ultrasound",), procedure=("ultrasound",), results="us-lirads"),),
        "never_counts": ("liver-ct",),
        "due_from": "latest-test",
        "due": (
            DueRow((), (), Period(0, "days"), Period(2, "months"), "site", never_tested=True),
            DueRow((), ("US-2",), Period(3, "months"), Period(6, "months"), "guide"),
            DueRow((), ("US-1",), Period(6, "months"), Period(8, "months"), "guide"),
        ),
        "reads": (Reads("sex", "risk differs", "guide", "liver quality lead", date(2027, 6, 30)),),
        "cases": (
            Case(
                "takes cirrhosis at 18",
                DAY,
                Given(born="2008-03-01", facts=(GivenFact("diagnosis", "cirrhosis", "2020-01-15"),)),
                (("status", "due"), ("due_on", "2026-03-01")),
                1,
                1,
            ),
        ),
        "value_sets": SETS,
        "definitions": (Named("frail", FRAIL),),
        "stretches": (YEAR,),
        "parameters": (Parameter("interval", (ParameterValue(date(2018, 1, 1), Period(6, "months"), "", "guide"),)),),
        "expected": Expected(100, 900),
        "hash": "ab12",
        "path": "rules/liver-check.yaml",
    }
    return Rule(**(told | changes))  # type: ignore[arg-type]
