"""Answers computed once: their truth, days and what is missing as columns, and read back from those.

Evidence is left where it stands: only the last step reads it, once.
"""

from __future__ import annotations

from dataclasses import replace

import ibis.expr.types as ir

from outreach.assess.answer import INSIDE, Answer, is_null

_FIELDS = ("truth", "first", "since")


def columns(start: str, answer: Answer) -> dict[str, ir.Value]:
    """What is stored of an answer, by column; what is NULL for everyone gets no column."""
    own = {f"{start}_{f}": getattr(answer, f) for f in _FIELDS if not is_null(getattr(answer, f))}
    if answer.outside is not INSIDE:
        own[f"{start}_outside"] = answer.outside
    return own | {f"{start}_no_{n}": test for n, (_, test) in enumerate(sorted(answer.missing.items()))}


def restored(people: ir.Table, start: str, answer: Answer) -> Answer:
    """The answer over ``people``, which hold its columns."""
    fields = {f: people[f"{start}_{f}"] for f in _FIELDS if not is_null(getattr(answer, f))}
    outside = INSIDE if answer.outside is INSIDE else people[f"{start}_outside"]
    missing = {name: people[f"{start}_no_{n}"] for n, name in enumerate(sorted(answer.missing))}
    return replace(answer, outside=outside, missing=missing, **fields)
