"""MELD, MELD-Na and MELD 3.0: how ill end-stage liver disease is, 6 to 40, in whole points.

Inputs are clamped as OPTN does, so that a missing one still has a range: bilirubin (mg/dL), INR and creatinine
(mg/dL) at least 1; creatinine at most 4 (MELD 3.0: 3) and exactly that on dialysis; sodium (mmol/L) 125 to 137;
albumin (g/dL) 1.5 to 3.5. For people with cirrhosis from 12 years (younger ones have PELD). Half points round up.
"""

from __future__ import annotations

from datetime import date

import ibis

from outreach.assess.gather import Gather
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds, Step, clamped, rounded, times, total
from outreach.assess.scores.dialysis import Creatinine
from outreach.assess.scores.inputs import Input, Male, Points
from outreach.assess.scores.score import Formula, Population, Score
from outreach.domain.calendar import Period

ADULT = (Step(0), Step(1, at=18))


def meld(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """10 · (0.957 ln creatinine + 0.378 ln bilirubin + 1.120 ln INR + 0.643). The rule of OPTN to January 2016.

    Bilirubin 3.5, creatinine 1.8, INR 1.5: 21.
    """
    ask = Ask(gather, as_of, within)
    return Formula(_ill(ask), _classic(ask), lambda b, i, c: clamped(_whole_meld(b, i, c), 6, 40), digits=0)


def meld_na(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Above 11, MELD + 1.32 · (137 − Na) − 0.033 · MELD · (137 − Na); else MELD. OPTN from January 2016.

    It rises with MELD (by at least 0.604 for each point), and with 137 − Na as long as MELD is below 40;
    above, both ends are 40. So the least of one with the least of the other gives the least of all.
    """
    ask = Ask(gather, as_of, within)

    def of(bilirubin: Bounds, inr: Bounds, creatinine: Bounds, sodium: Bounds) -> Bounds:
        whole, lack = _whole_meld(bilirubin, inr, creatinine), _lack(sodium, 137, 125)
        ends = zip(whole, lack, strict=True)
        low, high = (ibis.ifelse(m > 11, m + 1.32 * n - 0.033 * m * n, m) for m, n in ends)
        return clamped((low, high), 6, 40)

    return Formula(_ill(ask), (*_classic(ask), ask.lab("sodium", "mmol/L")), of, digits=0)


def meld_3(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """1.33 (women) + 4.56 ln bilirubin + 0.82 d − 0.24 d ln bilirubin + 9.09 ln INR + 11.14 ln creatinine
    + 1.85 a − 1.83 a ln creatinine + 6, where d = 137 − Na and a = 3.5 − albumin. OPTN from July 2023.

    Below 18 years the constant is 7.33 for both sexes. In each pair (d, bilirubin) and (a, creatinine) it is
    linear in either, so its least and greatest lie at corners; bilirubin, creatinine and INR always raise it.
    Source: Kim 2021, doi:10.1053/j.gastro.2021.08.050.
    """
    ask = Ask(gather, as_of, within)
    blood = _classic(ask, 3.0)
    more = (ask.lab("sodium", "mmol/L"), ask.lab("albumin", "g/dL"))

    def of(adult: Bounds, male: Bounds, b: Bounds, i: Bounds, c: Bounds, sodium: Bounds, albumin: Bounds) -> Bounds:
        first = _corners(_ln(b), _lack(sodium, 137, 125), 4.56, 0.82, -0.24)
        second = _corners(_ln(c), _lack(albumin, 3.5, 1.5), 11.14, 1.85, -1.83)
        return clamped(total([_constant(adult, male), first, second, times(9.09, _ln(i))]), 6, 40)

    return Formula(_ill(ask), (Points(ask.age, ADULT), Male(), *blood, *more), of, digits=0)


def _ill(ask: Ask) -> Population:
    return Population(ask.age, 12, one_of=[ask.diagnosis("cirrhosis")])


def _classic(ask: Ask, most: float = 4.0) -> tuple[Input, ...]:
    return (ask.lab("bilirubin", "mg/dL"), ask.lab("inr", "1"), Creatinine.asked(ask, most))


def _whole_meld(bilirubin: Bounds, inr: Bounds, creatinine: Bounds) -> Bounds:
    """MELD in whole points, not yet held to 6 and 40."""
    parts = [times(9.57, _ln(creatinine)), times(3.78, _ln(bilirubin)), times(11.2, _ln(inr))]
    low, high = total(parts)
    return rounded((low + 6.43, high + 6.43), 0)


def _ln(value: Bounds) -> Bounds:
    """Natural logarithm, of 1 where the value is less."""
    low, high = (ibis.greatest(end, 1.0).ln() for end in value)
    return low, high


def _lack(value: Bounds, most: float, least: float) -> Bounds:
    """How far the value lies below ``most``, down to ``least``."""
    low, high = clamped(value, least, most)
    return most - high, most - low


def _corners(log: Bounds, lack: Bounds, by_log: float, by_lack: float, both: float) -> Bounds:
    """log · by_log + lack · by_lack + log · lack · both, which always rises with ``log``."""
    least, most = ([end * by_log + n * by_lack + end * n * both for n in lack] for end in log)
    return ibis.least(*least), ibis.greatest(*most)


def _constant(adult: Bounds, male: Bounds) -> Bounds:
    """6 for men, 7.33 for women and for everyone below 18."""
    low, high = (ibis.ifelse(adult[at] * male[at] > 0, 6.0, 7.33) for at in (1, 0))
    return low, high
