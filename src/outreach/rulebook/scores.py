"""The published scores a rule may ask for: what each is made of, for whom it holds, and what is in doubt.

How each is computed stands in ``assess.scores``. HES and ADRESS-HCC are left out on purpose: nobody here has
seen their coefficients, and the second has race in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from outreach.domain.calendar import Period
from outreach.rulebook.score_kind import ScoreKind

__all__ = ["SCORES", "ScoreKind"]

_HALF_YEAR, _YEAR, _TWO_YEARS = Period(6, "months"), Period(1, "years"), Period(2, "years")
#: Diseases by which THRI, aMAP and GALAD tell whom they hold for.
_LIVER = ("chronic-hepatitis-b", "chronic-hepatitis-c", "steatohepatitis", "autoimmune-liver-disease")
_FROM_VIRUS = ("cirrhosis-from-hepatitis-b", "cirrhosis-from-hepatitis-c")
_MELD = ("bilirubin", "inr", "creatinine", "dialysis", "cirrhosis")
_DIALYSIS = (
    "Dialysis counts when coded on two days of the week before the creatinine; once, or only as a diagnosis, leaves "
    "both open. A transplant centre asks for two treatments or a day of continuous dialysis."
)
_COPIES = (
    "HBV DNA in IU/mL is read as 3.41 to 5.82 copies each, the assay factors seen (see the value set hbv-dna); "
    "other assays may lie outside."
)

_KINDS = (
    ScoreKind(
        "fib-4",
        "FIB-4",
        ("ast", "alt", "platelets"),
        _YEAR,
        protected=("age",),
        doubt="Which lower cut-off holds from 65 years (2.0 is quoted) is the rule's to say.",
        source="doi:10.1002/hep.21178",
    ),
    ScoreKind(
        "apri",
        "APRI",
        ("ast", "platelets"),
        _YEAR,
        needs_limit=True,
        doubt="The cut-offs of WHO 2024 for hepatitis B (0.5 and 1.0) are unconfirmed.",
        source="doi:10.1053/jhep.2003.50346",
    ),
    ScoreKind("albi", "ALBI", ("bilirubin", "albumin"), _YEAR, source="doi:10.1200/JCO.2014.57.9151"),
    ScoreKind(
        "page-b",
        "PAGE-B",
        ("platelets", "chronic-hepatitis-b"),
        _TWO_YEARS,
        protected=("age", "sex"),
        source="doi:10.1016/j.jhep.2015.11.035",
    ),
    ScoreKind(
        "mpage-b",
        "mPAGE-B",
        ("platelets", "albumin", "chronic-hepatitis-b"),
        _TWO_YEARS,
        protected=("age", "sex"),
        doubt="Points read in a review's table, not in the paper that derived them.",
        source="https://ceshi.explorationpub.com/Journals/Tables/100546/t2",
    ),
    ScoreKind(
        "amap",
        "aMAP",
        ("bilirubin", "albumin", "platelets", *_LIVER),
        _TWO_YEARS,
        protected=("age", "sex"),
        doubt="A calculator of one of the authors' centres gives 2 to 3 points more than the printed formula, "
        "and rounds to whole points before it bands; this is the printed formula, not rounded before banding.",
        source="doi:10.1016/j.jhep.2020.07.025",
    ),
    ScoreKind(
        "thri",
        "THRI",
        ("platelets", "cirrhosis", *_LIVER, "other-liver-disease", *_FROM_VIRUS, "hcv-rna"),
        _TWO_YEARS,
        protected=("age", "sex"),
        doubt="Points read as quoted from the paper's Table 3. Of several causes the one with most points is taken. "
        "No code for a cured hepatitis C was confirmed, so only a detectable HCV RNA makes hepatitis C certain.",
        source="doi:10.1016/j.jhep.2017.07.033",
    ),
    ScoreKind(
        "reach-b",
        "REACH-B",
        ("alt", "hbeag", "hbeag-positive", "hbeag-negative", "hbv-dna", "chronic-hepatitis-b", "cirrhosis"),
        _YEAR,
        protected=("age", "sex"),
        doubt=_COPIES + " The cut-off of 8 for high risk is unconfirmed.",
        source="https://ceshi.explorationpub.com/Journals/Tables/100546/t2",
    ),
    ScoreKind(
        "cu-hcc",
        "CU-HCC",
        ("albumin", "bilirubin", "hbv-dna", "cirrhosis", "chronic-hepatitis-b"),
        _YEAR,
        protected=("age",),
        doubt=_COPIES + " Cut-offs of 5 and 20 are unconfirmed: a review prints “5–19” and “≥ 19” "
        "(doi:10.12998/wjcc.v9.i14.3238).",
        source="https://ceshi.explorationpub.com/Journals/Tables/100546/t2",
    ),
    ScoreKind(
        "meld",
        "MELD",
        _MELD,
        _YEAR,
        doubt=_DIALYSIS,
        source="OPTN policy to January 2016 (https://optn.transplant.hrsa.gov/media/eavh5bf3/optn_policies.pdf, §9.1)",
    ),
    ScoreKind(
        "meld-na",
        "MELD-Na",
        (*_MELD, "sodium"),
        _YEAR,
        doubt=_DIALYSIS,
        source="OPTN policy of January 2016 (https://optn.transplant.hrsa.gov/news/meld-serum-sodium-policy-changes/)",
    ),
    ScoreKind(
        "meld-3",
        "MELD 3.0",
        (*_MELD, "sodium", "albumin"),
        _YEAR,
        protected=("age", "sex"),
        doubt=_DIALYSIS + " The results printed in the paper's Table 4 were not seen, only its inputs.",
        source="doi:10.1053/j.gastro.2021.08.050",
    ),
    ScoreKind(
        "child-pugh",
        "Child-Pugh",
        ("bilirubin", "albumin", "inr", "ascites", "hepatic-encephalopathy", "cirrhosis"),
        _YEAR,
        classes={"A": 5.0, "B": 7.0, "C": 10.0},
        doubt="Other bilirubin limits for primary biliary cholangitis and sclerosing cholangitis (4 and 10 mg/dL) "
        "are unconfirmed and not used.",
        source="doi:10.1002/bjs.1800600817",
    ),
    ScoreKind(
        "galad",
        "GALAD",
        ("afp", "afp-l3", "dcp", *_LIVER, "other-liver-disease", "cirrhosis"),
        _HALF_YEAR,
        protected=("age", "sex"),
        doubt="Sources differ on the unit of DCP. ng/mL is taken (mdcalc.com, and a hospital laboratory's calculator); "
        "a result in mAU/mL gives no number. The cut-off of −0.63 comes from cases and controls.",
        source="doi:10.1158/1055-9965.EPI-13-0870",
    ),
)

SCORES: Mapping[str, ScoreKind] = {kind.name: kind for kind in _KINDS}
