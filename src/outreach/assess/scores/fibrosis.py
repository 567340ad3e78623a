"""FIB-4, APRI and ALBI: how scarred a liver is, and how well it works. For adults."""

from __future__ import annotations

from datetime import date

from outreach.assess.gather import Gather
from outreach.assess.scores.ask import Ask
from outreach.assess.scores.bounds import Bounds, log10, ratio, times, total
from outreach.assess.scores.score import Formula, Population, Score
from outreach.domain.calendar import Period


def fib4(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """Age (years) · AST (U/L) / (platelets (10*9/L) · √ALT (U/L)), to 2 decimals.

    50 years, AST 40, ALT 30, platelets 200: 1.83. It rises with age by itself: few were younger than 35
    or older than 65 where it was derived. Source: doi:10.1002/hep.21178.
    """
    ask = Ask(gather, as_of, within)
    parts = (ask.age, ask.lab("ast", "U/L"), ask.lab("alt", "U/L"), ask.lab("platelets", "10*9/L"))

    def of(age: Bounds, ast: Bounds, alt: Bounds, platelets: Bounds) -> Bounds:
        root = alt[0].sqrt() * platelets[0], alt[1].sqrt() * platelets[1]
        return ratio((age[0] * ast[0], age[1] * ast[1]), root)

    return Formula(Population(ask.age, 18), parts, of, digits=2)


def apri(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """100 · (AST / upper limit of normal) / platelets, to 2 decimals; both in U/L, platelets in 10*9/L.

    AST 40 with a limit of 40 and platelets 200: 0.5. The limit is the laboratory's (it differs, also by
    sex), so the rule states it. Source: doi:10.1053/jhep.2003.50346.

    Raises:
        ValueError: no limit was given.
    """
    if not limit or limit <= 0:
        raise ValueError("apri needs the laboratory's upper limit of normal for AST")
    ask = Ask(gather, as_of, within)
    parts = (ask.lab("ast", "U/L"), ask.lab("platelets", "10*9/L"))

    def of(ast: Bounds, platelets: Bounds) -> Bounds:
        return ratio(times(100 / limit, ast), platelets)

    return Formula(Population(ask.age, 18), parts, of, digits=2)


def albi_of(bilirubin: Bounds, albumin: Bounds) -> Bounds:
    """0.66 · log₁₀ bilirubin (umol/L) − 0.085 · albumin (g/L). The −0.0852 that circulates is wrong."""
    return total([times(0.66, log10(bilirubin)), times(-0.085, albumin)])


def albi(gather: Gather, as_of: date, within: Period, limit: float | None = None) -> Score:
    """ALBI, to 3 decimals: at most −2.60 grade 1, at most −1.39 grade 2, above it grade 3.

    Bilirubin 20 umol/L and albumin 40 g/L: −2.541. Source: doi:10.1200/JCO.2014.57.9151.
    """
    ask = Ask(gather, as_of, within)
    parts = (ask.lab("bilirubin", "umol/L"), ask.lab("albumin", "g/L"))
    return Formula(Population(ask.age, 18), parts, albi_of, digits=3)
