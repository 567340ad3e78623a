"""Every score that rules ask for, computed once for the people it may concern."""

from __future__ import annotations

import ibis.expr.types as ir

from outreach.assess.engine import Engine
from outreach.assess.questions import Asked, Questions


def scored(engine: Engine, questions: Questions, inside: ir.Table, *answers: Asked) -> ir.Table | None:
    """person, and for each score its bounds, whether it applies, and which inputs are missing; None without scores."""
    if not questions.scores:
        return None
    seen = inside
    for asked in answers:
        seen = asked.onto(seen, (), questions.score_keys)
    columns: dict[str, ir.Value] = {}
    for key, score in questions.scores.items():
        columns[f"{key}_low"], columns[f"{key}_high"] = score.bounds(seen)
        columns[f"{key}_holds"] = score.holds_for(seen)
        columns |= {f"{key}_missing_{n.replace('-', '_')}": test for n, test in score.missing(seen).items()}
    return engine.keep("scored", seen.select("person", **columns))
