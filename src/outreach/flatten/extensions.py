"""Where the extensions that are read stand in a resource, by their addresses.

Source: https://hl7.org/fhir/us/core/STU7/
"""

from __future__ import annotations

from outreach.flatten.places import at, where

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
RACE = where("extension", "url", US_CORE + "us-core-race")
ETHNICITY = where("extension", "url", US_CORE + "us-core-ethnicity")
BIRTH_SEX = where("extension", "url", US_CORE + "us-core-birthsex")
INTERPRETER = where("extension", "url", US_CORE + "us-core-interpreter-needed")
BIRTH_PLACE = where("extension", "url", "http://hl7.org/fhir/StructureDefinition/patient-birthPlace")
OMB_CATEGORY = where("extension", "url", "ombCategory") + at("valueCoding.code")
DETAILED = where("extension", "url", "detailed") + at("valueCoding.code")
AS_TEXT = where("extension", "url", "text") + at("valueString")
# A request that something be not done; QI-Core's test data spell the second name.
QI_CORE = "http://hl7.org/fhir/us/qicore/StructureDefinition/"
DO_NOT_PERFORM = where("modifierExtension", "url", QI_CORE + "qicore-doNotPerform") + at("valueBoolean")
DO_NOT_PEFORM = where("modifierExtension", "url", QI_CORE + "qicore-doNotPeform") + at("valueBoolean")
