"""Merged records: where each leads (Patient.link of type replaced-by)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from outreach.assess.engine import Engine

_STEPS = 5  # each step doubles the length of chain followed: 32 links


def survivors(engine: Engine) -> ir.Table:
    """loser, survivor, resolved: where each merged record leads.

    ``resolved`` is false where the chain loops, or ends at a record the server did not give or at a merge that names
    none (by an identifier alone, say); such a record stays a person of its own so that nobody is dropped, and asks
    for help.
    """
    person = engine.table("person")
    merged = person.replaced_by.notnull() | person.link_types.contains("replaced-by").fill_null(False)
    links = person.filter(merged).select(loser=person.id, survivor=ibis.coalesce(person.replaced_by, person.id))
    chain = engine.keep("chain0", links.distinct())
    for step in range(1, _STEPS + 1):
        onward = chain.select(via=chain.loser, onto=chain.survivor)
        joined = chain.left_join(onward, [("survivor", "via")])
        further = joined.select(loser=joined.loser, survivor=ibis.coalesce(joined.onto, joined.survivor))
        chain = engine.keep(f"chain{step}", further)
    known = person.filter(~merged).select(known=person.id)
    ended = chain.left_join(known, [("survivor", "known")])
    resolved = ended.known.notnull()
    return ended.select(
        loser=ended.loser, survivor=ibis.ifelse(resolved, ended.survivor, ended.loser), resolved=resolved
    )
