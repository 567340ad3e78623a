"""Every score that rules ask for, computed once for the people it may concern."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from outreach.assess.engine import Engine
from outreach.assess.measures import number
from outreach.assess.questions import Asked, Questions
from outreach.assess.scores import UNBOUNDED


def scored(engine: Engine, questions: Questions, inside: ir.Table, *answers: Asked) -> ir.Table | None:
    """person, and for each score its bounds (as numbers and in words), whether it applies, and what it lacks.

    None where no rule asks for a score.
    """
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
    bounds = engine.stage("bounds", seen.select("person", **columns))
    said = {f"{key}_said": _range(bounds[f"{key}_low"], bounds[f"{key}_high"]) for key in questions.scores}
    return engine.keep("scored", bounds.mutate(**said))


def _range(low: ir.FloatingValue, high: ir.FloatingValue) -> ir.StringValue:
    """A score as far as it is known: a number, a range, or an end of one."""
    some = ibis.ifelse(low == high, number(low), number(low) + " to " + number(high))
    open_low, open_high = low <= -UNBOUNDED, high >= UNBOUNDED
    at_most, at_least_ = ibis.literal("at most ") + number(high), ibis.literal("at least ") + number(low)
    return ibis.cases((open_low & open_high, "not known"), (open_low, at_most), (open_high, at_least_), else_=some)
