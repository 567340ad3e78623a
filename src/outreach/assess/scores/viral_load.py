"""REACH-B and CU-HCC: liver cancer risk in chronic hepatitis B, with the amount of virus among its inputs.

Sums of points. Ages are whole years, so "over 50" is 51 or more.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.gather import Gather
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds, Step
from outreach.assess.scores.inputs import Lab, Male, Points
from outreach.assess.scores.score import Formula, Population, Score, sum_of
from outreach.domain.calendar import Period
from outreach.rulebook.terms import ValueSet

R_AGE = (Step(0), *(Step(n, at=30 + 5 * n) for n in range(1, 7)))
R_MALE = (Step(0), Step(2, at=1))
R_ALT = (Step(0), Step(1, at=15), Step(2, at=45))
R_ANTIGEN = (Step(0), Step(2, at=1))
#: By copies/mL. It does not rise all the way: most points lie from 10⁵ to 10⁶.
R_DNA = (Step(0), Step(3, at=1e4), Step(5, at=1e5), Step(4, at=1e6))
CU_AGE = (Step(0), Step(3, over=50))
CU_ALBUMIN = (Step(20), Step(0, over=35))
CU_BILIRUBIN = (Step(0), Step(1.5, over=18))
CU_DNA = (Step(0), Step(1, over=1e4), Step(4, over=1e6))
CU_CIRRHOSIS = (Step(0), Step(15, at=1))

#: Copies in an international unit of HBV DNA, by assay: see rules/codes/hbv-dna.yaml.
COPIES_PER_UNIT = (3.41, 5.82)


def reach_b(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Male 2; age 30–34 0 and one more for every five years to 60–65 6; ALT (U/L) below 15 0, 15–44 1, 45 or
    more 2; HBeAg 2; HBV DNA (copies/mL) below 10⁴ 0, below 10⁵ 3, below 10⁶ 5, else 4. 0 to 17.

    Derived in people of 30 to 65 years without cirrhosis in Taiwan. Source:
    https://ceshi.explorationpub.com/Journals/Tables/100546/t2.
    """
    ask = Ask(gather, as_of, within)
    blood = (Points(ask.lab("alt", "U/L"), R_ALT), Points(_antigen(ask), R_ANTIGEN), Points(_copies(ask), R_DNA))
    infected, scarred = ask.diagnosis("chronic-hepatitis-b"), ask.diagnosis("cirrhosis")
    parts = (Points(ask.age, R_AGE), Points(Male(), R_MALE), *blood)
    return Formula(Population(ask.age, 30, 65, [infected], [scarred]), parts, sum_of, digits=0)


def cu_hcc(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Age over 50 3; albumin at most 35 g/L 20; bilirubin over 18 umol/L 1.5; HBV DNA (copies/mL) at most 10⁴
    0, at most 10⁶ 1, more 4; cirrhosis 15. To one decimal.

    Derived in adults in Hong Kong. Source: https://ceshi.explorationpub.com/Journals/Tables/100546/t2.
    """
    ask = Ask(gather, as_of, within)
    liver = (Points(ask.lab("albumin", "g/L"), CU_ALBUMIN), Points(ask.lab("bilirubin", "umol/L"), CU_BILIRUBIN))
    scarred = Points(ask.diagnosis("cirrhosis"), CU_CIRRHOSIS)
    infected = Population(ask.age, 18, one_of=[ask.diagnosis("chronic-hepatitis-b")])
    parts = (Points(ask.age, CU_AGE), *liver, Points(_copies(ask), CU_DNA))
    return Formula(infected, parts, sum_of, digits=1, facts=[scarred])


def _copies(ask: Ask) -> Lab:
    """HBV DNA in copies/mL; an international unit is a range of copies. Logarithms are never guessed."""
    copies, units = ask.in_unit("hbv-dna", "{copies}/mL"), ask.in_unit("hbv-dna", "[IU]/mL")

    def read(rows: ir.Table) -> Bounds:
        exact, arbitrary = copies(rows)[0], units(rows)[0]
        low, high = (ibis.coalesce(exact, arbitrary * factor) for factor in COPIES_PER_UNIT)
        return low, high

    return ask.trace("hbv-dna", read)


def _antigen(ask: Ask) -> Lab:
    """1 where the latest coded HBeAg is positive, 0 where it is negative; words are not read."""
    sets = ask.gather.value_sets
    present, absent = sets["hbeag-positive"], sets["hbeag-negative"]

    def read(rows: ir.Table) -> Bounds:
        found = ibis.cases((_coded(rows, present), 1.0), (_coded(rows, absent), 0.0), else_=ibis.null("float64"))
        return found, found

    return Lab("hbeag", ask.latest("hbeag", "coded", read), most=1.0, positive=False)


def _coded(rows: ir.Table, values: ValueSet) -> ir.BooleanValue:
    return ibis.or_(*[rows.value_codes.contains(f"{code.system}|{code.code}") for code in values.codes])
