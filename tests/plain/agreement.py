"""What the engine wrote about people, laid beside what plain Python says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plain.judge import SECTIONS, Verdict
from plain.truth import Truth

#: One row of an assessment, and what it holds of one criterion.
Row = Mapping[str, object]
Finding = Mapping[str, object]


@dataclass(frozen=True)
class Difference:
    """One thing about one person on which the two do not agree."""

    person: str
    what: str
    plain: object
    engine: object

    def __str__(self) -> str:
        return f"{self.person}: {self.what}: plain {self.plain!r}, engine {self.engine!r}"


def differences(person: str, verdict: Verdict, row: Row) -> Iterator[Difference]:
    """Everything in which an assessment's row and a verdict differ."""
    said: dict[str, object] = {
        "status": verdict.status,
        "reason": verdict.reason,
        "due_on": verdict.due_on,
        "overdue_on": verdict.overdue_on,
        "risk_group": verdict.risk_group,
        "list_name": verdict.list_name,
        "flags": list(verdict.flags),
    }
    for name, mine in said.items():
        if row[name] != mine:
            yield Difference(person, name, mine, row[name])
    if row["criteria"] is not None:
        assert isinstance(row["criteria"], Sequence)
        yield from _of_criteria(person, verdict, row["criteria"])


def _truth(finding: Finding) -> Truth:
    """The engine says not applicable beside the truth."""
    if finding["applies"] is False:
        return "N"
    return "U" if finding["truth"] is None else "T" if finding["truth"] else "F"


def _of_criteria(person: str, verdict: Verdict, findings: Sequence[Finding]) -> Iterator[Difference]:
    """Line by line, word by word, in the order of the rule; after them comes the latest test."""
    told = [finding for finding in findings if finding["section"] in SECTIONS]
    mine = list(_expected(verdict, aged=len(told) > _length(verdict)))
    if len(mine) != len(told):
        yield Difference(person, "number of criteria", len(mine), len(told))
        return
    for (section, name, truth), finding in zip(mine, told, strict=True):
        same_place = finding["section"] == section and name in (None, finding["criterion"])
        if not same_place or _truth(finding) != truth:
            where = f"{finding['section']}/{finding['criterion']}"
            yield Difference(person, where, (section, name, truth), _truth(finding))


def _length(verdict: Verdict) -> int:
    return sum(1 + len(line.leaves) for line in verdict.lines)


def _expected(verdict: Verdict, *, aged: bool) -> Iterator[tuple[str, str | None, Truth]]:
    if aged:
        yield "at_risk", None, verdict.age
    for line in verdict.lines:
        yield line.section, line.name, line.truth
        for leaf in line.leaves:
            yield line.section, None, leaf.truth
