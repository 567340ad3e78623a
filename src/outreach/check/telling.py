"""What check found, as lines for people, as one JSON object, and as GitHub's annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from outreach.check.coverage import MEASURES, NOT_MEASURED, Coverage, share
from outreach.check.run import CaseResult
from outreach.errors import Problem

Json = dict[str, object]


def covered(coverage: Coverage) -> str:
    """One line of counts and percent."""
    counts = [(measure, *coverage.of(measure)) for measure in MEASURES]
    said = [f"{measure} {shown} of {asked} ({share(shown, asked):g} %)" for measure, shown, asked in counts]
    return f"{coverage.rule} covered by its cases: {', '.join(said)}"


def not_measured() -> str:
    """One line, so that nobody takes 100 % for everything."""
    return f"not measured by coverage: {NOT_MEASURED}"


def gaps(coverage: Coverage) -> Iterator[str]:
    """Each thing that no case shows, with its place and a case that would."""
    for gap in coverage.gaps():
        yield f"{coverage.file}:{gap.line}:{gap.column}: not covered: {gap.what} [{gap.measure}]\n   = {gap.case}"


def as_json(
    results: Sequence[CaseResult], coverages: Sequence[Coverage] | None, remarks: Sequence[Problem] = ()
) -> Json:
    """{passed, failed, cases, coverage, remarks}.

    ``cases``: [{rule, case, passed, file, line, column, differences: [{what, says, is}],
    why: [{section, line, criterion, answer, record, days}]}];
    ``coverage``: None or [{rule, file, branches, boundaries, gaps}];
    ``remarks``: [{file, line, column, name, what, hint}], which fail nothing.
    """
    failed = sum(bool(result.differences) for result in results)
    cases = [_case(result) for result in results]
    found = None if coverages is None else [_coverage(one) for one in coverages]
    counts: Json = {"passed": len(results) - failed, "failed": failed}
    return {**counts, "cases": cases, "coverage": found, "remarks": _told(remarks)}


def _case(result: CaseResult) -> Json:
    differences = [{"what": what, "says": want, "is": got} for what, want, got in result.differences]
    why = [asdict(one) for one in result.why]
    place = {"file": result.file, "line": result.case.line, "column": result.case.column}
    return {
        "rule": result.rule,
        "case": result.case.it,
        "passed": not differences,
        **place,
        "differences": differences,
        "why": why,
    }


def refused_as_json(problems: Sequence[Problem]) -> Json:
    """What ``as_json`` tells where no case could be run, and problems: [{file, line, column, name, what, hint}]."""
    return {"passed": 0, "failed": 0, "cases": [], "coverage": None, "problems": _told(problems)}


def _told(problems: Sequence[Problem]) -> list[Json]:
    return [
        {"file": p.file, "line": p.line, "column": p.column, "name": p.name, "what": p.what, "hint": p.hint}
        for p in problems
    ]


def told_on_github(problems: Sequence[Problem]) -> Iterator[str]:
    """An error for each problem of a file, a notice for each remark."""
    for problem in problems:
        text = f"{problem.what} [{problem.name}]" + (f"\n{problem.hint}" if problem.hint else "")
        level = "error" if problem.level == "error" else "notice"
        yield _annotation(level, (problem.file, max(problem.line, 1), max(problem.column, 1)), text)


def _coverage(coverage: Coverage) -> Json:
    counts: Json = {}
    for measure in MEASURES:
        shown, asked = coverage.of(measure)
        counts[measure] = {"covered": shown, "of": asked, "percent": share(shown, asked)}
    told = [
        {"measure": gap.measure, "line": gap.line, "column": gap.column, "what": gap.what, "case": gap.case}
        for gap in coverage.gaps()
    ]
    return {"rule": coverage.rule, "file": coverage.file, **counts, "gaps": told}


def github(results: Sequence[CaseResult], coverages: Sequence[Coverage]) -> Iterator[str]:
    """An error for each failed case, a warning for each gap.

    Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """
    for result in results:
        if result.differences:
            place = (result.file, result.case.line, result.case.column)
            yield _annotation("error", place, "\n".join([f"failed: {result.case.it}", *result.told()]))
    for coverage in coverages:
        for gap in coverage.gaps():
            text = f"not covered: {gap.what}\n{gap.case}"
            yield _annotation("warning", (coverage.file, gap.line, gap.column), text)


def _annotation(level: str, place: tuple[str, int, int], text: str) -> str:
    file, line, column = place
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={path},line={line},col={column}::{escaped}"
