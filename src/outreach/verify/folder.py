"""Measure test cases out of a folder: wherever one Patient and one MeasureReport stand together.

Published sets nest in several ways: a folder per case, below it perhaps a folder per resource type, above it
perhaps one per measure, or a case as one Bundle. The largest folder (or file) with exactly one of each is a case.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import Problem, Refused, at_file
from outreach.verify.expected import Expected, expected
from outreach.verify.resources import Found, read_files

ANSWER, PERSON = "MeasureReport", "Patient"
_LONE = {
    ANSWER: "a MeasureReport without its Patient beside it",
    PERSON: "a Patient without a MeasureReport, so without an expected answer",
}


@dataclass(frozen=True)
class MeasureCase:
    """One test patient. ``name`` is its folder as seen from the folder of all; the report is not in ``resources``."""

    name: str
    expected: Expected
    resources: tuple[Found, ...]


def read_cases(folder: Path) -> list[MeasureCase]:
    """Every case below a folder, in name order.

    Raises:
        Refused: every file that cannot be read or stands alone; no case at all; cases of several measures.
    """
    problems: list[Problem] = []
    found = list(read_files(sorted(folder.rglob("*.json")), problems))
    cases = [case for case in (_case(folder, group, problems) for group in _groups(folder, found, problems)) if case]
    if problems:
        raise Refused(problems)
    if not cases:
        hint = "Name a folder with a folder per case: FHIR resources as JSON, a MeasureReport among them."
        raise at_file(folder, "there are no measure test cases here", "no-cases", hint)
    if len(measures := sorted({case.expected.measure for case in cases})) > 1:
        hint = f"Name the folder of one of them: {', '.join(measures)}."
        raise at_file(folder, f"these are the cases of {len(measures)} measures", "several-measures", hint)
    return cases


def _groups(folder: Path, found: Sequence[Found], problems: list[Problem]) -> Iterator[Sequence[Found]]:
    """Split downwards until each part is a case, or is nothing of one."""
    held = Counter(each.type for each in found if each.type in _LONE)
    if held == {ANSWER: 1, PERSON: 1}:
        yield found
        return
    parts: defaultdict[Path, list[Found]] = defaultdict(list)
    for each in found:
        parts[folder / each.file.relative_to(folder).parts[0]].append(each)
    for place, part in parts.items():
        if place.is_dir():
            yield from _groups(place, part, problems)
        else:
            yield from _alone(place, part, problems)


def _alone(file: Path, found: Sequence[Found], problems: list[Problem]) -> Iterator[Sequence[Found]]:
    held = Counter(each.type for each in found if each.type in _LONE)
    if held == {ANSWER: 1, PERSON: 1}:
        yield found
    elif held:
        what = _LONE[next(iter(held))] if held.total() == 1 else "several Patients or MeasureReports in one file"
        hint = "A case is one Patient and one MeasureReport in a folder of their own."
        problems.append(Problem(str(file), 0, 0, what, "not-a-case", hint))


def _case(folder: Path, found: Sequence[Found], problems: list[Problem]) -> MeasureCase | None:
    report = next(each for each in found if each.type == ANSWER)
    try:
        answer = expected(report.resource)
    except ValueError as error:
        problems.append(Problem(str(report.file), 0, 0, str(error), "odd-measure-report"))
        return None
    return MeasureCase(_name(folder, found), answer, tuple(each for each in found if each is not report))


def _name(folder: Path, found: Sequence[Found]) -> str:
    """The folder in which person and answer stand, or their Bundle."""
    files = {each.file for each in found if each.type in _LONE}
    home = Path(os.path.commonpath(files))
    return folder.name if home == folder else str(home.relative_to(folder).with_suffix(""))
