"""check: read rules, then run the cases written beside them on the night's own path."""

from outreach.check.run import CaseResult, check_rules, run_cases

__all__ = ["CaseResult", "check_rules", "run_cases"]
