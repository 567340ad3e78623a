"""The life of a rule: draft → reviewed → live → retired. One table, forward only."""

from __future__ import annotations

from typing import Literal

from outreach.errors import Refused
from outreach.rulebook.model import Rule, Step

Status = Literal["draft", "reviewed", "live", "retired"]

#: From each status, where a signature may lead. A reviewed rule may be reviewed again after a change.
STEPS: dict[Status, tuple[Step, ...]] = {
    "draft": ("reviewed", "retired"),
    "reviewed": ("reviewed", "live", "retired"),
    "live": ("retired",),
    "retired": (),
}
_NEXT: dict[Status, Step] = {"draft": "reviewed", "reviewed": "live"}


def next_step(rule: Rule) -> Step:
    """Where a signature leads when nobody says: draft → reviewed → live.

    Raises:
        Refused: from here it must be said.
    """
    if rule.status == "retired":
        raise Refused(f"the rule “{rule.name}” is retired, and stays so; write a new one")
    if rule.status not in _NEXT:
        raise Refused(f"the rule “{rule.name}” is {rule.status}; the only step left must be said: --as retired")
    return _NEXT[rule.status]


def require_step(rule: Rule, to: Step) -> None:
    """Refuse a step that the life cycle does not have.

    Raises:
        Refused: with what to do instead.
    """
    if to in STEPS[rule.status]:
        if to == "live" and rule.approved_hash != rule.hash:
            reviewer = signed.by if (signed := rule.signature("reviewed")) else rule.approved_by
            raise Refused(
                f"the rule “{rule.name}” was changed after {reviewer} reviewed it; have it reviewed again: "
                "--as reviewed"
            )
        return
    raise Refused(f"the rule “{rule.name}” is {rule.status} and cannot become {to}: {_instead(rule.status, to)}")


def _instead(status: Status, to: Step) -> str:
    if status == "retired":
        return "a retired rule stays retired; write a new one"
    if status == "draft" and to == "live":
        return "it must be reviewed first: --as reviewed"
    if status == to:
        return "it is that already; a changed rule starts again at status: draft"
    return "there is no way back; a changed rule starts again at status: draft, written in the file"
