"""Signing a rule: it moves one step on in its life, in its own file, with who signed and what exactly.

Nothing that is open is signed by accident: a case that fails, a missing source, a word such as unconfirmed, a
draft among the codes, or numbers that nobody expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.check import run_cases
from outreach.errors import Refused, Stopped
from outreach.prose.cards import read_card
from outreach.prose.sections.unsettled import SETTLED, scores_in_doubt
from outreach.prose.words import listed, plural
from outreach.rulebook.amend import amend
from outreach.rulebook.doubts import doubts
from outreach.rulebook.lifecycle import Status, next_step, require_step
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.rulebook.signature import content_hash

#: Whether the rule finds as many people at risk as it expects; None where nobody has counted.
Seen = Callable[[Rule], bool | None]


def not_counted(rule: Rule) -> bool | None:
    """Nobody has counted."""
    return None


@dataclass(frozen=True)
class Signature:
    """A step that was signed and written down. ``despite``: what was open, and signed all the same."""

    rule: str
    was: Status
    now: Status
    by: str
    hash: str
    despite: tuple[str, ...]


def approve(
    path: Path, codes: Path, *, by: str, to: Status | None, despite: str = "", seen: Seen = not_counted
) -> Signature:
    """Sign a rule.

    Args:
        path: the rule's file; its status, approved_by and approved_hash are changed, and nothing else.
        by: who signs.
        to: the step; None for the next one.
        despite: why it is signed although something is open; it goes into the file as a comment.
        seen: counts the people at risk, or finds it counted; needed to go live where the rule says what to expect.

    Raises:
        Refused: a step the life cycle does not have, or something is open and ``despite`` says nothing.
        Stopped: the number at risk is not the one expected (exit 6).
    """
    by = " ".join(by.split())
    if by in ("", "nobody-yet"):
        raise Refused("say who signs: --by NAME")
    rule = load([path], codes, need_cases=False)[0]
    step = to or next_step(rule)
    require_step(rule, step)
    if step == "live":
        guard(rule, seen)
    found = () if step == "retired" else tuple(_open(rule, path, codes))
    if found and not despite.strip():
        raise Refused(_told(rule, step, found))
    _write(path, rule, step, by, found, " ".join(despite.split()))
    return Signature(rule.name, rule.status, step, by, rule.hash, found)


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


def _open(rule: Rule, path: Path, codes: Path) -> Iterator[str]:
    """What is not settled, each in a sentence."""
    failed = [result.case.it for result in run_cases(rule, codes) if result.differences]
    if failed:
        yield f"{plural(len(failed), 'case')} failed: {listed([f'“{it}”' for it in failed[:3]])}"
    if not rule.cases:
        yield "it has no cases"
    if not rule.sources:
        yield "it names no source"
    yield from (f"line {doubt.line} says: {doubt.says}" for doubt in doubts(_text(path)) if doubt.open)
    yield from (f"the score {name} is in doubt: {why}" for name, why in scores_in_doubt(rule))
    drafts = [name for name in sorted(rule.value_sets) if _draft(name, path, codes)]
    if drafts:
        yield f"{plural(len(drafts), 'value set')} marked draft: {', '.join(drafts)}"


def _draft(name: str, path: Path, codes: Path) -> bool:
    card = read_card(path.parent / "codes", name) or read_card(codes, name)
    return card is not None and card.status not in SETTLED


def _told(rule: Rule, step: Status, found: tuple[str, ...]) -> str:
    lines = "\n".join(f"  - {what}" for what in found)
    return (
        f"“{rule.name}” is not ready to be {step}:\n{lines}\n"
        "Settle these, or say why it is signed all the same: --despite “…” (your words go into the rule)."
    )


def _write(path: Path, rule: Rule, step: Status, by: str, found: tuple[str, ...], despite: str) -> None:
    """The signature in the file; what it signs must still be what was read."""
    comments = (f"signed as {step} by {by} despite: {'; '.join(found)}", f"because: {despite}") if found else ()
    changes = {"status": step, "approved_by": by, "approved_hash": rule.hash}
    text = amend(
        _text(path), changes, comments=tuple(comment.replace("unconfirmed", "not confirmed") for comment in comments)
    )
    if content_hash(text, rule.value_sets) != rule.hash:
        raise Refused(f"{path} changed while it was being signed; look at it again")
    part = path.with_name(path.name + ".part")
    part.write_bytes(text.encode())
    part.replace(path)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")
