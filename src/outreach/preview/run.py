"""Two versions of a rule over one night's tables. Nothing is written but in a folder that goes away."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.assess import Day, DuckEngine, assess
from outreach.compare.people import Assessed, Ground, at_risk, movers
from outreach.compare.tables import Comparison, compare
from outreach.errors import Refused, Stopped
from outreach.report.strata import STRATIFIERS
from outreach.rulebook.model import Rule

Mover = tuple[str, str, str, str, str]  #: person, status and reason before, status and reason after


@dataclass(frozen=True)
class Preview:
    """``at_risk`` is never printed by itself: it is compared with what the rule expects. ``movers``: care team only."""

    was: Rule
    now: Rule
    ground: Ground
    comparison: Comparison
    at_risk: int
    movers: tuple[Mover, ...] = ()

    @property
    def within_expected(self) -> bool | None:
        """Whether the number at risk is one the new rule expects; None where it expects none."""
        return within(self.now, self.at_risk)


def within(rule: Rule, people: int) -> bool | None:
    """Whether so many at risk are expected; None where the rule says nothing of it."""
    return None if rule.expected is None else rule.expected.low <= people <= rule.expected.high


def preview(was: Rule, now: Rule, ground: Ground, zone: ZoneInfo, *, care_team: bool = False) -> Preview:
    """Assess both and compare.

    Args:
        was: the version in use; ``now``: the one proposed.
        care_team: show every count, and name whoever moves; else small numbers are withheld.

    Raises:
        Refused: there are no tables, or ``ground.by`` names no stratifier.
    """
    _require(ground)
    with tempfile.TemporaryDirectory(prefix="outreach-preview-") as scratch:
        before, after = (
            Assessed(rule, _assess(rule, ground, zone, Path(scratch) / f"{name}.parquet"))
            for name, rule in (("was", was), ("now", now))
        )
        found = compare(before, after, ground, care_team=care_team)
        moved = movers(before.path, after.path) if care_team else []
        return Preview(was, now, ground, found, at_risk(after.path), tuple(moved))


def count_at_risk(rule: Rule, ground: Ground, zone: ZoneInfo) -> int:
    """How many people are at risk under a rule on a night's tables."""
    _require(ground)
    with tempfile.TemporaryDirectory(prefix="outreach-preview-") as scratch:
        return at_risk(_assess(rule, ground, zone, Path(scratch) / "now.parquet"))


def require_expected(found: Preview) -> None:
    """Refuse a version that finds another number of people than it expects.

    Raises:
        Stopped: with what it expects (exit 6).
    """
    expected = found.now.expected
    if expected is not None and found.within_expected is False:
        raise Stopped(
            f"the new version of “{found.now.name}” expects between {expected.low:,} and {expected.high:,} people at "
            f"risk, and finds {'fewer' if found.at_risk < expected.low else 'more'}. It cannot go live as it is: "
            "mend the rule, or expect: in it."
        )


def _assess(rule: Rule, ground: Ground, zone: ZoneInfo, out: Path) -> Path:
    with closing(DuckEngine(ground.tables)) as engine:
        assess(engine, rule, Day(ground.as_of, zone), out)
    return out


def _require(ground: Ground) -> None:
    if not (ground.tables / "person.parquet").is_file():
        raise Refused(f"there are no tables of a night in {ground.tables.name}; run one first: outreach run --dry-run")
    _require_known(ground.by)


def _require_known(by: Sequence[str]) -> None:
    strange = [name for name in by if name not in STRATIFIERS]
    if strange:
        raise Refused(f"people are not counted by {', '.join(strange)}; there are: {', '.join(STRATIFIERS)}")
