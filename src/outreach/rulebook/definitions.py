"""``definitions`` — criteria with a name, read when first asked for, so that their order is free."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

from outreach.rulebook.criterion import Criterion, leaves
from outreach.rulebook.lines import DEFINITION
from outreach.rulebook.model import Named
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located, Mapping

DEEPEST = 10
MOST_LEAVES = 5_000


@dataclass
class Definitions:
    """The definitions of one rule. ``ask`` reads one by name and tells cycles and unknown names."""

    scope: Scope
    written: dict[str, Located]
    read: dict[str, Named | None] = field(default_factory=dict)
    spent: int = 0
    _under_way: list[str] = field(default_factory=list)

    def ask(self, at: Located, name: str) -> Criterion | None:
        self.scope.used.add(("definitions", name))
        if name in self._under_way:
            way = " → ".join((*self._under_way[self._under_way.index(name) :], name))
            hint = "Write out what one of them means."
            self.scope.say(at, f"a definition cannot use itself: {way}", "definition-cycle", hint)
            return None
        if len(self._under_way) >= DEEPEST:
            self.scope.say(at, f"definitions use each other more than {DEEPEST} deep", "too-deep", "Use fewer steps.")
            return None
        if name not in self.written:
            hint = suggestion(name, self.written) if self.written else "Add it under definitions:."
            self.scope.say(at, f"there is no definition “{name}”", "unknown-definition", hint)
            return None
        found = self.get(name)
        return None if found is None else self._counted(at, found)

    def _counted(self, at: Located, found: Named) -> Criterion | None:
        """What a definition stands for, until all uses together have grown past reading."""
        self.spent += sum(1 for _ in islice(leaves(found.criterion), MOST_LEAVES))
        if self.spent >= MOST_LEAVES:
            what = f"definitions written out ask more than {MOST_LEAVES} things"
            self.scope.say(at, what, "too-deep", "Use fewer definitions inside definitions.")
            return None
        return found.criterion

    def get(self, name: str) -> Named | None:
        if name not in self.read:
            self._under_way.append(name)
            line = DEFINITION.read(self.scope, self.written[name], f"“{name}”")
            self._under_way.pop()
            self.read[name] = None if line is None else replace(line, name=name)
        return self.read[name]

    def all(self) -> tuple[Named, ...]:
        found = [self.get(name) for name in self.written]
        return tuple(line for line in found if line is not None)


def definitions(scope: Scope, at: Located | None) -> Definitions:
    """Those under ``definitions:``; their names are checked, their meaning is read when asked."""
    pairs = at.pairs if isinstance(at, Mapping) else ()
    if at is not None and not pairs:
        scope.say(at, "definitions lists nothing", "empty-section", "Write a line in it, or take it away.")
    names = [(scope.reader.new_name(key, "a definition"), value) for key, value in pairs]
    return Definitions(scope, {name: value for name, value in names if name})
