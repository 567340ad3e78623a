"""What verify prints: a table by population and each case that differs; or the same as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator

from outreach.verify.run import POPULATIONS, Result, Verified

_WIDE = max(map(len, POPULATIONS))


def tallies(verified: Verified) -> dict[str, dict[str, int]]:
    """Per population that some report speaks of: how many are expected, found, and agree, of how many cases."""
    return {
        name: _tally(verified, name) for name in POPULATIONS if any(_counts(each, name) for each in verified.results)
    }


def _tally(verified: Verified, name: str) -> dict[str, int]:
    asked = [result for result in verified.results if _counts(result, name)]
    pairs = [(result.case.expected.counts[name], result.found(name)) for result in asked]
    return {
        "expected": sum(want for want, _ in pairs),
        "found": sum(got for _, got in pairs),
        "agree": sum(want == got for want, got in pairs),
        "cases": len(pairs),
    }


def _counts(result: Result, name: str) -> bool:
    return name in result.case.expected.counts


def not_compared(verified: Verified) -> list[str]:
    """Populations that reports speak of and a rule has no word for."""
    return sorted({name for result in verified.results for name in result.case.expected.counts} - set(POPULATIONS))


def as_text(verified: Verified) -> str:
    """For people."""
    return "\n".join(_lines(verified))


def _lines(verified: Verified) -> Iterator[str]:
    yield f"{'population':{_WIDE}}  expected  found    agree"
    for name, n in tallies(verified).items():
        yield f"{name:{_WIDE}}  {n['expected']:8}  {n['found']:5}  {n['agree']:4}/{n['cases']}"
    for name in not_compared(verified):
        yield f"{name:{_WIDE}}  not compared: a rule has no such population"
    for result in verified.differing:
        yield f"\n{result.case.name}: {result.case.expected.description or 'no description'}"
        for name, want, got in result.differences:
            yield f"   | {name}: the report says {want}, the rule says {got} ({result.status}: {result.because})"
    total, differing = len(verified.results), len(verified.differing)
    yield f"\n{verified.rule.name}: {total - differing} of {total} cases agree on every population"


def as_json(verified: Verified) -> str:
    """For programs; one line."""
    told = {
        "rule": verified.rule.name,
        "rule_hash": verified.rule.hash,
        "measure": verified.results[0].case.expected.measure,
        "cases": len(verified.results),
        "agreeing": len(verified.results) - len(verified.differing),
        "populations": tallies(verified),
        "not_compared": not_compared(verified),
        "differences": [_differing(result) for result in verified.differing],
    }
    return json.dumps(told, ensure_ascii=False)


def _differing(result: Result) -> dict[str, object]:
    return {
        "case": result.case.name,
        "description": result.case.expected.description,
        "as_of": result.case.expected.day.isoformat(),
        "status": result.status.value,
        "because": result.because,
        "populations": {name: {"expected": want, "found": got} for name, want, got in result.differences},
    }
