"""Every table, column by column: what is read of each FHIR R4 resource type, and where it stands.

One declaration. From it come the JSON schema that is read (``Table.schema``) and the SQL (``duck``). Paths are
R4's own; ``[]`` marks what repeats. ``Table`` says what every table has besides.

Source: https://hl7.org/fhir/R4/resourcelist.html
"""

from __future__ import annotations

from outreach.flatten.extensions import (
    AS_TEXT,
    BIRTH_PLACE,
    BIRTH_SEX,
    DETAILED,
    DO_NOT_PEFORM,
    DO_NOT_PERFORM,
    ETHNICITY,
    INTERPRETER,
    OMB_CATEGORY,
    RACE,
)
from outreach.flatten.kinds import (
    Codes,
    Coding,
    Dates,
    Days,
    EachReference,
    Flag,
    Instant,
    Listed,
    Preferred,
    Present,
    Quantity,
    Reference,
    Text,
    Texts,
    YesNo,
)
from outreach.flatten.places import at, where
from outreach.flatten.table import Table

ANY_VALUE = (
    "valueQuantity.value",
    "valueCodeableConcept.coding[].code",
    "valueCodeableConcept.text",
    "valueString",
    "valueDateTime",
    "valueBoolean",
    "valueInteger",
)

#: What a component of an Observation has of its own; status, day and person are the Observation's.
MEASURED = (
    *("code", "valueQuantity", "valueCodeableConcept", "valueString", "valueDateTime", "valueBoolean", "valueInteger"),
    "dataAbsentReason",
)

# Required bindings of R4 (https://hl7.org/fhir/R4/valueset-<name>.html): a word that is not on its list is counted.
GENDER = "male female other unknown"  # administrative-gender
COMPARATOR = "< <= >= >"  # quantity-comparator
CLINICAL = "active recurrence relapse inactive remission resolved"  # condition-clinical
VERIFICATION = "unconfirmed provisional differential confirmed refuted entered-in-error"  # condition-ver-status
INTENT = (
    "proposal plan directive order original-order reflex-order filler-order instance-order option"  # request-intent
)
OBSERVED = "registered preliminary final amended corrected cancelled entered-in-error unknown"  # observation-status
REPORTED = OBSERVED + " partial appended"  # diagnostic-report-status
DONE = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"  # event-status
REQUESTED = "draft active on-hold revoked completed entered-in-error unknown"  # request-status
PRESCRIBED = "active on-hold cancelled completed entered-in-error stopped draft unknown"  # medicationrequest-status
TOLD = "partial completed entered-in-error health-unknown"  # history-status
MET = "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"  # encounter-status
COVERED = "active cancelled draft entered-in-error"  # fm-status
AGREED = "draft proposed active rejected inactive entered-in-error"  # consent-state-codes
FLAGGED = "active inactive entered-in-error"  # flag-status
PROVISION = "deny permit"  # consent-provision-type
BOOKED = (  # appointmentstatus
    "proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist"
)
FREE = "busy free busy-unavailable busy-tentative entered-in-error"  # slotstatus
PLACED = "active suspended inactive"  # location-status


def _listed(name: str, place: str, words: str) -> Listed:
    return Listed(name, at(place), tuple(words.split()))


def _status(words: str) -> Listed:
    return _listed("status", "status", words)


def _patient(place: str) -> Reference:
    return Reference("person", at(place + ".reference"), "Patient", required=True)


# fmt: off
TABLES = (
    Table("person", "Patient", (
        Flag("active", at("active")),
        Dates("birth", ("birthDate",)),
        _listed("sex", "gender", GENDER),
        Text("birth_sex", BIRTH_SEX + at("valueCode")),
        Flag("deceased", at("deceasedBoolean"), or_present=at("deceasedDateTime")),
        Dates("deceased", ("deceasedDateTime",), parts=("lo", "hi")),
        Texts("race", RACE + OMB_CATEGORY),
        Texts("race_detailed", RACE + DETAILED),
        Text("race_text", RACE + AS_TEXT),
        Text("ethnicity", ETHNICITY + OMB_CATEGORY),
        Texts("ethnicity_detailed", ETHNICITY + DETAILED),
        Text("ethnicity_text", ETHNICITY + AS_TEXT),
        Preferred("language", "communication", "preferred", "language.coding[].code"),
        YesNo("interpreter", INTERPRETER + at("valueCoding.code"), yes="373066001", no="373067005"),
        Text("birth_country", BIRTH_PLACE + at("valueAddress.country")),
        Reference("replaced_by", where("link", "type", "replaced-by") + at("other.reference"), "Patient"),
        Texts("identifier_systems", at("identifier[].system")),
        Texts("link_types", at("link[].type")),
    )),
    Table("condition", "Condition", (
        _patient("subject"),
        Coding(at("code")),
        Text("status", at("status")),                    # a Condition has none in R4: always NULL
        _listed("clinical", "clinicalStatus.coding[].code", CLINICAL),
        _listed("verification", "verificationStatus.coding[].code", VERIFICATION),
        Dates("date", ("onsetDateTime",), "onsetPeriod", "recordedDate",
              ("lo", "hi", "precision", "raw", "source"), ("onset", "recorded")),
        Dates("abated", ("abatementDateTime",), "abatementPeriod"),
        Text("category", at("category[].coding[].code")),
        Text("body_site", at("bodySite[].coding[].code")),
        Texts("sites", at("bodySite[].coding[].code")),
    )),
    Table("observation", "Observation", (
        _patient("subject"),
        Coding(at("code")),
        _status(OBSERVED),
        Dates("date", ("effectiveDateTime", "effectiveInstant"), "effectivePeriod", "issued"),
        Quantity("valueQuantity", tuple(COMPARATOR.split())),
        Codes("value_codes", at("valueCodeableConcept")),
        Text("value_text", at("valueString")),
        Dates("value_date", ("valueDateTime",), parts=("lo", "hi")),
        Present("has_value", tuple(map(at, ANY_VALUE))),
        Text("absent_reason", at("dataAbsentReason.coding[].code")),
    ), MEASURED),
    Table("procedure", "Procedure", (
        _patient("subject"),
        Coding(at("code")),
        _status(DONE),
        Dates("date", ("performedDateTime",), "performedPeriod"),
        Text("body_site", at("bodySite[].coding[].code")),
        Texts("sites", at("bodySite[].coding[].code")),
    )),
    Table("report", "DiagnosticReport", (                # no free text: nothing here reads what nobody coded
        _patient("subject"),
        Coding(at("code")),
        _status(REPORTED),
        Dates("date", ("effectiveDateTime",), "effectivePeriod", "issued"),
        Codes("result_codes", at("conclusionCode[]")),
    )),
    Table("service_request", "ServiceRequest", (
        _patient("subject"),
        Coding(at("code")),
        _status(REQUESTED),
        _listed("intent", "intent", INTENT),
        Dates("date", ("authoredOn",)),
        Flag("do_not_perform", at("doNotPerform")),
        Present("requester", (at("requester.reference"),)),
        Dates("occurrence", ("occurrenceDateTime",), "occurrencePeriod", parts=("lo", "hi")),
    )),
    Table("device_request", "DeviceRequest", (
        _patient("subject"),
        Coding(at("codeCodeableConcept")),
        _status(REQUESTED),
        _listed("intent", "intent", INTENT),
        Flag("do_not_perform", DO_NOT_PERFORM, otherwise=DO_NOT_PEFORM),  # R4 has no element for it
        Dates("date", ("authoredOn",)),
    )),
    Table("medication_request", "MedicationRequest", (
        _patient("subject"),
        Coding(at("medicationCodeableConcept")),
        _status(PRESCRIBED),
        _listed("intent", "intent", INTENT),
        Flag("do_not_perform", at("doNotPerform")),
        Dates("date", ("authoredOn",)),
        Days("supply_days", at("dispenseRequest.expectedSupplyDuration")),
    )),
    Table("family_history", "FamilyMemberHistory", (
        _patient("patient"),
        Coding(at("condition[].code")),
        _status(TOLD),
        Text("relationship", at("relationship.coding[].code")),
        Texts("relationship_codes", at("relationship.coding[].code")),
    )),
    Table("encounter", "Encounter", (
        _patient("subject"),
        Coding(at("type[]")),
        _status(MET),
        Text("class_code", at("class.code")),
        Dates("date", period="period"),
        Codes("discharge_codes", at("hospitalization.dischargeDisposition")),
        Reference("location", at("location[].location.reference"), "Location"),
    )),
    Table("coverage", "Coverage", (
        _patient("beneficiary"),
        _status(COVERED),
        Coding(at("type")),
        Dates("date", period="period"),
    )),
    Table("consent", "Consent", (
        _patient("patient"),
        _status(AGREED),
        Text("scope", at("scope.coding[].code")),
        Texts("category", at("category[].coding[].code")),
        _listed("provision", "provision.type", PROVISION),
        Texts("policy_rule", at("policyRule.coding[].code")),
        Dates("date", period="provision.period"),
        Dates("dated", ("dateTime",), parts=("lo",)),
    )),
    Table("flag", "Flag", (
        _patient("subject"),
        _status(FLAGGED),
        Coding(at("code")),
    )),
    Table("appointment", "Appointment", (
        EachReference("person", at("participant[].actor.reference"), "Patient"),
        _status(BOOKED),
        Instant("start", at("start")),
        Instant("end", at("end")),
        Reference("location", at("participant[].actor.reference"), "Location"),
        Coding(at("serviceType[]")),
    )),
    Table("schedule", "Schedule", (
        Flag("active", at("active")),
        Reference("location", at("actor[].reference"), "Location"),
        Coding(at("serviceType[]")),
    )),
    Table("slot", "Slot", (
        Reference("schedule", at("schedule.reference"), "Schedule"),
        _status(FREE),
        Instant("start", at("start")),
        Instant("end", at("end")),
    )),
    Table("location", "Location", (
        Text("name", at("name")),
        _status(PLACED),
    )),
)
# fmt: on
