"""``periods:`` — stretches of days that move with the day a rule is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from outreach.domain.calendar import Period
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named_values import Entry, NamedValues
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.scope import Scope
from outreach.rulebook.terms import Stretch
from outreach.rulebook.tree import Located
from outreach.rulebook.values import NewName, Span

LENGTH = Key("length", Span(), "How long it is: it ends on the day, or right before the period named by before.")
OF = Key("of", NewName(), "The period that it holds, with and_before in front of it.")
AND_BEFORE = Key("and_before", Span(), "How much more, right before the period named by of.")
BEFORE = Key("before", NewName(), "The period that comes right after it.")
DEEPEST = 5


@dataclass(frozen=True)
class _Raw:
    """A period as written; ``base`` is another's name, "" for none."""

    form: Literal["ends", "with-before", "before"]
    length: Period
    base: str
    at: Located


def _raw(at: Entries) -> _Raw | None:
    length, of, and_before, before = at.get(LENGTH), at.get(OF), at.get(AND_BEFORE), at.get(BEFORE)
    written = {key.name for key in PARTS if at.has(key)}
    if written not in ({"length"}, {"of", "and_before"}, {"before", "length"}):
        hint = "Write {length}, {of, and_before} or {before, length}."
        at.say(at.at, f"{at.what} is not a period", "odd-period", hint)
        return None
    if of and and_before:
        return _Raw("with-before", and_before, of, at.where(OF))
    if length:
        return _Raw("before" if before else "ends", length, before or "", at.where(BEFORE))
    return None


PARTS: tuple[Key[object], ...] = (LENGTH, OF, AND_BEFORE, BEFORE)
PERIODS = NamedValues(Built(PARTS, _raw))


def stretches(scope: Scope, written: tuple[Entry[_Raw], ...]) -> dict[str, Stretch]:
    """Every period of a rule by its name, those it is made of resolved first."""
    raws = {entry.name: entry.value for entry in written}
    found = {name: _resolve(scope, raws, name, ()) for name in raws}
    return {name: stretch for name, stretch in found.items() if stretch is not None}


def _resolve(scope: Scope, raws: Mapping[str, _Raw], name: str, path: tuple[str, ...]) -> Stretch | None:
    raw = raws[name]
    if not raw.base:
        return Stretch(name, raw.form, raw.length)
    way = (*path, name, raw.base)
    if raw.base in way[:-1]:
        _cycle(scope, raw.at, way)
        return None
    if len(path) >= DEEPEST:
        scope.say(raw.at, f"a period is made of more than {DEEPEST} others", "too-deep", "Give it a length.")
        return None
    if raw.base not in raws:
        if raw.base not in scope.written.get("periods", ()):
            scope.say(raw.at, f"there is no period “{raw.base}”", "unknown-period", suggestion(raw.base, raws))
        return None
    scope.used.add(("periods", raw.base))
    base = _resolve(scope, raws, raw.base, (*path, name))
    return None if base is None else Stretch(name, raw.form, raw.length, base)


def _cycle(scope: Scope, at: Located, way: tuple[str, ...]) -> None:
    """Told once, from the first of its names."""
    if way[0] == way[-1] == min(way[way.index(way[-1]) :]):
        what = f"a period cannot be made of itself: {' → '.join(way)}"
        scope.say(at, what, "period-cycle", "Give one of them a length alone.")
