"""What people have, take and are measured for that has nothing to do with the liver rule."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.synth import codes
from outreach.synth.codes import CPT, ICD, LOINC, SNOMED, Code

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measurement: its code, UCUM unit, usual mean and spread, digits, and reference range."""

    code: Code
    unit: str
    mean: float
    spread: float
    digits: int
    low: float
    high: float
    category: str = "laboratory"


def _lab(code: str, display: str, unit: str, *numbers: float, category: str = "laboratory") -> Measure:
    mean, spread, digits, low, high = numbers
    return Measure(Code(LOINC, code, display), unit, mean, spread, int(digits), low, high, category)


MEASURES = (
    _lab("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.95, 0.2, 2, 0.6, 1.3),
    _lab("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 139, 2.5, 0, 135, 145),
    _lab("2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 4.2, 0.35, 1, 3.5, 5.1),
    _lab("3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma", "mg/dL", 15, 4, 0, 7, 20),
    _lab("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 104, 18, 0, 70, 99),
    _lab("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 5.9, 0.7, 1, 4.0, 5.6),
    _lab("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 13.6, 1.3, 1, 12.0, 17.0),
    _lab("6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", 6.9, 1.5, 1, 4.0, 11.0),
    _lab("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 31, 9, 0, 7, 45),
    _lab("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 28, 8, 0, 8, 40),
    _lab("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 188, 32, 0, 0, 200),
    _lab("8867-4", "Heart rate", "/min", 74, 9, 0, 60, 100, category="vital-signs"),
    _lab("29463-7", "Body weight", "kg", 79, 14, 1, 40, 150, category="vital-signs"),
    _lab("8302-2", "Body height", "cm", 168, 9, 0, 140, 200, category="vital-signs"),
)
#: Measurements the rule reads: only for people it says nothing of.
LIVER_MEASURES = (
    Measure(codes.PLATELETS[0], "10*3/uL", 245, 45, 0, 150, 400),
    Measure(codes.AFP[0], "ng/mL", 4, 1, 1, 0, 8),
    Measure(codes.ALBUMIN, "g/dL", 4.2, 0.3, 1, 3.5, 5.0),
    Measure(codes.BILIRUBIN, "mg/dL", 0.7, 0.15, 1, 0.1, 1.2),
    Measure(codes.INR[0], "{INR}", 1.0, 0.06, 2, 0.8, 1.1),
)


def _pair(icd: str, display: str, sct: str, name: str) -> tuple[Code, Code]:
    return Code(ICD, icd, display), Code(SNOMED, sct, name)


DISEASES = (
    _pair("I10", "Essential (primary) hypertension", "38341003", "Hypertensive disorder"),
    _pair("E11.9", "Type 2 diabetes mellitus without complications", "44054006", "Diabetes mellitus type 2"),
    _pair("E78.5", "Hyperlipidemia, unspecified", "55822004", "Hyperlipidemia"),
    _pair("J45.909", "Unspecified asthma, uncomplicated", "195967001", "Asthma"),
    _pair("F32.A", "Depression, unspecified", "35489007", "Depressive disorder"),
    _pair("M54.50", "Low back pain, unspecified", "279039007", "Low back pain"),
    _pair("G47.00", "Insomnia, unspecified", "193462001", "Insomnia"),
    _pair("E66.9", "Obesity, unspecified", "414916001", "Obesity"),
    _pair("N18.30", "Chronic kidney disease, stage 3 unspecified", "433144002", "Chronic kidney disease stage 3"),
    _pair("K76.0", "Fatty (change of) liver, not elsewhere classified", "197321007", "Steatosis of liver"),
)
WORDS_ONLY = ("Seasonal allergies", "Sprained ankle", "Trouble sleeping", "Lives alone", "Liver trouble in childhood")

MEDICINES = tuple(
    Code(RXNORM, code, name)
    for code, name in (
        ("29046", "lisinopril"), ("17767", "amlodipine"), ("83367", "atorvastatin"), ("6809", "metformin"),
        ("274783", "insulin glargine"), ("4821", "glipizide"), ("7646", "omeprazole"),
    )
)  # fmt: skip
PROCEDURES = (
    Code(SNOMED, "73761001", "Colonoscopy"),
    Code(SNOMED, "29303009", "Electrocardiographic procedure"),
    Code(SNOMED, "71651007", "Mammography"),
    Code(CPT, "93000", "Electrocardiogram"),
)
REPORTS = (
    (Code(LOINC, "36643-5", "XR Chest 2 Views"), "RAD"),
    (Code(LOINC, "24323-8", "Comprehensive metabolic 2000 panel - Serum or Plasma"), "LAB"),
    (Code(LOINC, "58410-2", "CBC panel - Blood by Automated count"), "LAB"),
    (Code(LOINC, "24606-6", "MG Breast Screening"), "RAD"),
)
#: Source of payment (SOPT): code, name, share under 65, share from 65 on.
PAYERS = (
    ("1", "MEDICARE", 0.04, 0.86), ("2", "MEDICAID", 0.30, 0.06), ("5", "PRIVATE HEALTH INSURANCE", 0.54, 0.07),
    ("81", "Self-pay", 0.12, 0.01),
)  # fmt: skip
