"""Tonight's tables: an earlier night's and what changed since, or everything read anew."""

from outreach.refresh.night import read_night
from outreach.refresh.reading import Reading
from outreach.refresh.state import is_proved

__all__ = ["Reading", "is_proved", "read_night"]
