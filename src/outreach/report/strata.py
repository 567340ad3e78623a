"""Who belongs to which stratum. A stratum reports fairness; it never decides who is due.

Birthplace is never a stratifier: only whether it was recorded is reported (``lacks_birthplace``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from outreach.domain.calendar import latest_birth_for_age
from outreach.domain.tables import Rows
from outreach.report.crosswalk import ETHNICITY, RACE, SEX, language_name

STRATIFIERS = ("race", "ethnicity", "language", "sex", "age_band", "portal_access")
CROSSES = (("race", "language"), ("language", "portal_access"), ("sex", "age_band"))
#: Facts that may not be on record, and the stratifier that says the same, if one does.
LACKS = {
    "lacks_race": "race",
    "lacks_language": "language",
    "lacks_sex": "sex",
    "lacks_birth_date": "age_band",
    "lacks_birthplace": "",
}
BETWEEN = " × "  #: joins the names of a cross

_AGES = (18, 40, 50, 60, 70, 80)
_BANDS = ["0–17", "18–39", "40–49", "50–59", "60–69", "70–79", "80+"]

_CATEGORY = """
CREATE OR REPLACE TEMP MACRO category(codes, words, names) AS CASE
  WHEN len(list_distinct(list_filter(codes, lambda c: map_contains(names, c)))) > 1 THEN 'Two or more'
  WHEN len(list_filter(codes, lambda c: map_contains(names, c))) > 0
    THEN names[list_filter(codes, lambda c: map_contains(names, c))[1]]
  WHEN list_contains(codes, 'ASKU') THEN 'Declined'
  WHEN list_contains(codes, 'UNK') THEN 'Unknown'
  WHEN len(list_filter(codes, lambda c: c IS NOT NULL)) > 0 THEN 'Other (as sent)'
  WHEN trim(words) <> '' THEN 'Not mapped'
  ELSE 'Not recorded' END
"""

_GROUPS = """
WITH told AS (
  SELECT id AS person,
    category(race, race_text, map($race_codes, $race_names)) AS race,
    category([ethnicity], ethnicity_text, map($ethnicity_codes, $ethnicity_names)) AS ethnicity,
    coalesce(language_names.name, 'Not recorded') AS language,
    CASE WHEN sex IS NULL THEN 'Not recorded'
      ELSE coalesce(map($sex_codes, $sex_names)[sex], 'Not mapped') END AS sex,
    len(list_filter($cuts, lambda cut: birth_lo <= cut)) AS oldest,
    len(list_filter($cuts, lambda cut: birth_hi <= cut)) AS youngest,
    birth_lo, birth_hi, birth_country,
    CASE WHEN list_contains(identifier_systems, $portal_system) THEN 'Yes' ELSE 'No' END AS portal_access
  FROM ({people}) AS people LEFT JOIN language_names ON people.language = language_names.code)
SELECT person, race, ethnicity, language, sex,
  CASE WHEN birth_lo IS NULL OR birth_hi IS NULL THEN 'Not recorded'
    WHEN birth_hi > $as_of OR oldest <> youngest THEN 'Unknown'
    ELSE $bands[oldest + 1] END AS age_band,
  portal_access,
  CASE WHEN race = 'Not recorded' THEN 'Not recorded' ELSE 'Recorded' END AS lacks_race,
  CASE WHEN language = 'Not recorded' THEN 'Not recorded' ELSE 'Recorded' END AS lacks_language,
  CASE WHEN sex = 'Not recorded' THEN 'Not recorded' ELSE 'Recorded' END AS lacks_sex,
  CASE WHEN birth_lo IS NULL OR birth_hi IS NULL THEN 'Not recorded' ELSE 'Recorded' END AS lacks_birth_date,
  CASE WHEN birth_country IS NULL OR trim(birth_country) = '' THEN 'Not recorded' ELSE 'Recorded' END
    AS lacks_birthplace
FROM told
"""


def groups(db: duckdb.DuckDBPyConnection, tables: Path, as_of: date, portal_system: str) -> duckdb.DuckDBPyRelation:
    """One row per person of a night, one column per stratifier and per fact that may be lacking. No column holds NULL.

    Age is the band that both ends of the birth interval fall in on ``as_of``; "Unknown" when they
    fall in two, or after the day. ``portal_system`` is the identifier system that marks a portal account.
    """
    people = Rows(tables, "person").sql()
    db.execute(_CATEGORY)
    _name_languages(db, people)
    given = {
        "as_of": as_of,
        "portal_system": portal_system,
        "cuts": [latest_birth_for_age(age, as_of) for age in _AGES],
        "bands": _BANDS,
    }
    for name, codes in (("race", RACE), ("ethnicity", ETHNICITY), ("sex", SEX)):
        given |= {f"{name}_codes": list(codes), f"{name}_names": list(codes.values())}
    return db.sql(_GROUPS.format(people=people), params=given)


def strata(tables: Path, as_of: date, portal_system: str, crosses: Sequence[tuple[str, str]] = CROSSES) -> pd.DataFrame:
    """One row per person and stratifier, crosses last: person, stratifier, stratum. See ``groups``."""
    with duckdb.connect() as db:
        wide: pd.DataFrame = groups(db, tables, as_of, portal_system).df()
    wide = wide.sort_values("person", ignore_index=True)
    for one, other in crosses:
        wide[one + BETWEEN + other] = wide[one] + BETWEEN + wide[other]
    names = [*STRATIFIERS, *(BETWEEN.join(cross) for cross in crosses)]
    return wide.melt("person", names, var_name="stratifier", value_name="stratum")


def _name_languages(db: duckdb.DuckDBPyConnection, people: str) -> None:
    codes = db.execute(f"SELECT DISTINCT language FROM ({people})").fetchall()  # noqa: S608  a query of ours
    named = [(code, language_name(code)) for (code,) in codes if code is not None]
    db.execute("CREATE OR REPLACE TEMP TABLE language_names (code VARCHAR, name VARCHAR)")
    if named:
        db.executemany("INSERT INTO language_names VALUES (?, ?)", named)
