"""The answer for other systems: one JSON object, its reasons in the codes of the DEQM implementation guide.

Codes: http://hl7.org/fhir/uv/deqm/CodeSystem/deqm-gaps-status and
http://hl7.org/fhir/uv/deqm/CodeSystem/deqm-care-gap-reason (HL7/davinci-deqm, input/resources).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final, Literal

from outreach.domain.assessment import Assessment, Status
from outreach.explain.ends import Change
from outreach.explain.lines import Answer, Story
from outreach.explain.logic import truth
from outreach.explain.measured import Measured
from outreach.explain.row import Told
from outreach.rulebook.criterion import Age, Booked, DateOf, Lab, Leaf, Record, Rising, ScoreIs

GapStatus = Literal["open-gap", "closed-gap", "prospective-gap", "not-applicable"]
Reason = Literal[
    "NotFound",
    "Missing",
    "Present",
    "InvalidAttribute",
    "DateInRange",
    "DateOutOfRange",
    "ValueInRange",
    "ValueOutOfRange",
    "CountInRange",
    "CountOutOfRange",
    "NonComputableDocumentation",
]
STATUS_SYSTEM: Final = "http://hl7.org/fhir/uv/deqm/CodeSystem/deqm-gaps-status"
REASON_SYSTEM: Final = "http://hl7.org/fhir/uv/deqm/CodeSystem/deqm-care-gap-reason"
_IN: dict[Reason, Reason] = {
    "DateInRange": "DateOutOfRange",
    "ValueInRange": "ValueOutOfRange",
    "CountInRange": "CountOutOfRange",
    "Present": "InvalidAttribute",
}


def as_json(
    told: Told,
    story: Story,
    changes: Sequence[Change],
    outcome: str,
    patient: str,
    values: Mapping[str, Sequence[Measured]] | None = None,
) -> str:
    """The answer as one JSON object on one line; ``reason`` of a finding is a DEQM care-gap reason."""
    found = asdict(told.found)
    answers = _answers(story)
    for place, finding in enumerate(found["findings"]):
        answer = answers.get(id(told.found.findings[place]))
        finding["applies"] = place not in told.outside
        finding["reason"] = care_gap_reason(answer) if answer else "NotFound"
    extra = {
        "as_of": told.as_of,
        "from": told.kind,
        "gap_status": gap_status(told.found, told.as_of),
        "guidance_status": "data-required" if told.found.status is Status.UNKNOWN else "success",
        "systems": {"gap_status": STATUS_SYSTEM, "reason": REASON_SYSTEM},
        "changes": [asdict(change) for change in changes],
        "measured": [asdict(value) for each in (values or {}).values() for value in each],
        "for_patient": patient,
        "outcome": outcome,
    }
    return json.dumps(found | extra, default=str, ensure_ascii=False)


def gap_status(found: Assessment, as_of: date) -> GapStatus | None:
    """The DEQM gap status; None while it cannot be told whether there is a gap (GuidanceResponse: data-required).

    Within the grace period a gap is prospective: it becomes open unless something is done. A pause does not
    close a gap. Whoever is left out, or has chosen otherwise, has none.
    """
    settled: dict[Status, GapStatus | None] = {
        Status.NOT_APPLICABLE: "not-applicable",
        Status.UNKNOWN: None,
        Status.EXCLUDED: "closed-gap",
        Status.EXCEPTION: "closed-gap",
        Status.UP_TO_DATE: "closed-gap",
        Status.DUE: "prospective-gap",
        Status.OVERDUE: "open-gap",
    }
    if found.status in settled:
        return settled[found.status]
    if found.due_on is None or (found.overdue_on is not None and found.overdue_on <= as_of):
        return "open-gap"
    return "prospective-gap" if found.due_on <= as_of else "closed-gap"


def care_gap_reason(answer: Answer) -> Reason:
    """The reason code of any finding: every criterion and every answer has one."""
    found, told = answer.finding.evidence, truth(answer)
    if told == "outside":
        return "InvalidAttribute"
    if told == "unknown":
        return "NonComputableDocumentation" if found is not None and found.value else "NotFound"
    yes = _range_of(answer.leaf)
    if told == "yes":
        return yes
    return _IN[yes] if _looked_at(answer) else "NotFound"


def _range_of(leaf: Leaf | None) -> Reason:
    if isinstance(leaf, Lab | ScoreIs | Rising | Age):
        return "ValueInRange"
    if isinstance(leaf, DateOf | Booked):
        return "DateInRange"
    if isinstance(leaf, Record):
        return "CountInRange" if leaf.count > 1 else "DateInRange" if leaf.window else "Present"
    return "Present"


def _looked_at(answer: Answer) -> bool:
    """Whether there was something to find out of range: a record, or a value."""
    found = answer.finding.evidence
    return found is not None and bool(found.resource or found.value)


def _answers(story: Story) -> dict[int, Answer]:
    told = [answer for line in story.lines for answer in (line.answer, *line.criteria)]
    ends = [answer for answer in (story.age, story.test) if answer is not None]
    return {id(answer.finding): answer for answer in (*told, *ends)}
