"""A signature in a rule's own file: who, on which day, what exactly, and what was open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from outreach.errors import Refused
from outreach.rulebook.amend import amend, strike
from outreach.rulebook.grammar import SIGNATURES
from outreach.rulebook.lifecycle import Status
from outreach.rulebook.model import Rule, Step
from outreach.rulebook.signature import content_hash


@dataclass(frozen=True)
class Signature:
    """A step that was signed and written down. ``despite``: what was open, and signed all the same."""

    rule: str
    was: Status
    now: Step
    by: str
    on: date
    hash: str
    despite: tuple[str, ...]


def write(path: Path, rule: Rule, signed: Signature, despite: str) -> None:
    """The signature in the file; what it signs must still be what was read."""
    comments: tuple[str, ...] = ()
    if signed.despite:
        first = f"signed as {signed.now} by {signed.by} on {signed.on} despite: {'; '.join(signed.despite)}"
        comments = tuple(one.replace("unconfirmed", "not confirmed") for one in (first, f"because: {despite}"))
    text = amend(_with_signature(text_of(path), rule, signed), _standing(signed), comments=comments)
    if content_hash(text, rule.value_sets) != rule.hash:
        raise Refused(f"{path} changed while it was being signed; look at it again")
    part = path.with_name(path.name + ".part")
    part.write_bytes(text.encode())
    part.replace(path)


def _standing(signed: Signature) -> dict[str, str]:
    """Who retires a rule signs none of what it says."""
    return {"status": signed.now} | ({} if signed.now == "retired" else {"approved_hash": signed.hash})


def _with_signature(text: str, rule: Rule, signed: Signature) -> str:
    """The name and the day of a step beside those of the steps before it; a review takes back what came after."""
    if signed.now == "reviewed":
        approved_by, approved_on = SIGNATURES["live"]
        text = strike(amend(text, {approved_by.name: "nobody-yet"}), approved_on.name)
    first = rule.signature("reviewed")
    if signed.now == "live" and first:  # an older file has this name where the approver's goes
        text = amend(text, {SIGNATURES["reviewed"][0].name: first.by}, after="status")
    by, on = SIGNATURES[signed.now]
    after = "approved_by" if signed.now == "live" else "status"
    return amend(text, {by.name: signed.by, on.name: signed.on.isoformat()}, after=after)


def text_of(path: Path) -> str:
    """A rule's file as it stands, without a byte order mark."""
    return path.read_bytes().decode("utf-8-sig")
