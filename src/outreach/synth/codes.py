"""The codes that decide: diseases, scans, laboratory tests, relatives, and the look-alikes that must not count.

Displays are the terminologies' own, save CPT's, which are plain words (its descriptors are licensed).
``urn:outreach:…`` systems are this project's, where no public code is settled.
"""

from __future__ import annotations

from dataclasses import dataclass

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
CPT = "http://www.ama-assn.org/go/cpt"
UCUM = "http://unitsofmeasure.org"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
LIRADS = "urn:outreach:us-lirads"
CT_MRI = "urn:outreach:liver-ct-mri"


@dataclass(frozen=True, slots=True)
class Code:
    """One coding."""

    system: str
    code: str
    display: str


def _icd(code: str, display: str) -> Code:
    return Code(ICD, code, display)


def _sct(code: str, display: str) -> Code:
    return Code(SNOMED, code, display)


def _loinc(code: str, display: str) -> Code:
    return Code(LOINC, code, display)


#: Each entry is one Condition's codings; an entry with two stands for the same disease in both systems.
CIRRHOSIS: tuple[tuple[Code, ...], ...] = (
    (_icd("K74.60", "Unspecified cirrhosis of liver"), _sct("19943007", "Cirrhosis of liver")),
    (_icd("K70.30", "Alcoholic cirrhosis of liver without ascites"), _sct("420054005", "Alcoholic cirrhosis of liver")),
    (_icd("K74.69", "Other cirrhosis of liver"), _sct("89580002", "Cryptogenic cirrhosis")),
    (_icd("K74.60", "Unspecified cirrhosis of liver"), _sct("266468003", "Cirrhosis - non-alcoholic")),
    (_icd("K74.69", "Other cirrhosis of liver"), _sct("831000119103", "Cirrhosis of liver due to chronic hepatitis C")),
    (_icd("K71.7", "Toxic liver disease with fibrosis and cirrhosis of liver"),),
    (_icd("K74.4", "Secondary biliary cirrhosis"),),
    (_icd("K74.5", "Biliary cirrhosis, unspecified"),),
    (_icd("K70.31", "Alcoholic cirrhosis of liver with ascites"),),
    (_sct("716203000", "Decompensated cirrhosis of liver"),),
)
HEPATITIS_B: tuple[tuple[Code, ...], ...] = (
    (
        _icd("B18.1", "Chronic viral hepatitis B without delta-agent"),
        _sct("186639003", "Chronic viral hepatitis B without delta-agent"),
    ),
    (
        _icd("B18.0", "Chronic viral hepatitis B with delta-agent"),
        _sct("235869004", "Chronic viral hepatitis B with hepatitis D"),
    ),
    (_icd("B19.10", "Unspecified viral hepatitis B without hepatic coma"),),
    (_icd("B19.11", "Unspecified viral hepatitis B with hepatic coma"),),
    (_sct("235871004", "Hepatitis B carrier"),),
)
LIVER_CANCER = (_icd("C22.0", "Liver cell carcinoma"), _sct("109841003", "Liver cell carcinoma"))
TRANSPLANTED = _icd("Z94.4", "Liver transplant status")
WAITING = _icd("Z76.82", "Awaiting organ transplant status")
ASCITES = _sct("389026000", "Ascites")
ENCEPHALOPATHY = _sct("13920009", "Hepatic encephalopathy")
TRANSPLANTATION = _sct("18027006", "Transplantation of liver")

#: Near the diseases above, and none of them.
LOOK_ALIKES: dict[str, tuple[Code, ...]] = {
    "acute-hepatitis-b": (_icd("B16.9", "Acute hepatitis B without delta-agent and without hepatic coma"),),
    "hepatitis-b-immune": (_sct("271511000", "Hepatitis B immune"),),
    "hepatitis-b-antibody": (_sct("313234004", "Hepatitis B antibody present"),),
    "biliary-cholangitis": (_icd("K74.3", "Primary biliary cirrhosis"),),
    "hepatitis-c": (_icd("B18.2", "Chronic viral hepatitis C"), _sct("128302006", "Chronic hepatitis C")),
    "advanced-fibrosis": (_icd("K74.02", "Hepatic fibrosis, advanced fibrosis"),),
    "fatty-liver": (_icd("K76.0", "Fatty (change of) liver, not elsewhere classified"),),
    "family-history-code": (_icd("Z80.0", "Family history of malignant neoplasm of digestive organs"),),
}
KIDNEY_TRANSPLANT = _icd("Z94.0", "Kidney transplant status")
BREAST_CANCER = _icd("C50.919", "Malignant neoplasm of unspecified site of unspecified female breast")
COLON_CANCER = _icd("C18.9", "Malignant neoplasm of colon, unspecified")

ULTRASOUND = (
    _loinc("28614-6", "US Liver"),
    _loinc("24558-9", "US Abdomen"),
    _loinc("24532-4", "US Abdomen RUQ"),
    _loinc("30704-1", "US Abdomen limited"),
    Code(CPT, "76705", "Ultrasound of part of the abdomen"),
    Code(CPT, "76700", "Ultrasound of the whole abdomen"),
)
LIVER_ULTRASOUND = ULTRASOUND[0]
ULTRASOUND_PROCEDURE = Code(CPT, "76705", "Ultrasound of part of the abdomen")
CT = _loinc("30612-6", "CT Liver WO and W contrast IV")
MRI = _loinc("30670-4", "MR Liver WO and W contrast IV")
SINGLE_PHASE_CT = _loinc("24815-3", "CT Liver W contrast IV")
ELASTOGRAPHY = Code(CPT, "91200", "Liver stiffness measurement without pictures")
RESULTS = {
    "US-1": Code(LIRADS, "US-1", "Negative"),
    "US-2": Code(LIRADS, "US-2", "Subthreshold"),
    "US-3": Code(LIRADS, "US-3", "Positive"),
    "clear": Code(CT_MRI, "clear", "Clear"),
    "not-clear": Code(CT_MRI, "not-clear", "Not clear"),
}

PLATELETS = (
    _loinc("777-3", "Platelets [#/volume] in Blood by Automated count"),
    _loinc("26515-7", "Platelets [#/volume] in Blood"),
    _loinc("778-1", "Platelets [#/volume] in Blood by Manual count"),
)
AFP = (
    _loinc("1834-1", "Alpha-1-Fetoprotein [Mass/volume] in Serum or Plasma"),
    _loinc("53962-7", "Alpha-1-Fetoprotein.tumor marker [Mass/volume] in Serum or Plasma"),
    _loinc("83073-7", "Alpha-1-Fetoprotein [Mass/volume] in Serum or Plasma by Immunoassay"),
)
AFP_UNITS = _loinc("19176-7", "Alpha-1-Fetoprotein [Units/volume] in Serum or Plasma")
ALBUMIN = _loinc("1751-7", "Albumin [Mass/volume] in Serum or Plasma")
BILIRUBIN = _loinc("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma")
BILIRUBIN_MOLAR = _loinc("14631-6", "Bilirubin.total [Moles/volume] in Serum or Plasma")
INR = (
    _loinc("6301-6", "INR in Platelet poor plasma by Coagulation assay"),
    _loinc("34714-6", "INR in Blood by Coagulation assay"),
)

FIRST_DEGREE = tuple(
    Code(ROLE, code, display)
    for code, display in (
        ("MTH", "mother"), ("FTH", "father"), ("PRN", "parent"), ("NMTH", "natural mother"), ("NFTH", "natural father"),
        ("SIB", "sibling"), ("BRO", "brother"), ("SIS", "sister"), ("NBRO", "natural brother"),
        ("NSIS", "natural sister"), ("SON", "natural son"), ("DAU", "natural daughter"), ("CHILD", "child"),
    )
)  # fmt: skip
FARTHER_KIN = tuple(
    Code(ROLE, code, display)
    for code, display in (
        ("UNCLE", "uncle"), ("AUNT", "aunt"), ("GRMTH", "grandmother"), ("COUSN", "cousin"), ("SPS", "spouse"),
    )
)  # fmt: skip
TELEHEALTH = _sct("448337001", "Telemedicine consultation with patient")
