"""Measured values in the unit a rule speaks, exactly, then to six decimals."""

from __future__ import annotations

from decimal import Decimal

from plain.fhir import Resource, number, text
from plain.rule import ValueSet

_UCUM = "http://unitsofmeasure.org"
#: How many of the first-named unit of its kind make one of these. Source: https://ucum.org/ucum, and as printed.
#: The pound is 0.45359237 kg and the inch 2.54 cm (UCUM §4.6). Words in braces are UCUM's annotations: they count
#: something, and one thing counted never becomes another. Ratios of one pair of units are a kind of their own.
UNITS: dict[str, dict[str, str]] = {
    "mass": {"g/L": "1", "g/dL": "10", "mg/dL": ".01", "mg/L": ".001", "ug/L": ".000001", "ng/mL": ".000001"},
    "amount": {"umol/L": "1", "nmol/L": ".001"},
    "milliamount": {"mmol/L": "1", "mEq/L": "1"},
    "cells": {"10*9/L": "1", "10*3/uL": "1", "K/uL": "1", "/uL": ".001"},
    "enzyme": {"U/L": "1", "IU/L": "1", "m[IU]/L": ".001"},
    "units": {"[IU]/mL": "1", "IU/mL": "1"},
    "copies": {"{copies}/mL": "1"},
    "arbitrary": {"m[arb'U]/mL": "1", "[arb'U]/mL": "1000"},
    "ratio": {"1": "1", "{INR}": "1", "{score}": "1"},
    "percent": {"%": "1"},
    "amount in amount": {"mmol/mol": "1"},
    "mass in mass": {"mg/g": "1", "g/g": "1000"},
    "mass in amount": {"mg/mmol": "1", "g/mol": "1"},
    "smoked": {"{PackYears}": "1", "{pack-years}": "1"},
    "clearance": {"mL/min": "1"},
    "clearance of a body": {"mL/min/{1.73_m2}": "1", "mL/min/1.73m2": "1"},
    "pressure": {"mm[Hg]": "1", "mmHg": "1"},
    "rate": {"/min": "1", "{beats}/min": "1"},
    "mass of an area": {"kg/m2": "1"},
    "weight": {"kg": "1", "g": ".001", "[lb_av]": ".45359237", "lbs": ".45359237"},
    "length": {"cm": "1", "m": "100", "mm": ".1", "[in_i]": "2.54"},
}


def _kind(unit: str) -> tuple[str, Decimal] | None:
    return next(((kind, Decimal(units[unit])) for kind, units in UNITS.items() if unit in units), None)


def in_unit(observation: Resource, values: ValueSet, unit: str = "") -> Decimal | None:
    """An observation's number in a unit (the value set's unless said); None where it does not convert.

    Between mass and amount only by the value set's own factor.
    """
    value, sent = number(observation, "valueQuantity", "value"), _kind(_unit(observation))
    wanted, own = _kind(unit or values.unit), _kind(values.unit)
    if value is None or sent is None or wanted is None:
        return None
    exact = Decimal(str(value)) * sent[1]
    if sent[0] != wanted[0]:
        molar = _kind(values.molar_unit) if values.molar else None
        if molar is None or own is None or {sent[0], wanted[0]} != {own[0], molar[0]}:
            return None
        amounts_in_one = Decimal(values.molar) * molar[1] / own[1]
        exact = exact / amounts_in_one if sent[0] == molar[0] else exact * amounts_in_one
    return round(exact / wanted[1], 6)


def _unit(observation: Resource) -> str:
    code, printed = text(observation, "valueQuantity", "code"), text(observation, "valueQuantity", "unit")
    coded = text(observation, "valueQuantity", "system") == _UCUM
    return (code or printed) if coded else (printed or code)
