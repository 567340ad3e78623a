"""Units: what a laboratory writes, and the one unit per kind of quantity that rules compare in.

A canonical value is ``value * times / per``. Both factors are whole numbers, so 20 ng/mL and 20 ug/L, or 2 ug/dL,
give the same double. Look-up is by exact spelling: case carries meaning (``G/L`` counts cells, ``g/L`` weighs).
Nothing is converted between kinds: mg/dL of bilirubin stays a mass, umol/L an amount of substance; copies of a
virus, international units and an assay's own arbitrary units (mAU/mL of DCP) stay apart. A logarithm has no
spelling here: whether "5.2" is one cannot be told from a unit such as "IU/mL", so laboratories must say which.

Sources: UCUM (https://ucum.org/ucum); the printed forms are those of HL7's table of common UCUM codes
(https://hl7.org/fhir/R4/valueset-ucum-common.html), of Synthea and of laboratory reports.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Conversion:
    """``value * times / per`` is in ``canonical``."""

    times: int
    per: int
    canonical: str


# canonical unit: {(times, per): spellings}, where ~ is a space within a spelling
_KINDS: dict[str, dict[tuple[int, int], str]] = {
    "g/L": {
        (10, 1): "g/dL g/dl gm/dL gm/dl G/DL g%",
        (1, 1): "g/L g/l gm/L mg/mL mg/ml mg/cm3",
        (1, 100): "mg/dL mg/dl MG/DL mg%",
        (1, 1000): "mg/L mg/l MG/L ug/mL ug/ml mcg/mL mcg/ml UG/ML µg/mL μg/mL",
        (1, 100_000): "ug/dL ug/dl mcg/dL mcg/dl UG/DL µg/dL μg/dL",
        (1, 1_000_000): "ng/mL ng/ml NG/ML ug/L ug/l mcg/L mcg/l UG/L µg/L μg/L",
        (1, 100_000_000): "ng/dL ng/dl NG/DL",
        (1, 1_000_000_000): "pg/mL pg/ml PG/ML ng/L ng/l NG/L",
    },
    "umol/L": {
        (1, 1): "umol/L umol/l UMOL/L mcmol/L µmol/L μmol/L nmol/mL",
        (1, 1000): "nmol/L nmol/l NMOL/L pmol/mL",
        (1, 1_000_000): "pmol/L pmol/l PMOL/L",
    },
    "mmol/L": {
        (1, 1): "mmol/L mmol/l MMOL/L meq/L mEq/L meq/l MEQ/L",
    },
    "10*9/L": {
        (1, 1): "10*9/L 10^9/L 10e9/L 10E9/L x10*9/L x10^9/L x10E9/L X10E9/L G/L Giga/L giga/L "
        "10*3/uL 10^3/uL 10*3/mm3 10^3/mm3 10*3/mcL 10^3/mcL 10e3/uL 10E3/uL x10*3/uL x10^3/uL x10E3/uL X10E3/UL "
        "10*3/µL 10^3/µL 10*3/μL 10^3/μL 10*3/UL 10*3.uL-1 [10*3]/uL K/uL k/uL K/UL K/mcL K/µL K/μL K/mm3 k/mm3 "
        "Thou/uL thou/uL THOU/UL thou/mcL Thousand/uL thousand/uL Thousand/mcL thousands/uL",
        (1000, 1): "10*6/uL 10^6/uL 10*6/mm3 M/uL M/mcL T/L 10*12/L 10^12/L",
        (1, 1000): "/uL /ul /UL /mm3 /mcL /µL /μL cells/uL cells/mcL {cells}/uL 10*6/L 10^6/L",
    },
    "U/L": {  # of an enzyme or hormone, where one international unit is one unit: UCUM itself would not convert them
        (1, 1): "U/L u/L U/l u/l IU/L iu/L IU/l [IU]/L [iU]/L [iu]/L mU/mL mU/ml mIU/mL mIU/ml m[IU]/mL m[iU]/mL "
        "units/L Units/L unit/L",
        (1, 1000): "m[IU]/L m[iU]/L mIU/L mU/L u[IU]/mL u[iU]/mL uIU/mL uU/mL",
    },
    "[IU]/mL": {
        (1, 1): "[IU]/mL [iU]/mL [iu]/mL IU/mL IU/ml iu/mL k[IU]/L k[iU]/L kIU/L kIU/l KIU/L",
    },
    "{copies}/mL": {  # of a virus; an international unit is several copies, how many depends on the assay
        (1, 1): "{copies}/mL {Copies}/mL [copies]/mL copies/mL copies/ml Copies/mL COPIES/ML {cp}/mL cp/mL cps/mL "
        "{copies}/ml {copy}/mL",
        (1, 1000): "{copies}/L copies/L",
    },
    "m[arb'U]/mL": {  # an assay's own units: no mass
        (1, 1): "m[arb'U]/mL [arb'U]/L mAU/mL mAU/ml MAU/ML {mAU}/mL AU/L {AU}/L",
        (1000, 1): "[arb'U]/mL AU/mL AU/ml {AU}/mL",
    },
    "{PackYears}": {  # packs a day times years; US Core's example pack-years-example writes {pack-years}
        (1, 1): "{PackYears} {packyears} {pack-years} {pack_years} {Pack~years} {pack~years} {PackYear} {pack-year} "
        "PackYears packyears pack-years Pack-years pack-year pack~years Pack~years pack~year pack-yr pack-yrs pack~yrs",
    },
    "1": {
        (1, 1): "1 {INR} INR inr [INR] {ratio} ratio Ratio RATIO {inr} {score} {Score} score {T-score} {Z-score}",
    },
    "mmol/mol": {  # of haemoglobin A1c; to percent it is a line, not a factor
        (1, 1): "mmol/mol mmol/mol{Hb} mmol/mol{Hgb}",
    },
    "mL/min/{1.73_m2}": {
        (1, 1): "mL/min/{1.73_m2} mL/min/{1.73m2} mL/min/1.73.m2 mL/min/1.73m2 mL/min/1.73~m2 mL/min/1.73m^2 "
        "mL/min/1.73m² ml/min/1.73m2 ml/min/1.73~m2 ml/min/{1.73_m2} mL/min/{1.73~m2} mL/min/1.73",
    },
    "mL/min": {
        (1, 1): "mL/min ml/min ML/MIN",
    },
    "mg/g": {  # of creatinine, as a rule; mg/mmol is another kind, unless a value set says how they convert
        (1, 1): "mg/g mg/g{creat} mg/g{Creat} mg/g~creat mg/g~creatinine mg/g{creatinine} ug/mg ug/mg{creat} mcg/mg",
        (1000, 1): "g/g g/g{creat} mg/mg mg/mg{creat}",
    },
    "mg/mmol": {
        (1, 1): "mg/mmol mg/mmol{creat} mg/mmol~creat g/mol",
    },
    "mm[Hg]": {
        (1, 1): "mm[Hg] mmHg mm~Hg mmhg MMHG mm[HG]",
    },
    "/min": {
        (1, 1): "/min {beats}/min beats/min {Beats}/min bpm BPM {breaths}/min breaths/min /MIN",
    },
    "kg/m2": {
        (1, 1): "kg/m2 kg/m^2 kg/m² kg/m*2 Kg/m2 KG/M2",
    },
    "kg": {
        (1, 1): "kg Kg KG kgs",
        (1, 1000): "g gm gram grams",
        (45_359_237, 100_000_000): "[lb_av] lb lbs LB pound pounds",
    },
    "cm": {
        (1, 1): "cm CM",
        (1, 10): "mm",
        (100, 1): "m",
        (127, 50): "[in_i] in inch inches",
    },
    "%": {
        (1, 1): "% percent Percent {percent}",
    },
}

UNITS = {
    sent.replace("~", " "): Conversion(times, per, canonical)
    for canonical, factors in _KINDS.items()
    for (times, per), spellings in factors.items()
    for sent in spellings.split()
}
"""Every spelling that is known. A unit not in here gives no value, and is counted."""
