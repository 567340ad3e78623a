"""Country of birth against a list of countries: yes, no or unknown, and never the country itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import ibis.expr.types as ir
import pyarrow as pa
import pycountry

from outreach.assess.engine import Engine
from outreach.rulebook.terms import Code, ValueSet


@cache
def known_countries() -> frozenset[str]:
    """Every way ISO 3166-1 names a country (two and three letters, names), in capitals.

    Source: the ISO tables that pycountry carries.
    """
    words: set[str] = set()
    for country in pycountry.countries:
        for field in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            words.add(getattr(country, field, "").upper())
    return frozenset(words - {""})


def _spellings(codes: Sequence[Code]) -> set[str]:
    """Codes and names of countries, with every other spelling ISO has for the same country."""
    listed = {text.upper() for code in codes for text in (code.code, code.display)}
    for code in codes:
        country = pycountry.countries.get(alpha_2=code.code) or pycountry.countries.get(alpha_3=code.code)
        for field in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            listed.add(getattr(country, field, "").upper())
    return listed - {""}


def with_birthplaces(engine: Engine, people: ir.Table, lists: Mapping[str, ValueSet]) -> ir.Table:
    """``people`` with a column for each list: true on it, false in a known country off it, NULL else.

    NULL too for a country of which the list holds only in part.
    """
    if not lists:
        return people
    listed = {key: _spellings(values.codes) for key, values in lists.items()}
    partly = {key: _spellings(values.partly) - listed[key] for key, values in lists.items()}
    words = sorted(known_countries().union(*listed.values()))
    columns = {
        key: pa.array([None if word in partly[key] else word in inside for word in words], pa.bool_())
        for key, inside in listed.items()
    }
    countries = engine.values("countries", pa.table({"country": pa.array(words, pa.string()), **columns}))
    named = people.mutate(country=people.birth_country.upper().strip())
    return named.left_join(countries, "country").drop("country", "country_right")
