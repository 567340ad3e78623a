"""Invite: a letter in the person's language from facts alone, or a reason why there is none.

Pure: it sends nothing and reads nothing but templates.
"""

from outreach.invite.check import check_templates
from outreach.invite.compose import compose
from outreach.invite.key import CAMPAIGN, HOLD, campaign_key, hold_key
from outreach.invite.letter import Letter, LetterFacts, MissingFact, NotComposed, NoTemplate, TooLong, UnsafeFact
from outreach.invite.message import communication
from outreach.invite.template import languages

__all__ = [
    "CAMPAIGN",
    "HOLD",
    "Letter",
    "LetterFacts",
    "MissingFact",
    "NoTemplate",
    "NotComposed",
    "TooLong",
    "UnsafeFact",
    "campaign_key",
    "check_templates",
    "communication",
    "compose",
    "hold_key",
    "languages",
]
