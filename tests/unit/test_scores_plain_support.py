"""The same scores in plain arithmetic, one person at a time: what the columns must agree with."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Truth:
    """Everything about somebody. Bilirubin and creatinine in mg/dL, albumin in g/dL, AFP and DCP in ng/mL, HBV DNA
    in copies/mL; ``wet`` and ``confused`` are Child-Pugh points, ``cause`` THRI points."""

    age: int = 50
    male: bool = True
    ast: float = 40
    alt: float = 30
    platelets: float = 200
    bilirubin: float = 1
    albumin: float = 4
    inr: float = 1
    creatinine: float = 1
    sodium: float = 137
    afp: float = 5
    fraction: float = 1
    dcp: float = 0.4
    dna: float = 1000
    antigen: bool = False
    cirrhosis: bool = True
    cause: int = 36
    wet: int = 1
    confused: int = 1
    dialysis: bool = False


def half_up(value: float, digits: int) -> float:
    return math.floor(value * 10**digits + 0.5 + 1e-9) / 10**digits


def band(value: float, *edges: tuple[float, float], low: float = 0) -> float:
    """Points of the last edge that is reached."""
    return next((points for edge, points in reversed(edges) if value >= edge), low)


def fib4(t: Truth) -> float:
    return half_up(t.age * t.ast / (t.platelets * math.sqrt(t.alt)), 2)


def apri(t: Truth) -> float:
    return half_up(100 * (t.ast / 40) / t.platelets, 2)


def _albi(t: Truth) -> float:
    return 0.66 * math.log10(t.bilirubin * 17.1) - 0.085 * t.albumin * 10


def page_b(t: Truth) -> float:
    age = band(t.age, (30, 2), (40, 4), (50, 6), (60, 8), (70, 10))
    return age + 6 * t.male + band(t.platelets, (100, 6), (200, 0), low=9)


def mpage_b(t: Truth) -> float:
    age = band(t.age, (30, 3), (40, 5), (50, 7), (60, 9), (70, 11))
    platelets = band(t.platelets, (100, 4), (150, 3), (200, 2), (250, 0), low=5)
    return age + 2 * t.male + platelets + band(t.albumin, (3, 2), (3.5, 1), (4, 0), low=3)


def amap(t: Truth) -> float:
    return half_up((0.06 * t.age + 0.89 * t.male + 0.48 * _albi(t) - 0.01 * t.platelets + 7.4) / 14.77 * 100, 2)


def thri(t: Truth) -> float:
    age = 0 if t.age < 45 else 50 if t.age <= 60 else 100
    count = t.platelets
    return age + 80 * t.male + (0 if count > 200 else 20 if count >= 140 else 70 if count >= 80 else 89) + t.cause


def reach_b(t: Truth) -> float:
    age = min(max((t.age - 30) // 5, 0), 6)
    virus = 0 if t.dna < 1e4 else 3 if t.dna < 1e5 else 5 if t.dna < 1e6 else 4
    return 2 * t.male + age + band(t.alt, (15, 1), (45, 2)) + 2 * t.antigen + virus


def cu_hcc(t: Truth) -> float:
    virus = 0 if t.dna <= 1e4 else 1 if t.dna <= 1e6 else 4
    blood = 20 * (t.albumin <= 3.5) + 1.5 * (t.bilirubin * 17.1 > 18)
    return 3 * (t.age > 50) + blood + virus + 15 * t.cirrhosis


def _held(score: float) -> float:
    return min(max(score, 6), 40)


def _whole_meld(t: Truth) -> float:
    creatinine = 4 if t.dialysis else min(max(t.creatinine, 1), 4)
    bilirubin, inr = max(t.bilirubin, 1), max(t.inr, 1)
    return half_up(9.57 * math.log(creatinine) + 3.78 * math.log(bilirubin) + 11.2 * math.log(inr) + 6.43, 0)


def meld(t: Truth) -> float:
    return _held(_whole_meld(t))


def meld_na(t: Truth) -> float:
    whole, lack = _whole_meld(t), 137 - min(max(t.sodium, 125), 137)
    return _held(half_up(whole + 1.32 * lack - 0.033 * whole * lack, 0) if whole > 11 else whole)


def meld_3(t: Truth) -> float:
    """As the OPTN macro writes it: 1.33 · female · adult − 1.33 · adult + 7.33."""
    bilirubin, inr = math.log(max(t.bilirubin, 1)), math.log(max(t.inr, 1))
    creatinine = math.log(3 if t.dialysis else min(max(t.creatinine, 1), 3))
    lack, thin = 137 - min(max(t.sodium, 125), 137), 3.5 - min(max(t.albumin, 1.5), 3.5)
    adult, female = t.age >= 18, not t.male
    liver = 4.56 * bilirubin + 0.82 * lack - 0.24 * lack * bilirubin + 9.09 * inr
    kidney = 11.14 * creatinine + 1.85 * thin - 1.83 * thin * creatinine
    return _held(half_up(1.33 * female * adult + liver + kidney - 1.33 * adult + 7.33, 0))


def child_pugh(t: Truth) -> float:
    bilirubin = 1 if t.bilirubin < 2 else 2 if t.bilirubin <= 3 else 3
    albumin = 1 if t.albumin > 3.5 else 2 if t.albumin >= 2.8 else 3
    return bilirubin + albumin + (1 if t.inr < 1.7 else 2 if t.inr <= 2.3 else 3) + t.wet + t.confused


def galad(t: Truth) -> float:
    blood = 2.34 * math.log10(t.afp) + 0.04 * t.fraction + 1.33 * math.log10(t.dcp)
    return half_up(-10.08 + 0.09 * t.age + 1.67 * t.male + blood, 3)


PLAIN: dict[str, Callable[[Truth], float]] = {
    "fib-4": fib4, "apri": apri, "albi": lambda t: half_up(_albi(t), 3), "page-b": page_b, "mpage-b": mpage_b,
    "amap": amap, "thri": thri, "reach-b": reach_b, "cu-hcc": cu_hcc, "meld": meld, "meld-na": meld_na,
    "meld-3": meld_3, "child-pugh": child_pugh, "galad": galad,
}  # fmt: skip


def completions(known: Truth, gone: frozenset[str]) -> list[Truth]:
    """Ways in which what is missing could be: extremes of each, one after another and all together."""
    ranges = {
        "bilirubin": (0.1, 1, 5, 30.5, 50), "inr": (0.8, 1, 2, 12), "creatinine": (0.5, 1, 2, 3, 9),
        "sodium": (110, 125, 131, 137, 150), "albumin": (1, 1.5, 2.5, 3.5, 5), "platelets": (1, 90, 120, 180, 900),
        "ast": (1, 4000), "alt": (1, 20, 4000), "afp": (0.1, 90_000), "afp-l3": (0, 99), "dcp": (0.01, 9000),
        "hbv-dna": (0, 2e4, 2e5, 1e9), "hbeag": (False, True), "sex": (False, True), "birth-date": (5, 30, 66, 101),
    }  # fmt: skip
    fields = {"sex": "male", "birth-date": "age", "afp-l3": "fraction", "hbv-dna": "dna", "hbeag": "antigen"}
    found = [known]
    for name in sorted(gone):
        found += [replace(one, **{fields.get(name, name): value}) for one in found for value in ranges[name]]
    return found
