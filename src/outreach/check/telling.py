"""What check found, as lines for people, as one JSON object, and as GitHub's annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outreach.check.coverage import MEASURES, Coverage, share
from outreach.check.run import CaseResult

Json = dict[str, object]


def covered(coverage: Coverage) -> str:
    """One line of counts and percent."""
    counts = [(measure, *coverage.of(measure)) for measure in MEASURES]
    said = [f"{measure} {shown} of {asked} ({share(shown, asked):g} %)" for measure, shown, asked in counts]
    return f"{coverage.rule} covered by its cases: {', '.join(said)}"


def gaps(coverage: Coverage) -> Iterator[str]:
    """Each thing that no case shows, with its place and a case that would."""
    for gap in coverage.gaps():
        yield f"{coverage.file}:{gap.line}:{gap.column}: not covered: {gap.what} [{gap.measure}]\n   = {gap.case}"


def as_json(results: Sequence[CaseResult], coverages: Sequence[Coverage] | None) -> Json:
    """{passed, failed, cases: [{rule, case, passed}], coverage: None or [{rule, file, branches, boundaries, gaps}]}."""
    failed = sum(bool(result.differences) for result in results)
    cases = [{"rule": r.rule, "case": r.case.it, "passed": not r.differences} for r in results]
    found = None if coverages is None else [_coverage(one) for one in coverages]
    return {"passed": len(results) - failed, "failed": failed, "cases": cases, "coverage": found}


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
        said = [f"{word}: the case says “{want}”, the rule says “{got}”" for word, want, got in result.differences]
        if said:
            place = (result.file, result.case.line, result.case.column)
            yield _annotation("error", place, "\n".join([f"failed: {result.case.it}", *said]))
    for coverage in coverages:
        for gap in coverage.gaps():
            text = f"not covered: {gap.what}\n{gap.case}"
            yield _annotation("warning", (coverage.file, gap.line, gap.column), text)


def _annotation(level: str, place: tuple[str, int, int], text: str) -> str:
    file, line, column = place
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={path},line={line},col={column}::{escaped}"
