"""The words that ask for measured values, and for the day that a finding states."""

from __future__ import annotations

from outreach.rulebook.criterion import DateOf, Lab, Leaf, Rising
from outreach.rulebook.forms import OneOf
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named import SetName
from outreach.rulebook.records import IF_ABSENT, Which
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Mapping, Text
from outreach.rulebook.units import written
from outreach.rulebook.values import Number, Prose, Span, Whole

NAME = Key("name", SetName(), "The value set of what is measured.", required=True)
FROM = Key("from", Number(-1e6, 1e9), "The lowest value that counts, itself included.")
BELOW = Key("below", Number(-1e6, 1e9), "The value it must stay below.")
UNIT = Key("unit", Prose(), "The UCUM unit these numbers are in; results in other units are converted.", required=True)
WITHIN = Key("within", Span(), "How old the result may be.")
WHICH: Key[Which] = Key("which", OneOf[Which](("latest", "any")), "Judge the latest result, or any of them.")

VALUES = Key("values", Whole(2, 10), "How many results must each stand higher than the one before.", required=True)
RISING_UNIT = Key("unit", Prose(), "The UCUM unit the results are compared in, where the value set states none.")
RISING_WITHIN = Key("within", Span(), "How far back the results may lie.", required=True)

AGO_WITHIN = Key("within", Span(), "The day stated lies at most this long ago.")
AGO_AT_LEAST = Key("at_least", Span(), "The day stated lies at least this long ago.")


def _lab(at: Entries) -> Lab | None:
    codes, low, below, unit = at.get(NAME), at.get(FROM), at.get(BELOW), at.get(UNIT)
    if not at.has(FROM) and not at.has(BELOW):
        at.say(at.at, "neither from nor below is said", "empty-criterion", "Add one of them.")
    if low is not None and below is not None and low >= below:
        at.say(at.at, "no value is that high and that low", "impossible-window", "Swap them?")
        return None
    if codes and unit:
        at.scope.sets.unit(at.scope.reader, at.where(UNIT), codes, unit)
        _parameter_units(at, unit)
    within, which, absent = at.get(WITHIN), at.get(WHICH), at.get(IF_ABSENT)
    return Lab(codes, low, below, within, which or "latest", absent or "unknown") if codes else None


def _parameter_units(at: Entries, unit: str) -> None:
    for key in (FROM, BELOW):
        named = at.scope.parameter(at.where(key)) if at.has(key) else None
        if named is not None and named.unit and named.unit != unit:
            what, hint = f"this parameter is in {named.unit}, not in {unit}", f"Give it in {unit}."
            at.say(at.where(key), what, "wrong-unit", hint)


def _rising(at: Entries) -> Rising | None:
    codes, values, within, unit = at.get(NAME), at.get(VALUES), at.get(RISING_WITHIN), at.get(RISING_UNIT)
    if codes and unit:
        at.scope.sets.unit(at.scope.reader, at.where(RISING_UNIT), codes, unit)
    elif codes and not at.has(RISING_UNIT):
        at.scope.sets.must_have_unit(at.scope.reader, at.where(NAME), codes)
    return Rising(codes, values, within) if codes and values and within else None


def _date_of(at: Entries) -> DateOf | None:
    codes, within, at_least = at.get(NAME), at.get(AGO_WITHIN), at.get(AGO_AT_LEAST)
    absent = at.get(IF_ABSENT) or "unknown"
    if at.has(AGO_WITHIN) == at.has(AGO_AT_LEAST):
        at.say(at.at, "date-of says either within or at_least", "odd-window", "Write one of them.")
        return None
    if codes and within:
        return DateOf(codes, "within", within, absent)
    return DateOf(codes, "for", at_least, absent) if codes and at_least else None


def _unit_to_write(scope: Scope, at: Mapping, key: str) -> str:
    """The unit of the value set, as it is written."""
    name = at.get("name")
    found = scope.sets.look(str(name.value)) if key == UNIT.name and isinstance(name, Text) else None
    return f"Add “{written(found.unit)}”, the unit of the value set {found.name}." if found and found.unit else ""


_LAB = Built((NAME, FROM, BELOW, UNIT, WITHIN, WHICH, IF_ABSENT), _lab, lacking=_unit_to_write)
LABS: tuple[Key[Leaf], ...] = (
    Key("lab", _LAB, "A laboratory value lies in this range; unknown where there is none."),
    Key("measured", _LAB, "A measured value, such as a blood pressure, lies in this range; the same as lab."),
    Key(
        "rising",
        Built((NAME, VALUES, RISING_UNIT, RISING_WITHIN), _rising),
        "The last results each stand higher than the one before.",
    ),
    Key(
        "date-of",
        Built((NAME, AGO_WITHIN, AGO_AT_LEAST, IF_ABSENT), _date_of),
        "The day that a finding states, such as the day of quitting, is this long ago.",
    ),
)
