"""A place in a resource as a DuckDB expression over ``r``, one line of NDJSON."""

from __future__ import annotations

from outreach.flatten.places import Path, at


def quoted(name: str) -> str:
    """An identifier; FHIR has elements named ``class`` and ``end``."""
    return f'"{name}"'


def literal(text: str) -> str:
    """A SQL string."""
    return "'" + text.replace("'", "''") + "'"


def first(place: Path | str) -> str:
    """The first value at a place, over all repeats."""
    steps = at(place) if isinstance(place, str) else place
    simple = within("r", steps)
    repeats = sum(step.many for step in steps)
    if not repeats or (repeats == 1 and any(step.key for step in steps)):  # of those with a key one alone is meant
        return simple
    return if_several(steps, f"list_filter({every(steps)}, lambda v: v IS NOT NULL)[1]", simple)


def if_several(place: Path, thorough: str, simple: str) -> str:
    """Two expressions for one thing: most repeats hold one element, and lambdas cost more than all other work."""
    repeats = [place[:index] for index, step in enumerate(place, 1) if step.many]
    several = " OR ".join(f"len({within('r', each, all_of_last=True)}) > 1" for each in repeats)
    return f"CASE WHEN {several} THEN {thorough} ELSE {simple} END"


def every(place: Path, base: str = "r", depth: int = 0) -> str:
    """A list of what stands at a place; the elements of repeats within repeats in one list."""
    upto = next((index for index, step in enumerate(place, 1) if step.many), 0)
    if not upto:
        return f"[{within(base, place)}]"
    elements, rest, each = within(base, place[:upto], all_of_last=True), place[upto:], f"x{depth}"
    if not rest:
        return elements
    if any(step.many for step in rest):
        return f"flatten(list_transform({elements}, lambda {each}: {every(rest, each, depth + 1)}))"
    return f"list_transform({elements}, lambda {each}: {within(each, rest)})"


def within(base: str, place: Path, *, all_of_last: bool = False) -> str:
    """Steps from ``base`` inward; the first element of each repeat, or all elements of the last step's."""
    for index, step in enumerate(place, 1):
        base = f"{base}.{quoted(step.name)}"
        if step.key:
            base = f"list_filter({base}, lambda e: e.{quoted(step.key)} = {literal(step.value)})"
        if step.many and not (all_of_last and index == len(place)):
            base = f"{base}[1]"
    return base
