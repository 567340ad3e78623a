"""Signing a rule: it moves one step on in its life, in its own file, with who signed and what exactly.

Nothing that is open is signed by accident: a case that fails, a missing source, a word such as unconfirmed, a
draft among the codes, or numbers that nobody expected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from outreach.approve.open import open_questions
from outreach.approve.writing import Signature, write
from outreach.check import refuse_slips
from outreach.errors import Refused, Stopped
from outreach.prose.words import listed
from outreach.rulebook.lifecycle import next_step, require_step
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule, Step
from outreach.scaffold import unchanged

#: Whether the rule finds as many people at risk as it expects; None where nobody has counted.
Seen = Callable[[Rule], bool | None]


def not_counted(rule: Rule) -> bool | None:
    """Nobody has counted."""
    return None


def approve(
    path: Path,
    codes: Path | None,
    *,
    by: str,
    to: Step | None,
    today: date,
    despite: str = "",
    seen: Seen = not_counted,
) -> Signature:
    """Sign a rule.

    Args:
        path: the rule's file; its status, its signatures and approved_hash are changed, and nothing else.
        by: who signs.
        to: the step; None for the next one.
        today: the day of the signature; a rule whose review was due before it is not signed.
        despite: why it is signed although something is open; it goes into the file as a comment.
        seen: counts the people at risk, or finds it counted; needed to go live where the rule says what to expect.

    Raises:
        Refused: a step the life cycle does not have, a review that has lapsed, words or codes of the template,
            or something is open and ``despite`` says nothing.
        Stopped: the number at risk is not the one expected (exit 6).
    """
    by = " ".join(by.split())
    if by in ("", "nobody-yet"):
        raise Refused("say who signs: --by NAME")
    rule = load([path], codes, need_cases=False)[0]
    step = to or next_step(rule)
    require_step(rule, step)
    refuse_slips([rule])
    if step != "retired":
        _refuse_lapsed(rule, today)
        _refuse_template(rule, codes)
    if step == "live":
        guard(rule, seen)
    found = () if step == "retired" else tuple(open_questions(rule, path, codes, step, by))
    if found and not despite.strip():
        raise Refused(_told(rule, step, found))
    signature = Signature(rule.name, rule.status, step, by, today, rule.hash, found)
    write(path, rule, signature, " ".join(despite.split()))
    return signature


def guard(rule: Rule, seen: Seen) -> None:
    """Refuse to go live with numbers that nobody expected.

    Raises:
        Refused: the rule says how many to expect and nobody has counted.
        Stopped: the count lies outside.
    """
    if rule.expected is None:
        return
    between = f"between {rule.expected.low:,} and {rule.expected.high:,}"
    found = seen(rule)
    if found is None:
        raise Refused(
            f"the rule “{rule.name}” expects {between} people at risk: show that it finds them, with --tables "
            "or with --preview"
        )
    if not found:
        raise Stopped(
            f"“{rule.name}” does not find {between} people at risk, as it says it would. It does not go live."
        )


def _refuse_lapsed(rule: Rule, today: date) -> None:
    """Whoever signs looks at the rule again, and says until when that holds; no word stands in for it."""
    dates = {"the rule": rule.review_by} | {f"reads: {entry.attribute}": entry.review_by for entry in rule.reads}
    lapsed = [f"{what} was to be reviewed by {day}" for what, day in dates.items() if day < today]
    if lapsed:
        raise Refused(
            f"“{rule.name}” is not signed: {listed(lapsed)}. Review it, and write a new review_by into {rule.path}."
        )


def _refuse_template(rule: Rule, codes: Path | None) -> None:
    """Nobody signs what nobody wrote; no word stands in for it."""
    if found := unchanged(rule, codes):
        raise Refused([replace(remark, level="error") for remark in found])


def _told(rule: Rule, step: Step, found: tuple[str, ...]) -> str:
    lines = "\n".join(f"  - {what}" for what in found)
    return (
        f"“{rule.name}” is not ready to be {step}:\n{lines}\n"
        "Settle these, or say why it is signed all the same: --despite “…” (your words go into the rule)."
    )
