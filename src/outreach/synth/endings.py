"""People for whom outreach ends, people who chose against it, and those who only look so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from outreach.synth import codes, labs, moments
from outreach.synth.days import plus_days, plus_months
from outreach.synth.facts import Choice, Diagnosis, Lab, Operation
from outreach.synth.life import Life
from outreach.synth.moments import began
from outreach.synth.scans import CourseOf, any_scan
from outreach.synth.truth import Course, Risk


def _dead(how: str, life: Life, risk: Risk) -> Course:
    """Deceased: a flag, an instant, or a year."""
    course, day = any_scan(life, risk), life.ago(1, 700)
    life.person.deceased = {
        "flag": '"deceasedBoolean":true,',
        "instant": f'"deceasedDateTime":"{moments.stamp(life.draw, day)}",',
        "partly": f'"deceasedDateTime":"{day:%Y-%m}",' if day.day % 2 else f'"deceasedDateTime":"{day:%Y}",',
    }[how]
    return replace(course, end="deceased")


def _diagnosed(code: codes.Code, end: str, life: Life, risk: Risk) -> Course:
    """A diagnosis that ends screening."""
    course = any_scan(life, risk)
    life.add(Diagnosis((code,), began(life.draw, life.ago(10, 900))))
    return replace(course, end=end)


def _transplanted(life: Life, risk: Risk) -> Course:
    course = any_scan(life, risk)
    life.add(Operation(codes.TRANSPLANTATION, moments.happened(life.draw, life.ago(20, 2000), "performed")))
    return replace(course, end="transplanted")


def _points(life: Life, bilirubin: float, albumin: float, inr: float | None, back: int = 0) -> None:
    """Liver labs of the last year, the oldest of them ``back`` days back at least; ``inr`` None leaves it out."""
    life.liver_labs = True
    day = plus_days(life.ago(5, 300), -back)
    life.add(labs.bilirubin(life.draw, bilirubin, day), labs.albumin(life.draw, albumin, day))
    if inr is not None:
        life.add(labs.inr(life.draw, inr, day))


def _decompensated(life: Life) -> None:
    """Ascites and encephalopathy: two points each, at least."""
    for code in (codes.ASCITES, codes.ENCEPHALOPATHY):
        life.add(Diagnosis((code,), began(life.draw, life.ago(10, 500))))


def _too_ill(bilirubin: float, albumin: float, inr: float | None, both: bool, life: Life, risk: Risk) -> Course:
    """Child-Pugh C: at least 10 points whatever is missing."""
    course = any_scan(life, risk)
    _points(life, bilirubin, albumin, inr)
    if both:
        _decompensated(life)
    return replace(course, end="too-ill-to-treat")


def _too_ill_a_year_ago(life: Life, risk: Risk) -> Course:
    """The labs that decide are from the first day that counts, in molar units."""
    course, day = any_scan(life, risk), plus_months(life.as_of, -12)
    life.liver_labs = True
    life.add(labs.bilirubin_molar(life.draw, 80, day), labs.albumin(life.draw, 2.4, day))
    _decompensated(life)
    return replace(course, end="too-ill-to-treat")


def _waiting(life: Life, risk: Risk) -> Course:
    """Child-Pugh C with a transplant ahead: finding a cancer matters."""
    course = any_scan(life, risk)
    _points(life, 3.6, 2.5, 2.5)
    _decompensated(life)
    life.add(Diagnosis((codes.WAITING,), began(life.draw, life.ago(10, 300))))
    return course


def _without_inr(life: Life, risk: Risk) -> Course:
    """9 points and no INR: cannot be told, so outreach goes on."""
    course = any_scan(life, risk)
    _points(life, 2.0, 3.5, None)
    _decompensated(life)
    return course


def _nine_points(life: Life, risk: Risk) -> Course:
    """Bad labs, no encephalopathy: 7 + 2 without ascites, 6 + 3 where the code of cirrhosis says ascites."""
    course = any_scan(life, risk)
    facts = [fact for _, fact in life.facts if isinstance(fact, Diagnosis)]
    ascites = any(code.code == "K70.31" for fact in facts for code in fact.codes)
    _points(life, 3.0, 3.0 if ascites else 2.7, 1.7)
    return course


def _old_labs(life: Life, risk: Risk) -> Course:
    """Labs of Child-Pugh C, a day older than a year."""
    course, day = any_scan(life, risk), plus_days(plus_months(life.as_of, -12), -1)
    life.liver_labs = True
    old: tuple[Lab, ...] = (
        labs.bilirubin(life.draw, 4.0, day), labs.albumin(life.draw, 2.2, day), labs.inr(life.draw, 2.6, day)
    )  # fmt: skip
    life.add(*old)
    _decompensated(life)
    return course


def _but(fact: Callable[[Life], Diagnosis | Operation | Choice], life: Life, risk: Risk) -> Course:
    """A usual course with a record that ends nothing."""
    course = any_scan(life, risk)
    life.add(fact(life))
    return course


def _cancer_refuted(life: Life) -> Diagnosis:
    when = began(life.draw, life.ago(10, 900))
    return Diagnosis((life.draw.choice(codes.LIVER_CANCER),), when, "inactive", "refuted")


def _transplant_not_done(life: Life) -> Operation:
    status = life.draw.choice(("not-done", "preparation", "entered-in-error"))
    return Operation(codes.TRANSPLANTATION, moments.happened(life.draw, life.ago(5, 300), "performed"), status)


def _kidney(life: Life) -> Diagnosis:
    return Diagnosis((codes.KIDNEY_TRANSPLANT,), began(life.draw, life.ago(100, 2000)))


def _consent(provision: str, scope: str, status: str, life: Life) -> Choice:
    return Choice(provision, scope, moments.stamp(life.draw, life.ago(5, 700)), status)


def _opted_out(life: Life, risk: Risk) -> Course:
    course = any_scan(life, risk)
    life.add(_consent("deny", "patient-privacy", "active", life))
    return replace(course, choice="opted-out")


def _alive(life: Life, risk: Risk) -> Course:
    life.person.deceased = '"deceasedBoolean":false,'
    return any_scan(life, risk)


#: Ways to end that any person at risk, or perhaps at risk, may go.
ENDINGS: dict[str, CourseOf] = {
    "dead-flag": partial(_dead, "flag"),
    "dead-instant": partial(_dead, "instant"),
    "dead-partly-dated": partial(_dead, "partly"),
    "liver-cancer": partial(_diagnosed, codes.LIVER_CANCER[0], "liver-cancer"),
    "liver-cancer-snomed": partial(_diagnosed, codes.LIVER_CANCER[1], "liver-cancer"),
    "transplanted": _transplanted,
    "transplanted-by-status": partial(_diagnosed, codes.TRANSPLANTED, "transplanted"),
    "opted-out": _opted_out,
}
#: Child-Pugh: only for people with cirrhosis.
CHILD_PUGH: dict[str, CourseOf] = {
    "child-pugh-c": partial(_too_ill, 3.6, 2.5, 2.5, True),
    "child-pugh-10": partial(_too_ill, 2.0, 3.5, 1.7, True),
    "child-pugh-c-by-labs": partial(_too_ill, 3.4, 2.6, 2.4, False),
    "child-pugh-c-without-inr": partial(_too_ill, 3.4, 2.6, None, True),
    "child-pugh-c-a-year-ago": _too_ill_a_year_ago,
    "child-pugh-c-waiting": _waiting,
    "child-pugh-9-without-inr": _without_inr,
    "child-pugh-9": _nine_points,
    "child-pugh-old-labs": _old_labs,
}
#: Nothing ended.
GOES_ON: dict[str, CourseOf] = {
    "alive-flag": _alive,
    "liver-cancer-refuted": partial(_but, _cancer_refuted),
    "transplant-not-done": partial(_but, _transplant_not_done),
    "kidney-transplant": partial(_but, _kidney),
    "consent-permits": partial(_but, partial(_consent, "permit", "patient-privacy", "active")),
    "consent-research": partial(_but, partial(_consent, "deny", "research", "active")),
    "consent-advance-directive": partial(_but, partial(_consent, "deny", "adr", "active")),
    "consent-inactive": partial(_but, partial(_consent, "deny", "patient-privacy", "inactive")),
}
