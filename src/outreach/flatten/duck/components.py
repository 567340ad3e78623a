"""A resource and each of its components as rows of one shape."""

# ruff: noqa: S608 - names come from ``columns``.
from __future__ import annotations

from collections.abc import Sequence

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
