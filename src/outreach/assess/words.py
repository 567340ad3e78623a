"""A criterion in a few words, for findings and explanations."""

from __future__ import annotations

from outreach.assess.leaves import Closed
from outreach.rulebook.model import (
    Age,
    Booked,
    CloseRelative,
    Criterion,
    Diagnosis,
    Lab,
    OpenOrder,
    Origin,
    ProcedureDone,
    Rising,
    Rule,
    ScanResult,
    ScoreAtLeast,
    Sex,
)


def label(criterion: Criterion | Closed, rule: Rule) -> str:
    """What a leaf asks, as a nurse would say it."""
    if isinstance(criterion, Closed):
        return label(criterion.leaf, rule)
    if isinstance(criterion, Age):
        return _age(criterion)
    if isinstance(criterion, Sex):
        return criterion.value
    if isinstance(criterion, ScoreAtLeast):
        return f"{criterion.score} of {criterion.low:g} or more"
    if isinstance(criterion, ScanResult):
        return "latest scan is " + " or ".join(criterion.results)
    if isinstance(criterion, Lab):
        return _lab(criterion, rule)
    if isinstance(criterion, Rising):
        return f"last {criterion.values} {criterion.codes} values rising within {criterion.within}"
    return _of_set(criterion, rule)


def _of_set(criterion: Criterion, rule: Rule) -> str:
    phrases = {
        Diagnosis: "diagnosis: {}",
        ProcedureDone: "procedure: {}",
        CloseRelative: "close relative with {}",
        Origin: "born in: {}",
        OpenOrder: "open order: {}",
        Booked: "booked: {}",
    }
    title = rule.value_sets[getattr(criterion, "codes", "")].title
    return phrases[type(criterion)].format(title[0].lower() + title[1:] if title[1:2].islower() else title)


def _age(age: Age) -> str:
    if age.high is None:
        return f"age {age.low} or older"
    return f"age {age.high} or younger" if age.low is None else f"age {age.low} to {age.high}"


def _lab(lab: Lab, rule: Rule) -> str:
    unit = rule.value_sets[lab.codes].unit
    parts = [f"{lab.low:g} {unit} or more"] if lab.low is not None else []
    parts += [f"below {lab.below:g} {unit}"] if lab.below is not None else []
    return f"latest {lab.codes} " + " and ".join(parts)
