"""The published formulas themselves, each over plain numbers. Units are those the papers print.

Read in the project's clinical notes and the sources that stand beside each score in the rulebook.
"""

from __future__ import annotations

from math import log, log10, sqrt

ENDLESS = 1e12


def _log(value: float) -> float:
    return log10(value) if value > 0 else -ENDLESS


def fib4(age: float, ast: float, alt: float, platelets: float) -> float:
    under = platelets * sqrt(alt)
    return age * ast / under if under > 0 else ENDLESS


def apri(ast: float, platelets: float, limit: float) -> float:
    return 100 * (ast / limit) / platelets if platelets > 0 else ENDLESS


def albi(bilirubin: float, albumin: float) -> float:
    return 0.66 * _log(bilirubin) - 0.085 * albumin


def page_b(age: float, male: float, platelets: float) -> float:
    of_age = 0 if age < 30 else 2 if age < 40 else 4 if age < 50 else 6 if age < 60 else 8 if age < 70 else 10
    return of_age + 6 * male + (0 if platelets >= 200 else 6 if platelets >= 100 else 9)


def mpage_b(age: float, male: float, platelets: float, albumin: float) -> float:
    of_age = 0 if age < 30 else 3 if age < 40 else 5 if age < 50 else 7 if age < 60 else 9 if age < 70 else 11
    count = (
        0 if platelets >= 250 else 2 if platelets >= 200 else 3 if platelets >= 150 else 4 if platelets >= 100 else 5
    )
    return of_age + 2 * male + count + (0 if albumin >= 40 else 1 if albumin >= 35 else 2 if albumin >= 30 else 3)


def amap(age: float, male: float, bilirubin: float, albumin: float, platelets: float) -> float:
    return (0.06 * age + 0.89 * male + 0.48 * albi(bilirubin, albumin) - 0.01 * platelets + 7.4) / 14.77 * 100


def thri(age: float, male: float, platelets: float, cause: float) -> float:
    count = 0 if platelets > 200 else 20 if platelets >= 140 else 70 if platelets >= 80 else 89
    return (0 if age < 45 else 50 if age <= 60 else 100) + 80 * male + count + cause


def reach_b(age: float, male: float, alt: float, antigen: float, copies: float) -> float:
    of_age = next((points for points in range(6, 0, -1) if age >= 30 + 5 * points), 0)
    virus = 0 if copies < 1e4 else 3 if copies < 1e5 else 5 if copies < 1e6 else 4
    return of_age + 2 * male + (0 if alt < 15 else 1 if alt < 45 else 2) + 2 * antigen + virus


def cu_hcc(age: float, albumin: float, bilirubin: float, copies: float, cirrhosis: float) -> float:
    virus = 0 if copies <= 1e4 else 1 if copies <= 1e6 else 4
    blood = (20 if albumin <= 35 else 0) + (1.5 if bilirubin > 18 else 0)
    return (3 if age > 50 else 0) + blood + virus + 15 * cirrhosis


def _whole_meld(bilirubin: float, inr: float, creatinine: float) -> int:
    logs = 0.957 * log(creatinine) + 0.378 * log(max(bilirubin, 1)) + 1.120 * log(max(inr, 1)) + 0.643
    return int(10 * logs + 0.5)


def _held(points: float) -> float:
    return min(max(points, 6), 40)


def meld(bilirubin: float, inr: float, creatinine: float) -> float:
    return _held(_whole_meld(bilirubin, inr, creatinine))


def meld_na(bilirubin: float, inr: float, creatinine: float, sodium: float) -> float:
    points, lack = _whole_meld(bilirubin, inr, creatinine), 137 - min(max(sodium, 125), 137)
    return _held(points + 1.32 * lack - 0.033 * points * lack if points > 11 else points)


def meld_3(
    age: float, male: float, bilirubin: float, inr: float, creatinine: float, sodium: float, albumin: float
) -> float:
    bile, lack, thin = log(max(bilirubin, 1)), 137 - min(max(sodium, 125), 137), 3.5 - min(max(albumin, 1.5), 3.5)
    whole = 7.33 if age < 18 or not male else 6
    blood = 4.56 * bile + 0.82 * lack - 0.24 * lack * bile + 9.09 * log(max(inr, 1))
    return _held(whole + blood + 11.14 * log(creatinine) + 1.85 * thin - 1.83 * thin * log(creatinine))


def child_pugh(bilirubin: float, albumin: float, inr: float, ascites: float, brain: float) -> float:
    bile = 1 if bilirubin < 2 else 2 if bilirubin <= 3 else 3
    protein = 1 if albumin > 3.5 else 2 if albumin >= 2.8 else 3
    return bile + protein + (1 if inr < 1.7 else 2 if inr <= 2.3 else 3) + ascites + brain


def galad(age: float, male: float, afp: float, fraction: float, dcp: float) -> float:
    return -10.08 + 0.09 * age + 1.67 * male + 2.34 * _log(afp) + 0.04 * fraction + 1.33 * _log(dcp)
