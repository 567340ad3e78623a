"""aMAP, THRI and GALAD: liver cancer risk across causes of liver disease, for adults."""

from __future__ import annotations

from datetime import date

from outreach.assess.gather import Gather
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds, Step, log10, times, total
from outreach.assess.scores.fibrosis import albi_of
from outreach.assess.scores.inputs import Male, Points
from outreach.assess.scores.score import Formula, Population, Score, sum_of
from outreach.assess.scores.thri import Cause
from outreach.domain.calendar import Period

#: Chronic hepatitis, viral or not, as far as it is coded by its cause.
HEPATITIS = ("chronic-hepatitis-b", "chronic-hepatitis-c", "steatohepatitis", "autoimmune-liver-disease")
THRI_AGE = (Step(0), Step(50, at=45), Step(100, over=60))
THRI_MALE = (Step(0), Step(80, at=1))
THRI_PLATELETS = (Step(89), Step(70, at=80), Step(20, at=140), Step(0, over=200))


def amap(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """(0.06 · age + 0.89 · male + 0.48 · ALBI − 0.01 · platelets (10*9/L) + 7.4) / 14.77 · 100, to 2 decimals.

    Below 50 low, 50 to 60 medium, 60 or more high risk. A calculator of one of the authors' centres rounds
    to whole points before it bands (59.84 becomes high); here nothing is rounded that far.
    Man of 50, bilirubin 15 umol/L, albumin 42 g/L, platelets 200: 53.82.
    Source: doi:10.1016/j.jhep.2020.07.025.
    """
    ask = Ask(gather, as_of, within)
    blood = (ask.lab("bilirubin", "umol/L"), ask.lab("albumin", "g/L"), ask.lab("platelets", "10*9/L"))

    def of(age: Bounds, male: Bounds, bilirubin: Bounds, albumin: Bounds, platelets: Bounds) -> Bounds:
        liver = times(0.48, albi_of(bilirubin, albumin))
        low, high = total([times(0.06, age), times(0.89, male), liver, times(-0.01, platelets)])
        return (low + 7.4) / 14.77 * 100, (high + 7.4) / 14.77 * 100

    ill = [ask.diagnosis(name) for name in HEPATITIS]
    return Formula(Population(ask.age, 18, one_of=ill), (ask.age, Male(), *blood), of, digits=2)


def thri(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Toronto HCC risk index, in cirrhosis. Below 120 low, 120 to 240 medium, above 240 high risk in ten years.

    Age below 45 0, 45–60 50, over 60 100; male 80; platelets (10*9/L) over 200 0, 140–200 20, 80–139 70,
    below 80 89; the cause: see ``thri.Cause``. Source: doi:10.1016/j.jhep.2017.07.033.
    """
    ask = Ask(gather, as_of, within)
    platelets = Points(ask.lab("platelets", "10*9/L"), THRI_PLATELETS)
    parts = (Points(ask.age, THRI_AGE), Points(Male(), THRI_MALE), platelets, Cause.asked(ask))
    return Formula(Population(ask.age, 18, one_of=[ask.diagnosis("cirrhosis")]), parts, sum_of, digits=0)


def galad(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """−10.08 + 0.09 · age + 1.67 · male + 2.34 · log₁₀ AFP + 0.04 · AFP-L3 (%) + 1.33 · log₁₀ DCP, to 3 decimals.

    AFP and DCP in ng/mL; from −0.63 an HCC is likelier. DCP in mAU/mL is another thing (about 53 of them
    may be 1 ng, unconfirmed): read as ng/mL it would turn nearly everybody positive, so it gives no number,
    and neither does a DCP without a unit. Man of 65, AFP 20, AFP-L3 10 %, DCP 7.5: 2.048.
    For people with a chronic liver disease. Source: doi:10.1158/1055-9965.EPI-13-0870.
    """
    ask = Ask(gather, as_of, within)
    fraction = ask.trace("afp-l3", ask.in_unit("afp-l3", "%"), most=100.0)
    afp, dcp = (ask.trace(name, ask.in_unit(name, "ng/mL")) for name in ("afp", "dcp"))

    def of(age: Bounds, male: Bounds, afp: Bounds, fraction: Bounds, dcp: Bounds) -> Bounds:
        blood = [times(2.34, log10(afp)), times(0.04, fraction), times(1.33, log10(dcp))]
        low, high = total([times(0.09, age), times(1.67, male), *blood])
        return low - 10.08, high - 10.08

    ill = [ask.diagnosis(name) for name in (*HEPATITIS, "other-liver-disease", "cirrhosis")]
    return Formula(Population(ask.age, 18, one_of=ill), (ask.age, Male(), afp, fraction, dcp), of, digits=3)
