"""A rule file, key by key, in the order in which a guideline reads."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal

from outreach.domain.calendar import Period, add
from outreach.errors import Refused
from outreach.rulebook.cases import read_cases
from outreach.rulebook.codes import CodeFolder, as_mapping
from outreach.rulebook.criteria import CRITERIA, CriterionReader
from outreach.rulebook.located import Located, Mapping, Sequence, read
from outreach.rulebook.model import (
    PROTECTED,
    Age,
    Counts,
    DueRow,
    Named,
    Origin,
    Reads,
    Rule,
    Sex,
    ValueSet,
    Worklist,
    leaves,
)
from outreach.rulebook.reader import Reader

KEYS = (
    *("rule", "title", "status", "owner", "approved_by", "review_by", "sources", "tests", "age", "reads"),
    *("at_risk", "cannot_help", "not_now", "counts_as_done", "never_counts", "next_due", "cases"),
)
STATUSES = ("draft", "reviewed", "live", "retired")
#: What each section does with somebody of whom it cannot tell (DESIGN: unknown has a direction).
DIRECTIONS = {"at_risk": "ask-list", "cannot_help": "continue-and-flag", "not_now": "hold"}
_LIST_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OWN_LISTS = ("ask-list", "call-list", "data-quality", "interpreter-call", "missed", "navigator", "signature-request")
_LINE_KEYS = ("source", "why", "until", "list")


def read_rule(path: Path, codes: CodeFolder, content_hash: str, shown_as: str | None = None) -> Rule:
    """One rule file.

    Raises:
        Refused: with every problem in the file at once.
    """
    source, top = read(path, shown_as)
    grammar = _RuleReader(Reader(source), top, codes)
    rule = grammar.rule(content_hash, str(path))
    if rule is None or grammar.reader.problems:
        raise Refused(sorted(grammar.reader.problems, key=lambda problem: (problem.line, problem.column)))
    return rule


class _RuleReader:
    """One pass over one rule file."""

    def __init__(self, reader: Reader, top: Mapping, codes: CodeFolder) -> None:
        self.reader, self.top, self.codes = reader, top, codes
        self.sources = self._sources()
        self.counts = self._counts()
        sets = [codes.get(kind.results) for kind in self.counts]
        results = {code.code for found in sets if found is not None for code in found.codes}
        self.criteria = CriterionReader(reader, codes, results)

    def rule(self, content_hash: str, path: str) -> Rule | None:
        required = [key for key in KEYS if key not in ("never_counts", "not_now", "cannot_help", "reads")]
        self.reader.mapping(self.top, KEYS, "a rule", required)
        scan, accompanied = self._tests()
        sections = {name: self._section(name) for name in DIRECTIONS}
        reads = self._reads()
        due = self._due()
        age = self._age()
        self._check_reads(sections, age, reads)
        cases = read_cases(self.reader, self.top.get("cases"), self.codes)
        never = tuple(
            n
            for item in self.reader.items(self.top.get("never_counts"), "never_counts")
            if (n := self.codes.ask(self.reader, item, "a value set"))
        )
        review_by = self.reader.day(self.top.get("review_by"), "review_by")
        used = self._used(sections, scan, accompanied, never)
        name, title, owner, approver = (self._word(key) for key in ("rule", "title", "owner", "approved_by"))
        status = self._status()
        if self.reader.problems or review_by is None:
            return None
        return Rule(
            name=name,
            title=title,
            status=status,
            owner=owner,
            approved_by=approver,
            review_by=review_by,
            sources=tuple(self.sources.items()),
            scan=scan,
            accompanied_by=accompanied,
            age=age,
            at_risk=sections["at_risk"],
            cannot_help=sections["cannot_help"],
            not_now=sections["not_now"],
            counts=self.counts,
            never_counts=never,
            due=due,
            reads=reads,
            cases=cases,
            value_sets=used,
            hash=content_hash,
            path=path,
        )

    def _word(self, key: str) -> str:
        return self.reader.word(self.top.get(key), key)

    def _status(self) -> Literal["draft", "reviewed", "live", "retired"]:
        word = self.reader.word(self.top.get("status"), "status", STATUSES)
        return next((s for s in ("draft", "reviewed", "live", "retired") if s == word), "draft")

    def _sources(self) -> dict[str, str]:
        mapping = as_mapping(self.top.get("sources"))
        if mapping is None or not mapping.pairs:
            self.reader.say(self.top, "a rule names its sources", "missing-source", "Add sources: {name: address}.")
            return {}
        return {str(key.value): self.reader.word(value, "a source") for key, value in mapping.pairs}

    def _source(self, at: Located | None) -> str:
        return self.reader.word(at, "source", self.sources, "unknown-source")

    def _tests(self) -> tuple[str, str]:
        mapping = self.reader.mapping(self.top.get("tests"), ("scan", "with"), "tests", ("scan",))
        if mapping is None:
            return "", ""
        beside = mapping.get("with")
        return self.codes.ask(self.reader, mapping.get("scan"), "scan"), (
            self.codes.ask(self.reader, beside, "with") if beside is not None else ""
        )

    def _age(self) -> Age:
        mapping = self.reader.mapping(self.top.get("age"), ("from", "to"), "age")
        if mapping is None:
            return Age(None, None)
        return Age(
            self.reader.whole(mapping.get("from"), "from", 0, 120), self.reader.whole(mapping.get("to"), "to", 0, 120)
        )

    def _counts(self) -> tuple[Counts, ...]:
        at = self.top.get("counts_as_done")
        found: list[Counts] = []
        for key, value in at.pairs if isinstance(at, Mapping) else ():
            what = f"counts_as_done {key.value}"
            mapping = self.reader.mapping(value, ("report", "procedure", "result"), what, ("result",))
            if mapping is None:
                continue
            names = {
                word: self.codes.ask(self.reader, mapping.get(word), word) if mapping.get(word) is not None else ""
                for word in ("report", "procedure", "result")
            }
            if not names["report"] and not names["procedure"]:
                self.reader.say(value, f"{what} names no record", "empty-criterion", "Add report: or procedure:.")
            found.append(Counts(str(key.value), names["report"], names["procedure"], names["result"]))
        if at is not None and not found:
            self.reader.say(at, "counts_as_done lists nothing", "empty-criterion")
        return tuple(kind for kind in found if kind.results)

    def _section(self, name: str) -> tuple[Named, ...]:
        at = self.top.get(name)
        if at is None:
            return ()
        if not isinstance(at, Mapping):
            self.reader.say(at, f"{name} must be written as keys and values", "not-a-mapping")
            return ()
        if at.get("if_unknown") is None:
            self.reader.say(
                at,
                f"{name} does not say what to do when it cannot be told",
                "missing-key",
                f"Add if_unknown: {DIRECTIONS[name]}",
            )
        self.reader.word(at.get("if_unknown"), "if_unknown", (DIRECTIONS[name],))
        lines = [self._line(name, str(key.value), value) for key, value in at.pairs if key.value != "if_unknown"]
        if not lines:
            self.reader.say(at, f"{name} lists nobody", "empty-section")
        return tuple(line for line in lines if line is not None)

    def _line(self, section: str, name: str, at: Located) -> Named | None:
        criterion = self.criteria.read(at, _LINE_KEYS)
        if criterion is None or not isinstance(at, Mapping):
            return None
        if section == "at_risk" and at.get("source") is None:
            self.reader.say(at, f"“{name}” names no source", "missing-source", f"One of: {', '.join(self.sources)}.")
        until = self.reader.words(at.get("until"), "until", self.criteria.results)
        why = self.reader.word(at.get("why"), "why")
        return Named(name, criterion, self._source(at.get("source")), why, until, self._worklist(at.get("list")))

    def _worklist(self, at: Located | None) -> Worklist | None:
        keys = ("name", "owner", "late_after")
        mapping = self.reader.mapping(at, keys, "list", keys)
        if mapping is None:
            return None
        late = self.reader.period(mapping.get("late_after"), "late_after")
        at_name = mapping.get("name")
        word = self.reader.word(at_name, "name")
        if at_name is not None and word and (not _LIST_NAME.fullmatch(word) or word in _OWN_LISTS):
            hint = f"Small letters, digits and hyphens; not one of the engine's own: {', '.join(_OWN_LISTS)}."
            self.reader.say(at_name, f"“{word}” cannot name a list", "list-name", hint)
        name, owner = self.reader.word(mapping.get("name"), "name"), self.reader.word(mapping.get("owner"), "owner")
        return Worklist(name, owner, late or Period(0, "days"))

    def _due(self) -> tuple[DueRow, ...]:
        at, rows = self.top.get("next_due"), []
        if not isinstance(at, Sequence):
            if at is not None:
                self.reader.say(at, "next_due must be a list of rows", "not-a-list")
            return ()
        for item in at.items:
            row = self._due_row(item)
            if row is not None:
                rows.append(row)
        if sum(not row.results for row in rows) != 1:
            self.reader.say(
                at,
                "one row must say what is due when there is no scan",
                "missing-row",
                "Add {scan: none, due: when-first-at-risk, overdue: 2 months, source: …}.",
            )
        return tuple(rows)

    def _due_row(self, at: Located) -> DueRow | None:
        keys = ("scan", "due", "overdue", "source")
        mapping = self.reader.mapping(at, keys, "a row of next_due", keys)
        if mapping is None:
            return None
        words = self.reader.words(mapping.get("scan"), "scan", {*self.criteria.results, "none"} - {"uncoded"})
        none = words == ("none",)
        if none:
            self.reader.word(mapping.get("due"), "due", ("when-first-at-risk",))
        due = Period(0, "days") if none else self.reader.period(mapping.get("due"), "due")
        overdue = self.reader.period(mapping.get("overdue"), "overdue")
        if due and overdue and words:
            self._check_window(at, due, overdue)
            return DueRow(() if none else words, due, overdue, self._source(mapping.get("source")))
        return None

    def _check_window(self, at: Located, due: Period, overdue: Period) -> None:
        day = date(2001, 1, 31)
        if add(day, overdue) < add(day, due):
            self.reader.say(at, f"overdue ({overdue}) comes before due ({due})", "impossible-window")

    def _reads(self) -> tuple[Reads, ...]:
        at = self.top.get("reads")
        mapping = self.reader.mapping(at, PROTECTED, "reads")
        found: list[Reads] = []
        keys = ("why", "source", "owner", "review_by")
        for key, value in mapping.pairs if mapping else ():
            entry = self.reader.mapping(value, keys, f"reads {key.value}", keys)
            review = self.reader.day(entry.get("review_by"), "review_by") if entry else None
            if entry and review:
                why, owner = self.reader.word(entry.get("why"), "why"), self.reader.word(entry.get("owner"), "owner")
                found.append(Reads(str(key.value), why, self._source(entry.get("source")), owner, review))
        return tuple(found)

    def _check_reads(self, sections: dict[str, tuple[Named, ...]], age: Age, reads: tuple[Reads, ...]) -> None:
        """A rule may read sex, age or birthplace only with a citation, a rationale, an owner and a review date."""
        stated = {entry.attribute for entry in reads}
        used = {"age"} if age != Age(None, None) else set()
        for lines in sections.values():
            for line in lines:
                for leaf in leaves(line.criterion):
                    used |= _attributes(leaf)
        for attribute in sorted(used - stated):
            self.reader.say(
                self.top,
                f"the rule reads {attribute} and does not say why",
                "unexplained-attribute",
                f"Add reads: {{{attribute}: {{why, source, owner, review_by}}}}.",
            )
        for attribute in sorted(stated - used):
            self.reader.say(self.top, f"reads explains {attribute}, which the rule does not read", "unused-reason")

    def _used(
        self, sections: dict[str, tuple[Named, ...]], scan: str, beside: str, never: tuple[str, ...]
    ) -> dict[str, ValueSet]:
        names = {scan, beside, *never}
        for kind in self.counts:
            names |= {kind.report, kind.procedure, kind.results}
        for lines in sections.values():
            for line in lines:
                for leaf in leaves(line.criterion):
                    names |= {getattr(leaf, "codes", ""), *SCORE_INPUTS.get(getattr(leaf, "score", ""), ())}
                    names |= {"first-degree-relative"} if type(leaf).__name__ == "CloseRelative" else set()
        sets = {name: self.codes.get(name) for name in names if name}
        return {name: found for name, found in sets.items() if found is not None}


#: The value sets a score draws on, by the names that rules/codes/ must have.
SCORE_INPUTS: dict[str, tuple[str, ...]] = {
    "page-b": ("platelets", "chronic-hepatitis-b"),
    "child-pugh": ("bilirubin", "albumin", "inr", "ascites", "hepatic-encephalopathy", "cirrhosis"),
}


def _attributes(leaf: object) -> set[str]:
    if isinstance(leaf, Age):
        return {"age"}
    if isinstance(leaf, Sex):
        return {"sex"}
    if isinstance(leaf, Origin):
        return {"birthplace"}
    return {"age", "sex"} if getattr(leaf, "score", "") == "page-b" else set()


__all__ = ["CRITERIA", "KEYS", "read_rule"]
