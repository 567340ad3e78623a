"""Published risk scores by brute force: the least and the greatest over every value an input could have.

No interval arithmetic as in the engine: only the formula, at each corner of what is known. Every formula here rises
or falls steadily in each input, so that corners are enough; the one that does not (the virus in REACH-B) is tried
on both sides of its steps too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import floor

from plain import formulas
from plain.answer import Found
from plain.bedside import Bedside, Options
from plain.people import Person
from plain.rule import Mapping, Node, Rule

_HEPATITIS = ("chronic-hepatitis-b", "chronic-hepatitis-c", "steatohepatitis", "autoimmune-liver-disease")
_ANY_LIVER = (*_HEPATITIS, "other-liver-disease", "cirrhosis")
_CLASSES: dict[str, Mapping] = {
    "A": {"from": "5", "below": "7"},
    "B": {"from": "7", "below": "10"},
    "C": {"from": "10"},
}
_STEPS = (9999.0, 1e4, 99_999.0, 1e5, 999_999.0, 1e6)


@dataclass(frozen=True)
class Score:
    """A formula, its inputs in that order, its decimals, and for whom it holds: ages and diagnoses."""

    formula: Callable[..., float]
    inputs: Callable[[Bedside], tuple[Options, ...]]
    digits: int
    youngest: int = 18
    oldest: int = 130
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


def _labs(at: Bedside, *asked: tuple[str, str]) -> tuple[Options, ...]:
    return tuple(at.lab(name, unit) for name, unit in asked)


def _sign(at: Bedside, diagnosis: str) -> Options:
    return (2.0, 3.0) if at.has(diagnosis) else (1.0,)


def _virus(at: Bedside) -> Options:
    low, high = at.copies()
    return (low, high, *(step for step in _STEPS if low <= step <= high))


_PLATELETS = ("platelets", "10*9/L")
_AST, _ALT = ("ast", "U/L"), ("alt", "U/L")
_BILE, _PROTEIN = ("bilirubin", "umol/L"), ("albumin", "g/L")
_BILE_US, _PROTEIN_US, _INR, _SODIUM = ("bilirubin", "mg/dL"), ("albumin", "g/dL"), ("inr", "1"), ("sodium", "mmol/L")


def _who(at: Bedside) -> tuple[Options, ...]:
    return at.age(), at.male()


def _meld(at: Bedside, most: float) -> tuple[Options, ...]:
    return (*_labs(at, _BILE_US, _INR), at.creatinine(most))


def _galad(at: Bedside) -> tuple[Options, ...]:
    return (*_who(at), at.trace("afp", "ng/mL"), at.trace("afp-l3", "%", 100.0), at.trace("dcp", "ng/mL"))


def _child_pugh(at: Bedside) -> tuple[Options, ...]:
    blood = _labs(at, _BILE_US, _PROTEIN_US, _INR)
    return (*blood, _sign(at, "ascites"), _sign(at, "hepatic-encephalopathy"))


def _cu_hcc(at: Bedside) -> tuple[Options, ...]:
    return (at.age(), *_labs(at, _PROTEIN, _BILE), _virus(at), (float(at.has("cirrhosis")),))


_B, _SCAR = ("chronic-hepatitis-b",), ("cirrhosis",)
SCORES = {
    "fib-4": Score(formulas.fib4, lambda at: (at.age(), *_labs(at, _AST, _ALT, _PLATELETS)), 2),
    "apri": Score(formulas.apri, lambda at: _labs(at, _AST, _PLATELETS), 2),
    "albi": Score(formulas.albi, lambda at: _labs(at, _BILE, _PROTEIN), 3),
    "page-b": Score(formulas.page_b, lambda at: (*_who(at), *_labs(at, _PLATELETS)), 0, 16, one_of=_B),
    "mpage-b": Score(formulas.mpage_b, lambda at: (*_who(at), *_labs(at, _PLATELETS, _PROTEIN)), 0, one_of=_B),
    "amap": Score(formulas.amap, lambda at: (*_who(at), *_labs(at, _BILE, _PROTEIN, _PLATELETS)), 2, one_of=_HEPATITIS),
    "thri": Score(formulas.thri, lambda at: (*_who(at), *_labs(at, _PLATELETS), at.cause()), 0, one_of=_SCAR),
    "reach-b": Score(
        formulas.reach_b,
        lambda at: (*_who(at), *_labs(at, _ALT), at.antigen(), _virus(at)),
        0,
        *(30, 65),
        one_of=_B,
        none_of=_SCAR,
    ),
    "cu-hcc": Score(formulas.cu_hcc, _cu_hcc, 1, one_of=_B),
    "meld": Score(formulas.meld, lambda at: _meld(at, 4.0), 0, 12, one_of=_SCAR),
    "meld-na": Score(formulas.meld_na, lambda at: (*_meld(at, 4.0), *_labs(at, _SODIUM)), 0, 12, one_of=_SCAR),
    "meld-3": Score(
        formulas.meld_3,
        lambda at: (*_who(at), *_meld(at, 3.0), *_labs(at, _SODIUM, _PROTEIN_US)),
        0,
        12,
        one_of=_SCAR,
    ),
    "child-pugh": Score(formulas.child_pugh, _child_pugh, 0, one_of=_SCAR),
    "galad": Score(formulas.galad, _galad, 3, one_of=_ANY_LIVER),
}


def score(rule: Rule, person: Person, name: str, said: Node) -> Found:
    """Whether a score lies from ``from`` and below ``below``; N outside the population it was derived in."""
    asked = said if isinstance(said, dict) else _CLASSES[str(said)]
    known, at = SCORES[name], Bedside(rule, person, rule.span(asked.get("within", _within(name))))
    if not _holds(known, at):
        return Found("N")
    formula = partial(known.formula, limit=rule.number(asked["limit"])) if "limit" in asked else known.formula
    low, high = bounds(formula, known.inputs(at), known.digits)
    least = rule.number(asked["from"]) if "from" in asked else float("-inf")
    below = rule.number(asked["below"]) if "below" in asked else float("inf")
    if low >= least and high < below:
        return Found("T")
    return Found("F" if high < least or low >= below else "U", missing=(name,))


def _within(name: str) -> str:
    """How old inputs may be where a rule does not say."""
    return "6 months" if name == "galad" else "2 years" if name in ("page-b", "mpage-b", "amap", "thri") else "1 year"


def _holds(known: Score, at: Bedside) -> bool:
    """Somebody whose birth date leaves their age open is not shut out."""
    young, old = at.age()
    ill = not known.one_of or any(at.has(name) for name in known.one_of)
    return old >= known.youngest and young <= known.oldest and ill and not any(map(at.has, known.none_of))


def bounds(formula: Callable[..., float], inputs: tuple[Options, ...], digits: int) -> tuple[float, float]:
    """The least and the greatest of a formula over every combination, rounded, halves up."""
    found = [formula(*values) for values in product(*inputs)]
    return _rounded(min(found), digits), _rounded(max(found), digits)


def _rounded(value: float, digits: int) -> float:
    return floor(value * 10.0**digits + 0.5) / 10.0**digits
