"""track: what came of those invited on earlier nights, as tonight's records show it."""

from outreach.track.follow import Followed, Invited, Standing, follow

__all__ = ["Followed", "Invited", "Standing", "follow"]
