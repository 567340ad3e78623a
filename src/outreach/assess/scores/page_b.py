"""PAGE-B and mPAGE-B: five-year liver cancer risk in chronic hepatitis B under treatment, from age, sex and blood.

Sums of points. Ages are whole years.
"""

from __future__ import annotations

from datetime import date

from outreach.assess.gather import Gather
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Step
from outreach.assess.scores.inputs import Male, Points
from outreach.assess.scores.score import Formula, Population, Score, sum_of
from outreach.domain.calendar import Period

AGE = (Step(0), Step(2, at=30), Step(4, at=40), Step(6, at=50), Step(8, at=60), Step(10, at=70))
MALE = (Step(0), Step(6, at=1))
PLATELETS = (Step(9), Step(6, at=100), Step(0, at=200))
M_AGE = (Step(0), Step(3, at=30), Step(5, at=40), Step(7, at=50), Step(9, at=60), Step(11, at=70))
M_MALE = (Step(0), Step(2, at=1))
M_PLATELETS = (Step(5), Step(4, at=100), Step(3, at=150), Step(2, at=200), Step(0, at=250))
M_ALBUMIN = (Step(3), Step(2, at=30), Step(1, at=35), Step(0, at=40))


def page_b(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Age 16–29 0, 30–39 2, 40–49 4, 50–59 6, 60–69 8, 70 or older 10; male 6; platelets (10*9/L) 200 or
    more 0, 100–199 6, below 100 9. At most 9 low, 10–17 intermediate, 18 or more high risk.

    Derived in Caucasian people from 16 years on antiviral treatment; the treatment is not looked for.
    Source: Papatheodoridis 2016, doi:10.1016/j.jhep.2015.11.035.
    """
    ask = Ask(gather, as_of, within)
    platelets = Points(ask.lab("platelets", "10*9/L"), PLATELETS)
    infected = Population(ask.age, 16, one_of=[ask.diagnosis("chronic-hepatitis-b")])
    return Formula(infected, (Points(ask.age, AGE), Points(Male(), MALE), platelets), sum_of, digits=0)


def mpage_b(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Age below 30 0, 30s 3, 40s 5, 50s 7, 60s 9, 70 or older 11; male 2; platelets (10*9/L) 250 or more 0,
    200–249 2, 150–199 3, 100–149 4, below 100 5; albumin (g/L) 40 or more 0, 35–39 1, 30–34 2, below 30 3.
    At most 8 low, 9–12 intermediate, 13 or more high risk.

    Derived in Korean adults on antiviral treatment; the treatment is not looked for.
    Source: https://ceshi.explorationpub.com/Journals/Tables/100546/t2.
    """
    ask = Ask(gather, as_of, within)
    blood = (Points(ask.lab("platelets", "10*9/L"), M_PLATELETS), Points(ask.lab("albumin", "g/L"), M_ALBUMIN))
    infected = Population(ask.age, 18, one_of=[ask.diagnosis("chronic-hepatitis-b")])
    return Formula(infected, (Points(ask.age, M_AGE), Points(Male(), M_MALE), *blood), sum_of, digits=0)
