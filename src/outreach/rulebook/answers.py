"""What a rule can answer: the words an exemplar may expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from outreach.domain.assessment import Status

#: Reasons and lists that the engine itself gives.
ENGINE_REASONS = frozenset(
    ("not-at-risk", "merged", "deceased", "opted-out", "cannot-tell", "no-due-date", "clinician-decides")
)
ENGINE_LISTS = frozenset(("ask-list", "clinician-decides"))


def answers(names: Mapping[str, tuple[str, ...]], lists: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each word of ``then`` whose answers are known beforehand, all it can say.

    Args:
        names: the lines of each section as the author named them, also those that could not be read.
        lists: the worklists that pauses name.
    """
    reasons = (*names["cannot_help"], *names["own_choice"], *names["not_now"])
    return {
        "status": frozenset(status.value for status in Status),
        "because": ENGINE_REASONS.union(reasons),
        "risk_group": frozenset(names["at_risk"]),
        "list": ENGINE_LISTS.union(lists),
        "flags": frozenset(f"{name}-not-known" for name in names["cannot_help"]),
    }
