"""``counts_as_done`` — which records are a test of this rule, and where their result is coded."""

from __future__ import annotations

from typing import Literal

from outreach.domain.calendar import Period
from outreach.rulebook.attributes import AGE_ONLY
from outreach.rulebook.forms import OneOf, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.model import Counts
from outreach.rulebook.named import SetName
from outreach.rulebook.named_values import NamedValues
from outreach.rulebook.values import Flag, Span

DatedBy = Literal["start", "end"]

REPORT = Key("report", Several(SetName()), "A report with one of these codes is the test.")
PROCEDURE = Key("procedure", Several(SetName()), "A procedure with one of these codes is the test.")
FINDING = Key("finding", Several(SetName()), "An observation with one of these codes is the test.")
RESULT = Key("result", SetName(), "The value set of its results: of two on one day, the one listed later wins.")
HAS_VALUE = Key("has_value", Flag(), "An observation counts only when it has a value.")
WITH = Key("with", Several(SetName()), "It counts only together with a record of one of these.")
WITH_WITHIN = Key("with_within", Span(least=0), "How far apart the two may be; the same day where this is left out.")
AT_AGE = Key("at_age", AGE_ONLY, "It counts only when done at this age.")
DATED_BY: Key[DatedBy] = Key(
    "dated_by",
    OneOf[DatedBy](("start", "end")),
    "The day of a test that took several: the first, or the last.",
)
PARTS: tuple[Key[object], ...] = (REPORT, PROCEDURE, FINDING, RESULT, HAS_VALUE, WITH, WITH_WITHIN, AT_AGE, DATED_BY)


def _counts(at: Entries) -> Counts | None:
    report, procedure, finding = at.get(REPORT) or (), at.get(PROCEDURE) or (), at.get(FINDING) or ()
    if not any(at.has(key) for key in (REPORT, PROCEDURE, FINDING)):
        at.say(at.at, f"{at.what} names no record", "empty-criterion", "Add report:, procedure: or finding:.")
        return None
    if at.has(HAS_VALUE) and not at.has(FINDING):
        at.say(at.where(HAS_VALUE), "only an observation has a value", "useless-key", "Add finding:, or take it away.")
    if at.has(WITH_WITHIN) and not at.has(WITH):
        at.say(at.where(WITH_WITHIN), "with_within stands without with", "useless-key", "Add with:, or take it away.")
    return Counts(
        name="",
        report=report,
        procedure=procedure,
        finding=finding,
        results=at.get(RESULT) or "",
        has_value=at.get(HAS_VALUE) or False,
        beside=at.get(WITH) or (),
        beside_within=at.get(WITH_WITHIN) or Period(0, "days"),
        at_age=at.get(AT_AGE),
        dated_by=at.get(DATED_BY) or "start",
    )


COUNTS = NamedValues(Built(PARTS, _counts))
