"""The casts of a night, as SQL functions: DuckDB inlines a macro, so each costs what its expression costs.

A cast never guesses: what is not one of FHIR's own forms becomes NULL, and is counted by whoever calls it.
"""

from __future__ import annotations

from outreach.flatten.duck.places import literal
from outreach.flatten.units import UNITS

_CONVERSIONS = tuple(dict.fromkeys(UNITS.values()))
_SPELLINGS = ", ".join(f"{literal(sent)}: {_CONVERSIONS.index(to) + 1}" for sent, to in UNITS.items())


_TIMES = [float(to.times) for to in _CONVERSIONS]
_PER = [float(to.per) for to in _CONVERSIONS]
_CANONICAL = ", ".join(literal(to.canonical) for to in _CONVERSIONS)

MACROS = (
    # https://hl7.org/fhir/R4/datatypes.html#dateTime. LIKE checks the form and the cast the digits: far cheaper than
    # a regular expression. DuckDB alone would also read 2024/1/5, 'epoch' and years before Christ.
    """day_lo(raw) AS CASE
        WHEN raw IS NULL OR raw < '0001' THEN NULL
        WHEN raw LIKE '____-__-__' OR raw LIKE '____-__-__T%' THEN try_cast(substr(raw, 1, 10) AS DATE)
        WHEN raw LIKE '____-__' THEN try_cast(raw || '-01' AS DATE)
        WHEN raw LIKE '____' THEN try_cast(raw || '-01-01' AS DATE) END""",
    """day_hi(raw, lo) AS CASE
        WHEN strlen(raw) >= 10 THEN lo
        WHEN strlen(raw) = 7 THEN last_day(lo)
        ELSE make_date(year(lo), 12, 31) END""",
    """day_precision(raw, lo) AS CASE
        WHEN lo IS NULL THEN NULL
        WHEN strlen(raw) >= 10 THEN 'day'
        WHEN strlen(raw) = 7 THEN 'month'
        ELSE 'year' END""",
    """coarser(precision, other) AS CASE
        WHEN precision IS NULL OR other IS NULL THEN NULL
        WHEN 'year' IN (precision, other) THEN 'year'
        WHEN 'month' IN (precision, other) THEN 'month'
        ELSE 'day' END""",
    # https://hl7.org/fhir/R4/datatypes.html#instant. The session's zone is UTC.
    """instant(raw) AS CASE
        WHEN raw LIKE '____-__-__T__:__%' AND raw >= '0001' THEN try_cast(raw AS TIMESTAMPTZ) END""",
    """utc(raw) AS make_timestamp(epoch_us(instant(raw)))""",
    """zoned_instant(raw) AS CASE
        WHEN ends_with(raw, 'Z') OR substr(raw, -6, 1) IN ('+', '-') THEN instant(raw) END""",
    # DuckDB alone would also read 1_000.
    """number(raw) AS CASE
        WHEN isfinite(try_cast(raw AS DOUBLE)) AND NOT contains(raw, '_') THEN try_cast(raw AS DOUBLE) END""",
    """truth(raw) AS CASE raw WHEN 'true' THEN true WHEN 'false' THEN false END""",
    """days(raw) AS CASE
        WHEN split_part(raw, ' ', 2) IN ('d', 'day', 'days') AND number(split_part(raw, ' ', 1)) % 1 = 0
        THEN try_cast(number(split_part(raw, ' ', 1)) AS INTEGER) END""",
    # https://hl7.org/fhir/R4/references.html#literal: relative, absolute, and either with a version behind it.
    """bare_id(raw, target) AS CASE
        WHEN raw IS NULL THEN NULL
        WHEN starts_with(raw, target || '/') AND NOT contains(substr(raw, strlen(target) + 2), '/')
            THEN CASE WHEN NOT regexp_matches(raw, '[?#|"]') THEN nullif(substr(raw, strlen(target) + 2), '') END
        ELSE nullif(regexp_extract(raw, '(?:^|/)' || target || '/([^/?#|"]+)(?:/_history/[^/]+)?$', 1), '') END""",
    # https://hl7.org/fhir/R4/datatypes.html#code: no space at an end; a list or object arrives as its JSON text.
    """fit_code(raw) AS CASE
        WHEN raw <> '' AND substr(raw, 1, 1) NOT IN ('[', '{')
            AND NOT starts_with(raw, ' ') AND NOT ends_with(raw, ' ') THEN raw END""",
    # A constant map, not a table to join: a join gives up the order of the lines.
    f"conversion(unit) AS (MAP {{{_SPELLINGS}}})[unit]",
    f"converted(value, which) AS value * ({_TIMES}::DOUBLE[])[which] / ({_PER}::DOUBLE[])[which]",
    f"canonical_unit(which) AS [{_CANONICAL}][which]",
)
