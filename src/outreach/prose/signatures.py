"""Who signed a rule, and when, in words."""

from __future__ import annotations

from outreach.prose.words import said
from outreach.rulebook.model import NOBODY, Rule, Signed, Step

_VERBS: dict[Step, str] = {"reviewed": "reviewed", "live": "approved", "retired": "retired"}


def signed(rule: Rule) -> str:
    """``reviewed by Dr A on 1 March 2026, approved by Dr B on 2 March 2026``: each step, in order."""
    return ", ".join(f"{_VERBS[one.step]} by {one.by}{_day(one, ' on ')}" for one in _signatures(rule))


def signatories(rule: Rule) -> dict[str, str]:
    """Who signed, with the day, by what the page calls it; a rule that was changed since says so."""
    found = {one.step: one.by + _day(one, ", ") for one in _signatures(rule)}
    asked: tuple[Step, ...] = ("reviewed", "live", *(("retired",) if "retired" in found else ()))
    before = "" if rule.approved_hash == rule.hash else " (before it was changed)"
    told = {step: found[step] + before * (step != "retired") if step in found else "nobody yet" for step in asked}
    return {f"{_VERBS[step].capitalize()} by": who for step, who in told.items()}


def _signatures(rule: Rule) -> tuple[Signed, ...]:
    return rule.signed or ((Signed("live", rule.approved_by),) if rule.approved_by not in NOBODY else ())


def _day(one: Signed, before: str) -> str:
    return f"{before}{said(one.on)}" if one.on else ""
