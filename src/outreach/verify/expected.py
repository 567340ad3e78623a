"""What a MeasureReport expects of its test patient.

Source: https://build.fhir.org/ig/HL7/cqf-measures/StructureDefinition-test-case-cqfm.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.verify.resources import Resource, elements, members, text


@dataclass(frozen=True)
class Expected:
    """The answer of one report: how often the person counts in each population, by the population's code."""

    measure: str  #: canonical address, without a version
    description: str  #: of the test case; "" when nobody wrote one
    day: date  #: the last day of the period measured
    counts: Mapping[str, int]


def expected(report: Resource) -> Expected:
    """Read a MeasureReport.

    Raises:
        ValueError: no whole day at the period's end, no group or several, a population without code or count.
    """
    groups = [members(group) for group in elements(report.get("group"))]
    if len(groups) != 1:
        raise ValueError(f"the MeasureReport has {len(groups)} groups; a rule answers exactly one")
    counts = dict(_count(members(each)) for each in elements(groups[0].get("population")))
    if not counts:
        raise ValueError("the MeasureReport has no population")
    measure = text(report.get("measure")).partition("|")[0]
    return Expected(measure, next(_descriptions(report), ""), _last_day(report), counts)


def _count(population: Resource) -> tuple[str, int]:
    codes = [text(members(one).get("code")) for one in elements(members(population.get("code")).get("coding"))]
    count = population.get("count")
    if not codes or not codes[0] or not isinstance(count, int):
        raise ValueError("a population of the MeasureReport lacks its code or its count")
    return codes[0], count


def _last_day(report: Resource) -> date:
    """The day as written, whatever its zone: the report's author meant the last day of a year."""
    end = text(members(report.get("period")).get("end"))
    try:
        return date.fromisoformat(end[:10])
    except ValueError:
        raise ValueError("the MeasureReport's period has no end that is a whole day") from None


def _descriptions(report: Resource) -> Iterator[str]:
    for extension in map(members, elements(report.get("extension"))):
        if text(extension.get("url")).endswith("testCaseDescription"):
            yield text(extension.get("valueMarkdown")) or text(extension.get("valueString"))
