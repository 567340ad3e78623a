"""Who belongs to which stratum, one odd record at a time."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from outreach.report.strata import strata
from unit.test_report_night import PERSON

PORTAL = "urn:example:portal-account"


@pytest.fixture
def stratum(tmp_path):
    """The stratum of one person who has nothing on record but what is given."""

    def of(stratifier: str, as_of: date = date(2026, 3, 1), **record: object) -> str:
        row = dict.fromkeys(PERSON.names) | {"id": "ana"} | record
        pq.write_table(pa.Table.from_pylist([row], schema=PERSON), tmp_path / "person.parquet")
        found = strata(tmp_path, as_of, PORTAL)
        assert set(found["person"]) == {"ana"}
        return found.set_index("stratifier")["stratum"][stratifier]

    return of


@pytest.mark.parametrize(
    ("codes", "text", "name"),
    [
        (["1002-5"], None, "American Indian or Alaska Native"),
        (["2028-9"], "Asian", "Asian"),
        (["2054-5"], None, "Black or African American"),
        (["2076-8"], None, "Native Hawaiian or Other Pacific Islander"),
        (["2106-3"], None, "White"),
        (["2106-3", "2106-3"], None, "White"),
        (["2106-3", "2028-9"], None, "Two or more"),
        (["2028-9", "UNK"], None, "Asian"),
        (["ASKU"], "Declined", "Declined"),
        (["UNK"], "Other", "Unknown"),
        (["2131-1"], "Other Race", "Other (as sent)"),
        (["martian"], None, "Other (as sent)"),
        ([], "Martian", "Not mapped"),
        (None, "Martian", "Not mapped"),
        ([], "  ", "Not recorded"),
        ([], None, "Not recorded"),
        (None, None, "Not recorded"),
        ([None], None, "Not recorded"),
    ],
)
def test_race_is_what_was_sent_and_four_kinds_of_silence_stay_apart(stratum, codes, text, name):
    assert stratum("race", race=codes, race_text=text) == name


@pytest.mark.parametrize(
    ("code", "text", "name"),
    [
        ("2135-2", None, "Hispanic or Latino"),
        ("2186-5", None, "Not Hispanic or Latino"),
        ("ASKU", None, "Declined"),
        ("UNK", None, "Unknown"),
        ("2137-8", None, "Other (as sent)"),
        (None, "from afar", "Not mapped"),
        (None, None, "Not recorded"),
    ],
)
def test_ethnicity_likewise(stratum, code, text, name):
    assert stratum("ethnicity", ethnicity=code, ethnicity_text=text) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("es", "Spanish"),
        ("es-MX", "Spanish"),
        ("ES_mx", "Spanish"),
        ("spa", "Spanish"),
        ("zh-Hant", "Chinese"),
        ("cmn", "Chinese"),
        ("ht", "Haitian Creole"),
        ("ase", "American Sign Language"),
        ("und", "Unknown"),
        ("speaks to her daughter only", "Not mapped"),
        ("=cmd", "Not mapped"),
        ("", "Not recorded"),
        (None, "Not recorded"),
    ],
)
def test_language_is_the_primary_language_in_english_and_never_free_text(stratum, code, name):
    assert stratum("language", language=code) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown"), ("x", "Not mapped")],
)
def test_sex_is_the_administrative_one(stratum, code, name):
    assert stratum("sex", sex=code) == name


def test_a_sex_not_recorded_is_a_row_of_its_own(stratum):
    assert stratum("sex") == "Not recorded"


@pytest.mark.parametrize(
    ("low", "high", "as_of", "band"),
    [
        ("1986-03-01", "1986-03-01", "2026-03-01", "40–49"),
        ("1986-03-02", "1986-03-02", "2026-03-01", "18–39"),
        ("2008-03-01", "2008-03-01", "2026-03-01", "18–39"),
        ("2008-03-02", "2008-03-02", "2026-03-01", "0–17"),
        ("1940-01-01", "1940-12-31", "2026-03-01", "80+"),
        ("1980-01-01", "1980-12-31", "2026-03-01", "40–49"),
        ("1986-01-01", "1986-12-31", "2026-03-01", "Unknown"),
        ("1986-02-01", "1986-02-28", "2026-03-01", "40–49"),
        ("1986-02-28", "1986-02-28", "2026-02-28", "40–49"),
        ("1984-02-29", "1984-02-29", "2034-02-28", "40–49"),
        ("1984-02-29", "1984-02-29", "2034-03-01", "50–59"),
        ("2026-03-02", "2026-03-02", "2026-03-01", "Unknown"),
    ],
)
def test_an_age_band_is_named_only_when_the_whole_birth_interval_falls_in_it(stratum, low, high, as_of, band):
    born = {"birth_lo": date.fromisoformat(low), "birth_hi": date.fromisoformat(high)}
    assert stratum("age_band", date.fromisoformat(as_of), **born) == band


def test_no_birth_date_is_not_recorded(stratum):
    assert stratum("age_band") == "Not recorded"


@pytest.mark.parametrize(
    ("systems", "name"), [([PORTAL, "urn:mrn"], "Yes"), (["urn:mrn"], "No"), ([], "No"), (None, "No")]
)
def test_portal_access_is_an_account(stratum, systems, name):
    assert stratum("portal_access", identifier_systems=systems) == name


def test_a_declared_cross_joins_two_strata(stratum):
    assert stratum("race × language", race=["2028-9"], language="vi") == "Asian × Vietnamese"


def test_there_is_one_row_per_person_and_stratifier_and_none_for_birthplace(tmp_path):
    rows = [{"id": who, "birth_country": "VN"} for who in ("bea", "ana")]
    pq.write_table(pa.Table.from_pylist(rows, schema=PERSON), tmp_path / "person.parquet")
    found = strata(tmp_path, date(2026, 3, 1), PORTAL)
    assert not found.duplicated(["person", "stratifier"]).any()
    assert found.groupby("person").size().to_dict() == {"ana": 9, "bea": 9}
    assert not found["stratifier"].str.contains("birthplace").any()
    assert found.notna().all(axis=None)
