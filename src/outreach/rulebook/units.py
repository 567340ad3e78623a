"""Units as an author writes them: which was meant, and which convert into a value set's own."""

from __future__ import annotations

import difflib
import re

from outreach.domain.units import IN_CANONICAL
from outreach.rulebook.terms import ValueSet


def meant(unit: str) -> str:
    """The units nearest to what was written, and all there are."""
    plain = {_plain(known): known for known in reversed(IN_CANONICAL)}
    near = [plain[found] for found in difflib.get_close_matches(_plain(unit), list(plain), n=3, cutoff=0.6)]
    asked = f"Did you mean {' or '.join(f'“{one}”' for one in near)}? " if near else ""
    return f"{asked}Known are: {', '.join(sorted(IN_CANONICAL))}."


def _plain(unit: str) -> str:
    """A unit without what people leave out: brackets, capitals, the sign for a power."""
    return re.sub(r"[][{}*^_ ]", "", unit.lower().replace("µ", "u").replace("μ", "u"))


def converts(values: ValueSet) -> str:
    """The units whose results become the set's own; those of its ``molar`` kind too."""
    kinds = {IN_CANONICAL[unit][0] for unit in (values.unit, values.molar_unit) if unit}
    return ", ".join(unit for unit, (kind, _) in IN_CANONICAL.items() if kind in kinds)


def written(unit: str) -> str:
    """``unit: ng/mL``, in quotes where YAML would take something in it for its own."""
    plain = re.fullmatch(r"[A-Za-z0-9][\w*/.^-]*", unit) and not re.fullmatch(r"[\d.]+", unit)
    return f"unit: {unit}" if plain else f'unit: "{unit}"'
