"""assess: who is at risk, and who is overdue, on a day."""

from outreach.assess.engine import DuckEngine, Engine
from outreach.assess.facts import Day
from outreach.assess.named import with_names
from outreach.assess.night import assess, assess_rules

__all__ = ["Day", "DuckEngine", "Engine", "assess", "assess_rules", "with_names"]
