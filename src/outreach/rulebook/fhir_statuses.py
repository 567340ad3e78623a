"""The statuses that FHIR R4 gives each kind of record.

Source: https://hl7.org/fhir/R4/valueset-request-status.html and its siblings.
"""

from __future__ import annotations

REQUEST = ("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown")
EVENT = ("preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown")
CLINICAL = ("active", "recurrence", "relapse", "inactive", "remission", "resolved")
VISIT = (
    *("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error"),
    "unknown",
)
RESULT = ("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown")
REPORT = (*RESULT, "partial", "appended")
MEDICINE = ("active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown")
COVERAGE = ("active", "cancelled", "draft", "entered-in-error")
FAMILY = ("partial", "completed", "entered-in-error", "health-unknown")
APPOINTMENT = (
    *("proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error"),
    *("checked-in", "waitlist"),
)
