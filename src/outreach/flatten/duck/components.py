"""A resource and each of its components, or a resource once for each of those it is about, as rows of one shape."""

# ruff: noqa: S608 - names come from ``columns``.
from __future__ import annotations

from collections.abc import Sequence

from outreach.flatten.duck.expressions import all_of
from outreach.flatten.duck.places import quoted

_PARTS = "SELECT *, unnest(range(0, coalesce(len(component), 0) + 1)) AS part FROM ({source})"
#: How many rows of codings stand before a part's own; where there are none, one row stands for them.
_BEFORE = """CASE WHEN part = 0 THEN 0 ELSE greatest(len("code"."coding"), 1) + coalesce(list_sum(list_transform(
    component[1:part - 1], lambda c: greatest(len(c."code"."coding"), 1))), 0) END"""


def each_part(source: str, own: Sequence[str]) -> str:
    """A source of resources, with one row more for each component, in which the ``own`` elements are the component's.

    ``codings_before`` says how many rows of codings the parts before this one have. Nothing but a look at its length
    is spent on a resource without components.
    """
    taken = ", ".join(
        f"CASE WHEN part = 0 THEN {quoted(name)} ELSE component[part].{quoted(name)} END AS {quoted(name)}"
        for name in own
    )
    before = f"({_BEFORE})::BIGINT AS codings_before"
    return f"SELECT * EXCLUDE (component, part) REPLACE ({taken}), {before} FROM ({_PARTS.format(source=source)})"


def each_of(facts: str, name: str) -> str:
    """Each row of facts once for each id of a list, which is the column ``name``; once, with NULL, where it is empty.

    ``others_before`` says how many stand before it. A list of one, as nearly all are, is not walked.
    """
    ids = quoted(all_of(name))
    once = f"list_filter({ids}, lambda id, n: list_position({ids}, id) = n)"
    several = f"CASE WHEN len({ids}) > 1 THEN {once} WHEN len({ids}) = 1 THEN {ids} ELSE [NULL] END"
    each = f"SELECT *, {several} AS each_of_them FROM ({facts})"
    return f"""
        SELECT * EXCLUDE (each_of_them), unnest(each_of_them) AS {quoted(name)},
            unnest(range(0, len(each_of_them))) AS others_before FROM ({each})"""
