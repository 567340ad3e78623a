"""The kinds that give several columns: codings, dates and quantities."""

from __future__ import annotations

from outreach.flatten import kinds
from outreach.flatten.duck.expressions import Expressions, one_of
from outreach.flatten.duck.places import every, first, if_several, literal, within
from outreach.flatten.places import Path


def coding(column: kinds.Coding) -> Expressions:
    """One row per coding; ``codings`` is never empty, so that a fact without any keeps its row."""
    concept = within("r", column.place)
    codings, text = f'{concept}."coding"', f'{concept}."text"'
    if any(step.many for step in column.place):
        codings = if_several(column.place, _codings_of_many(column.place), codings)
        text = if_several(column.place, "NULL::VARCHAR", text)
    texts = {"codings_sent": codings, "concept_text": text}
    casts = {"codings": "CASE WHEN len(codings_sent) > 0 THEN codings_sent ELSE [NULL] END"}
    shown = {"system": "coding.system", "code": "coding.code", "display": "coalesce(coding.display, concept_text)"}
    return Expressions(texts, casts, shown, losses_by_row={"code": ("coding.code", "fit_code(coding.code)")})


def _codings_of_many(concepts: Path) -> str:
    """The codings of several concepts, each with its concept's text for want of a display."""
    own = "lambda c: {'system': c.system, 'code': c.code, 'display': coalesce(c.display, k.\"text\")}"
    bare = "[{'system': NULL::VARCHAR, 'code': NULL::VARCHAR, 'display': k.\"text\"}]"
    each = f"CASE WHEN len(k.coding) > 0 THEN list_transform(k.coding, {own}) ELSE {bare} END"
    return f"flatten(list_transform({every(concepts)}, lambda k: {each}))"


def dates(column: kinds.Dates) -> Expressions:
    """An interval from whichever of its elements is there."""
    moments = [first(moment) for moment in column.moments]
    last = first(column.otherwise) if column.otherwise else "NULL::VARCHAR"
    if not column.period:
        return _interval(column, _any([*moments, last]), "NULL::VARCHAR", _any(moments), last)
    start, end = first(f"{column.period}.start"), first(f"{column.period}.end")
    begin = _any([*moments, start, f"CASE WHEN {end} IS NULL THEN {last} END"])
    finish = f"CASE WHEN {_any(moments)} IS NULL THEN {end} END"
    return _interval(column, begin, finish, _any([*moments, start, end]), last)


def _any(texts: list[str]) -> str:
    return f"coalesce({', '.join([*texts, 'NULL::VARCHAR'])})"


def _interval(column: kinds.Dates, begin: str, finish: str, main: str, last: str) -> Expressions:
    own = {part: f"{column.name}_{part}" for part in ("begin", "finish", "since", "until", "source")}
    texts = {own["begin"]: begin, own["finish"]: finish}
    if "source" in column.parts:
        here, else_here = map(literal, column.sources)
        texts[own["source"]] = f"CASE WHEN {main} IS NOT NULL THEN {here} WHEN {last} IS NOT NULL THEN {else_here} END"
    casts = {own["since"]: f"day_lo({own['begin']})", own["until"]: f"day_lo({own['finish']})"}
    losses = {f"{column.name}_lo": (own["begin"], own["since"])}
    if column.period:
        last_day = f"day_hi({own['finish']}, {own['until']})"  # 10 to 31 May may be written 2024-05-10/2024-05
        losses[f"{column.name}_hi"] = (
            own["finish"],
            f"CASE WHEN {own['since']} > {last_day} THEN NULL ELSE {own['until']} END",
        )
    parts = _parts(**own)
    if not column.period:
        parts["precision"] = f"day_precision({own['begin']}, {own['since']})"
    return Expressions(texts, casts, {f"{column.name}_{part}": parts[part] for part in column.parts}, losses)


def _parts(begin: str, finish: str, since: str, until: str, source: str) -> dict[str, str]:
    start, end = f"day_precision({begin}, {since})", f"day_precision({finish}, {until})"
    return {
        "lo": since,
        "hi": f"CASE WHEN {finish} IS NULL THEN day_hi({begin}, {since}) ELSE day_hi({finish}, {until}) END",
        "precision": f"CASE WHEN {finish} IS NULL THEN {start} WHEN {begin} IS NULL THEN {end} "
        f"ELSE coarser({start}, {end}) END",
        "raw": f"CASE WHEN {finish} IS NULL THEN {begin} ELSE concat({begin}, '/', {finish}) END",
        "source": source,
    }


def quantity(column: kinds.Quantity) -> Expressions:
    """A number as sent, and in its canonical unit where that is known."""
    value, comparator, unit, system, code = (within("r", place) for place in column.places)
    ucum = f"CASE WHEN {system} = 'http://unitsofmeasure.org' THEN coalesce({code}, {unit})"
    texts = {
        "value_sent": value,
        "comparator": comparator,
        "unit_raw": f"{ucum} ELSE coalesce({unit}, {code}) END",
    }
    casts = {
        "value_raw": "number(value_sent)",
        "converted_by": "conversion(unit_raw)",
        "comparator_known": one_of("comparator", column.comparators),
    }
    shown = {
        "value_raw": "value_raw",
        "comparator": "comparator",
        "unit_raw": "unit_raw",
        "value": "converted(value_raw, converted_by)",
        "unit": "canonical_unit(converted_by)",
    }
    losses = {"value_raw": ("value_sent", "value_raw"), "comparator": ("comparator", "comparator_known")}
    return Expressions(texts, casts, shown, losses)
