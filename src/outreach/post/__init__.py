"""Post: the only room that sends or holds."""

from outreach.post.checkpoints import Checkpoint
from outreach.post.night import post_night
from outreach.post.slots import checks_versions
from outreach.post.tidy import tidy
from outreach.post.words import CallRow, Desk, Fresh, Letters, Posted, PostSettings

__all__ = [
    "CallRow",
    "Checkpoint",
    "Desk",
    "Fresh",
    "Letters",
    "PostSettings",
    "Posted",
    "checks_versions",
    "post_night",
    "tidy",
]
