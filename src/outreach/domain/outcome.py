"""What became of each person in a night: the terms of the sum that must close."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The worklist of the lines that could not be read; their people stand on "data-quality".
UNREADABLE = "unreadable-lines"


class Bucket(StrEnum):
    """cohort = the sum of all of these; each person stands in exactly one."""

    SENT = "sent"
    HANDED_OVER = "handed_over"  #: on a call list, letter or worklist; the reason names the list
    WITHHELD = "withheld"  #: a guard stopped it
    QUARANTINED = "quarantined"  #: the data or the outcome cannot be trusted yet
    DEFERRED = "deferred"  #: nothing tonight; the next night tries again
    NOT_DUE = "not_due"
    NOT_NOW = "not_now"
    EXCLUDED = "excluded"
    EXCEPTION = "exception"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"  #: on the ask list; the reason names what is missing


@dataclass(frozen=True)
class Outcome:
    """One person under one programme in one night."""

    person: str
    bucket: Bucket
    reason: str
    list_name: str = ""  #: the worklist the person stands on
    slot: str = ""
    visit: str = ""
    language: str = ""
    channel: str = ""  #: portal, call, or ""
