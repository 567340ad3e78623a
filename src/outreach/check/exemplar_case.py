"""A case and its rule, and what every record of an exemplar is made of: codes, concepts and days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from outreach.errors import Problem, Refused
from outreach.rulebook.case import Case, GivenFact
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import Code, ValueSet

Resource = dict[str, Any]


@dataclass(frozen=True)
class Exemplar:
    """A case and the rule it belongs to. ``sets`` finds what the rule's own value sets do not hold."""

    rule: Rule
    case: Case
    sets: Callable[[str], ValueSet | None]

    def codes(self, name: str) -> tuple[Code, ...]:
        found = self.rule.value_sets.get(name) or self.sets(name)
        if found is None:
            raise self.refused(f"there is no value set “{name}”", "unknown-value-set")
        return found.codes

    def result(self, fact: GivenFact) -> Code:
        """A result of a kind of test that this record is, or the first code of a value set of values."""
        kinds = [kind for kind in self.rule.counts if fact.codes in (*kind.report, *kind.procedure, *kind.finding)]
        known = [code for kind in kinds if kind.results for code in self.codes(kind.results)]
        found = next((code for code in known if code.code == fact.value), None)
        if found is not None:
            return found
        if fact.kind == "finding" and (fact.value in self.rule.value_sets or self.sets(fact.value)):
            return self.codes(fact.value)[0]
        hint = f"One of: uncoded, {', '.join(code.code for code in known)}."
        raise self.refused(f"“{fact.value}” is not a result of {fact.codes}", "unknown-result", hint)

    def refused(self, what: str, name: str, hint: str = "") -> Refused:
        return Refused([Problem(self.rule.path, self.case.line, self.case.column, what, name, hint)])


def record_id(person: str, number: int) -> str:
    """The id of the so-many-th record of a case."""
    return f"{person}-{number}"


def concept(code: Code) -> Resource:
    return {"coding": [{"system": code.system, "code": code.code, "display": code.display}]}


def when(name: str, fact: GivenFact) -> Resource:
    """A choice of date or period, as the name[x] of a resource."""
    if fact.until:
        return {f"{name}Period": period(fact)}
    return {f"{name}DateTime": fact.on}


def period(fact: GivenFact) -> Resource:
    return {key: day for key, day in (("start", fact.on), ("end", fact.until)) if day}
