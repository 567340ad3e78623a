"""scaffold: a new rule to begin with, which passes its check, and whose cases show all of it, at once.

Nobody signs it while it still says what the template says.
"""

from outreach.scaffold.unchanged import unchanged
from outreach.scaffold.writing import scaffold

__all__ = ["scaffold", "unchanged"]
