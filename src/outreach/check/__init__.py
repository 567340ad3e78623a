"""check: run the cases beside rules on the night's own path, and measure how much of a rule they show."""

from outreach.check.answers import answer_cases
from outreach.check.coverage import Coverage, answers_watched, coverage
from outreach.check.run import CaseResult, results, run_cases
from outreach.check.slips import refuse_slips

__all__ = [
    "CaseResult",
    "Coverage",
    "answer_cases",
    "answers_watched",
    "coverage",
    "refuse_slips",
    "results",
    "run_cases",
]
