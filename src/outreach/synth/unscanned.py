"""People never scanned, and people with something newer than their last scan that is no scan."""

from __future__ import annotations

from collections.abc import Callable

from outreach.synth import codes, moments
from outreach.synth.days import plus_days
from outreach.synth.facts import Operation, Report
from outreach.synth.life import Life
from outreach.synth.scans import any_scan, day_of_scan, earlier, procedure, report
from outreach.synth.truth import Course, Risk, due_after_scan, due_unscanned


def never(life: Life, risk: Risk) -> Course:
    """No scan at all; perhaps a study that is none."""
    if life.draw.random() < 0.2:
        life.add(report(life, life.ago(5, 300), "", study=codes.SINGLE_PHASE_CT))
    return Course(due_unscanned(risk.since))


def _elastography(life: Life) -> Operation:
    return Operation(codes.ELASTOGRAPHY, moments.happened(life.draw, life.as_of, "performed"))


def _elastography_report(life: Life) -> Report:
    return report(life, life.as_of, "", study=codes.ELASTOGRAPHY)


def _single_phase_ct(life: Life) -> Report:
    return report(life, life.as_of, "", study=codes.SINGLE_PHASE_CT)


def _not_final(life: Life) -> Report:
    status = life.draw.choice(("preliminary", "registered", "partial", "cancelled", "entered-in-error"))
    return report(life, life.as_of, "US-1", status=status)


def _preliminary_positive(life: Life) -> Report:
    return report(life, life.as_of, "US-3", status="preliminary")


def _dated_later(life: Life) -> Report:
    return report(life, plus_days(life.as_of, life.draw.randint(1, 30)), "US-1")


def _undated_report(life: Life) -> Report:
    undated = report(life, life.as_of, "US-1")
    return Report(undated.code, "", undated.result, undated.conclusion, undated.status)


def _undated_procedure(_: Life) -> Operation:
    return Operation(codes.ULTRASOUND_PROCEDURE, "")


def _not_done(life: Life) -> Operation:
    status = life.draw.choice(("not-done", "preparation", "in-progress", "stopped", "entered-in-error"))
    return procedure(life, life.as_of, status)


#: What came after the last scan, on the day itself (when it would matter most), and counts for nothing.
NO_SCANS: dict[str, Callable[[Life], Report | Operation]] = {
    "elastography": _elastography,
    "elastography-report": _elastography_report,
    "single-phase-ct": _single_phase_ct,
    "report-not-final": _not_final,
    "positive-not-final": _preliminary_positive,
    "report-dated-later": _dated_later,
    "report-undated": _undated_report,
    "procedure-undated": _undated_procedure,
    "procedure-not-done": _not_done,
}


NEVER_BUT = ("elastography", "single-phase-ct", "report-not-final")


def then(name: str, life: Life, risk: Risk) -> Course:
    """A usual course, and then a record that is no scan."""
    course = any_scan(life, risk)
    life.add(NO_SCANS[name](life))
    return course


def never_but(name: str, life: Life, risk: Risk) -> Course:
    """No scan, and a record that is none."""
    life.add(NO_SCANS[name](life))
    return Course(due_unscanned(risk.since))


def positive_then(result: str, life: Life, _: Risk) -> Course:
    """An earlier positive scan, and a later one that says otherwise: the latest decides."""
    day = day_of_scan(life, result, life.draw.choice(("up-to-date", "due")))
    life.add(report(life, day, result), report(life, plus_days(day, -life.draw.randint(10, 60)), "US-3"))
    earlier(life, plus_days(day, -61))
    return Course(due_after_scan(day, result))
