"""An assessment read back with every finding named, for whoever looks at one person at a time."""

from __future__ import annotations

from pathlib import Path

from outreach.assess.findings import name_file
from outreach.domain.query import quoted

_NAMED = """(
    WITH names AS (SELECT rule, list({{'n': n, 'section': section, 'criterion': criterion}} ORDER BY place) AS said
                   FROM read_parquet({names}) GROUP BY rule)
    SELECT a.* REPLACE (CASE WHEN a.criteria IS NOT NULL THEN list_transform(names.said, lambda named: {{
        'section': named.section,
        'criterion': named.criterion,
        'truth': CASE WHEN list_contains(list_transform(a.criteria, lambda e: e.n), named.n)
                 THEN list_filter(a.criteria, lambda e: e.n = named.n)[1].truth ELSE false END,
        'applies': coalesce(list_filter(a.criteria, lambda e: e.n = named.n)[1].applies, true),
        'resource': list_filter(a.criteria, lambda e: e.n = named.n)[1].resource,
        'on': list_filter(a.criteria, lambda e: e.n = named.n)[1]."on",
        'value': list_filter(a.criteria, lambda e: e.n = named.n)[1]."value"
    }}) END AS criteria)
    FROM read_parquet({rows}) a LEFT JOIN names USING (rule)
)"""


def with_names(assessment: Path) -> str:
    """SQL for DuckDB that stands where a table may: the rows of an assessment, ``criteria`` whole and named.

    Each finding is (section, criterion, truth, applies, resource, on, value), in the order of the rule; what the
    file left out is false with no record.
    """
    return _NAMED.format(names=quoted(name_file(assessment)), rows=quoted(assessment))
