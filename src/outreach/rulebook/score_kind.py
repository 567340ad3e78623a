"""What a rule knows of a published score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.domain.calendar import Period


@dataclass(frozen=True)
class ScoreKind:
    """A score as a rule knows it.

    Attributes:
        inputs: every value set it draws on; all must be there, empty records of a person need not.
        within: how old a measurement may be where the rule does not say. No paper sets it: it is this
            project's choice, so that a stale value does not speak for today.
        classes: class letter → its lower bound.
        protected: of age and sex, those that enter the number. That a score does not apply to children is
            no use of age as a risk, and is not listed.
        needs_limit: the rule must state a laboratory's upper limit of normal.
        doubt: what nobody has confirmed yet; "" when nothing.
        source: where the formula was read.
    """

    name: str
    title: str
    inputs: tuple[str, ...]
    within: Period
    classes: Mapping[str, float] = field(default_factory=dict)
    protected: tuple[str, ...] = ()
    needs_limit: bool = False
    doubt: str = ""
    source: str = ""
