"""approve: a rule moves one step on in its life, signed in its own file."""

from outreach.approve.signing import approve

__all__ = ["approve"]
