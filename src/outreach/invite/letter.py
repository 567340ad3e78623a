"""What goes in and what comes out, and every way to have no letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.errors import OutreachError

SUBJECT_MOST = 80  #: characters; phones cut a longer one
BODY_MOST = 2_000  #: characters


@dataclass(frozen=True)
class LetterFacts:
    """All that a letter may say of its occasion. None and "" are missing facts.

    No name, diagnosis or result has a field here, so no template can hold one. The slot is at the
    place of the visit, on its day. Instants are in the site's own zone: a letter says "10:00 AM" on that clock.

    Raises:
        ValueError: an instant has no zone, a bare offset, or another zone than the others.
    """

    site_name: str | None  #: who it is from, as people know it
    phone: str | None  #: answered by somebody who can book, say what it costs, and find an interpreter
    visit_start: datetime | None
    visit_place: str | None
    slot_start: datetime | None  #: of a place that is held
    slot_end: datetime | None
    reply_by: datetime | None  #: when the hold ends
    fasting_hours: int | None

    def __post_init__(self) -> None:
        zones = {at.tzinfo for at in self._instants()}
        if len(zones) > 1 or not all(isinstance(zone, ZoneInfo) for zone in zones):
            raise ValueError("the instants of a letter must all be in the site's one time zone")

    @property
    def zone(self) -> ZoneInfo:
        """The site's. UTC when no instant is known, and none can be shown."""
        return next((at.tzinfo for at in self._instants() if isinstance(at.tzinfo, ZoneInfo)), ZoneInfo("UTC"))

    def _instants(self) -> list[datetime]:
        return [at for at in (self.visit_start, self.slot_start, self.slot_end, self.reply_by) if at is not None]


@dataclass(frozen=True)
class Letter:
    """A finished message. Plain text, its lines parted by newlines."""

    subject: str  #: 80 characters at most, the same for everybody: it shows on locked screens
    body: str  #: 2,000 characters at most
    language: str  #: the template's own, BCP 47: "es" also for somebody who asked for "es-MX"
    template_hash: str  #: SHA-256 of the template as read, hex


class NotComposed(OutreachError):
    """One person's letter could not be written; send nothing. ``reason`` is countable."""

    reason = "not-composed"


class NoTemplate(NotComposed):
    """There is no letter in this language: an interpreter calls. Never another language instead."""

    reason = "no-template"

    def __init__(self, language: str) -> None:
        self.language = language
        super().__init__(f"no template in language “{language}”: hand over to an interpreter call")


class MissingFact(NotComposed):
    """The template needs a fact that is not there."""

    reason = "missing-fact"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the letter needs the fact “{name}”, which is missing")


class UnsafeFact(NotComposed):
    """A fact holds a line break or a control character, which could forge lines or hide text."""

    reason = "unsafe-fact"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the fact “{name}” holds a line break or control character")


class TooLong(NotComposed):
    """The subject or body came out longer than a portal takes whole."""

    reason = "too-long"

    def __init__(self, part: str, most: int) -> None:
        super().__init__(f"the {part} of the letter is longer than {most} characters")
