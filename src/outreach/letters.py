"""The facts of one letter, from the site, the programme and what was read minutes before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from outreach.domain.query import ask
from outreach.domain.tables import Rows
from outreach.invite import Letter, LetterFacts, compose
from outreach.ledger import PlannedInvitation
from outreach.post.words import Fresh
from outreach.rulebook.model import Rule
from outreach.settings import Programme, Settings


def letter_writer(
    settings: Settings, programme: Programme, rule: Rule, templates: Path, tables: Path
) -> Callable[[PlannedInvitation, Fresh], Letter]:
    """A function that writes one letter, or raises NoTemplate or MissingFact.

    Somebody whose record names no language is called instead: English is not assumed.
    """
    places = named_places(tables)

    def write(planned: PlannedInvitation, fresh: Fresh) -> Letter:
        facts = LetterFacts(
            site_name=settings.site_name,
            phone=settings.phone,
            visit_start=fresh.visit_start.astimezone(settings.zone) if fresh.visit_start else None,
            visit_place=places.get(fresh.visit_place),
            slot_start=fresh.slot.start.astimezone(settings.zone),
            slot_end=fresh.slot.end.astimezone(settings.zone),
            fasting_hours=programme.clinic.fasting_hours,
            reply_by=fresh.reply_by.astimezone(settings.zone),
        )
        return compose(facts, rule.name, "portal", fresh.language or "", templates)

    return write


def named_places(tables: Path) -> dict[str, str]:
    """The names of Locations by id, of those that have one."""
    places = Rows(tables, "location").sql()
    return dict(ask(f"SELECT id, name FROM ({places}) WHERE name IS NOT NULL", {}))  # noqa: S608  a path of ours, quoted
