"""Each criterion of the rule language, as a question to the tables and an answer over people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

import ibis
import ibis.expr.types as ir

from outreach.assess.answer import NO_DAY, NO_TEXT, Answer, all_of, any_of, at_least, negate
from outreach.assess.calendar import age_between, birthday, later, local_day
from outreach.assess.exams import latest
from outreach.assess.facts import in_set
from outreach.assess.judge import MAYBE, YES
from outreach.assess.layers import Layers
from outreach.assess.measures import (
    answer_date,
    answer_lab,
    answer_rising,
    ask_date,
    ask_lab,
    ask_rising,
)
from outreach.assess.questions import Questions
from outreach.assess.stored import columns, restored
from outreach.rulebook.criterion import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Booked,
    Criterion,
    DateOf,
    Defined,
    Ethnicity,
    Lab,
    Language,
    Leaf,
    Not,
    Origin,
    Race,
    Record,
    Rising,
    ScanResult,
    ScoreIs,
    Sex,
    SexAtBirth,
)
from outreach.rulebook.model import Rule

Build = Callable[[ir.Table], Answer]
UNKNOWN = ibis.null("boolean")


@dataclass(frozen=True)
class Closed:
    """A dated finding that a later test closes."""

    leaf: ScanResult | Lab | Rising
    until: tuple[str, ...]


Asked = Leaf | Closed


def closing(criterion: Criterion, until: tuple[str, ...]) -> Criterion | Closed:
    """The criterion with every dated finding in it closed by ``until`` (an order closes itself)."""
    if not until:
        return criterion
    if isinstance(criterion, All | AnyOf | AtLeast):
        return replace(criterion, of=tuple(closing(part, until) for part in criterion.of))  # type: ignore[misc]
    if isinstance(criterion, Defined | Not):
        return replace(criterion, of=closing(criterion.of, until))  # type: ignore[arg-type]
    if isinstance(criterion, ScanResult | Lab | Rising):
        return Closed(criterion, until)
    return criterion


class Compiler:
    """One rule on one day: asks what its criteria need and builds their answers over a table of people.

    ``exams`` holds what is asked of the rule's own tests. A column that is not there yet (a score, before
    anybody has been ruled out) answers unknown.
    """

    def __init__(self, questions: Questions, rule: Rule) -> None:
        self.questions, self.rule = questions, rule
        self.as_of = questions.facts.day.as_of
        self.leaves: dict[Asked, Build] = {}
        self.records: set[int] = set()
        self.scores: set[str] = set()
        self.exams: dict[str, Callable[[ir.Table], ir.Value]] = {}
        self.kept_in: ir.Table | None = None
        self.layers = Layers()

    def keep_leaves(self, people: ir.Table) -> dict[str, ir.Value]:
        """Every leaf's answer over ``people`` as columns of a table to be kept; see ``read_from``."""
        found: dict[str, ir.Value] = {}
        for number_, build in enumerate(self.leaves.values()):
            found |= columns(f"l{number_}", build(people))
        return found

    def read_from(self, people: ir.Table) -> ir.Table:
        """From now on the leaves' truths are read from the columns of this table."""
        self.kept_in = people
        return people

    def ask(self, criterion: Criterion | Closed, *, early: bool = False) -> Build:
        """The answer to a criterion; a leaf asked twice is the same question."""
        match criterion:
            case Defined():
                return self.ask(criterion.of, early=early)
            case All():
                return self._joined(criterion.of, all_of, early)
            case AnyOf():
                return self._joined(criterion.of, any_of, early)
            case AtLeast():
                count = criterion.count
                return self._joined(criterion.of, lambda parts: at_least(count, parts), early)
            case Not():
                part = self.ask(criterion.of, early=early)
                return lambda people: negate(part(people))
        if criterion not in self.leaves:
            self.leaves[criterion] = self._leaf(criterion, early)
        build, start = self.leaves[criterion], f"l{list(self.leaves).index(criterion)}"

        def answer(people: ir.Table) -> Answer:
            found = build(people)
            return restored(people, start, found) if people is self.kept_in else found

        return answer

    def _joined(self, parts: tuple[Criterion, ...], join: Callable[[list[Answer]], Answer], early: bool) -> Build:
        builds = [self._part(part, early) for part in parts]
        return lambda people: join([build(people) for build in builds])

    def _part(self, part: Criterion, early: bool) -> Build:
        """A part of a join; where it is a join itself it gets columns of its own."""
        build = self.ask(part, early=early)
        while isinstance(part, Defined):
            part = part.of
        return self.layers.inner(part, build) if isinstance(part, All | AnyOf | AtLeast) else build

    def _leaf(self, leaf: Asked, early: bool) -> Build:
        match leaf:
            case Closed():
                return self._closed(leaf)
            case Record():
                return self._record(leaf, early)
            case Sex():
                return lambda people: _sex(people, leaf)
            case SexAtBirth():
                return lambda people: _sex_at_birth(people, leaf)
            case Age():
                return self._age(leaf)
            case Origin() | Race() | Ethnicity() | Language():
                return self._told(leaf)
            case ScoreIs():
                return self._score(leaf)
            case ScanResult():
                return self._scan(leaf)
            case Lab() | Rising() | DateOf():
                return self._measured(leaf, early)
            case Booked():
                return self._booked(leaf, early)
        assert_never(leaf)

    def _record(self, c: Record, early: bool) -> Build:
        number_ = self.questions.record(c, early=early)
        self.records.add(number_)
        absent = UNKNOWN if c.absent == "unknown" else ibis.literal(False)
        waits = c.window.period if c.window is not None and c.window.relation == "for" else None

        def answer(people: ir.Table) -> Answer:
            found = people[f"r{number_}"]
            verdict, day = found["verdict"], found["day"]
            judged = ((verdict == YES, True), (verdict == MAYBE, UNKNOWN), (verdict.notnull(), False))
            truth = ibis.cases(*judged, else_=absent)
            held = ibis.ifelse(verdict == YES, day, NO_DAY)
            first = held if waits is None else later(held, waits)
            name = (c.codes or ("visit",))[0]
            return Answer(truth, found["id"], day, found["text"], first, day, {name: truth.isnull()})

        return answer

    def _age(self, c: Age) -> Build:
        on = self.as_of if c.at_start_of is None else c.at_start_of.bounds(self.as_of)[0]

        def answer(people: ir.Table) -> Answer:
            truth = age_between(people, c.low, c.high, on)
            first = NO_DAY if c.low is None else birthday(people.birth_hi, c.low)
            missing = {"birth-date": truth.isnull()}
            return Answer(truth, _patient(people), value=people.birth_raw, first=first, missing=missing)

        return answer

    def _told(self, c: Origin | Race | Ethnicity | Language) -> Build:
        column = self.questions.attribute(c)
        names = {Origin: "birthplace", Race: "race", Ethnicity: "ethnicity", Language: "language"}

        def answer(people: ir.Table) -> Answer:
            truth = people[column]
            # What is recorded stays out of the evidence: yes, no or unknown is all anybody needs.
            return Answer(truth, _patient(people), missing={names[type(c)]: truth.isnull()})

        return answer

    def _score(self, c: ScoreIs) -> Build:
        key = self.questions.score(c)
        self.scores.add(key)

        def answer(people: ir.Table) -> Answer:
            if f"{key}_low" not in people.columns:
                return Answer(UNKNOWN)
            low, high, holds = people[f"{key}_low"], people[f"{key}_high"], people[f"{key}_holds"]
            no = [(high < c.low, False)] if c.low is not None else []
            no += [(low >= c.below, False)] if c.below is not None else []
            sure = [low >= c.low] if c.low is not None else []
            sure += [high < c.below] if c.below is not None else []
            truth = ibis.cases(*no, (ibis.and_(*sure), True), else_=UNKNOWN)
            truth = ibis.ifelse(holds, truth, False)
            said = ibis.ifelse(holds, ibis.literal(f"{c.score} ") + people[f"{key}_said"], "does not apply")
            start = f"{key}_missing_"
            absent = {name.removeprefix(start): people[name] for name in people.columns if name.startswith(start)}
            missing = {name.replace("_", "-"): truth.isnull() & test for name, test in absent.items()}
            return Answer(truth, value=said, missing=missing, outside=~holds)

        return answer

    def _scan(self, c: ScanResult) -> Build:
        if c.tests:
            key = "exam_of_" + "_".join(c.tests).replace("-", "_")
            self.exams[key] = lambda rows: _latest_of(rows, c.tests)
        else:
            key = LATEST
            self.exams[key] = latest
        wanted = [result for result in c.results if result != "uncoded"]

        def answer(people: ir.Table) -> Answer:
            if key not in people.columns:
                return Answer(UNKNOWN)
            found = people[key]
            if c.results:
                coded = (found["coded"] & found["result"].isin(wanted)) if wanted else ibis.literal(False)
                uncoded = ~found["coded"] if "uncoded" in c.results else ibis.literal(False)
                truth = (coded | uncoded).fill_null(False)
            else:
                truth = found.notnull()
            return Answer(truth, found["id"], found["day"], said_of_exam(found), since=found["day"])

        return answer

    def _closed(self, c: Closed) -> Build:
        part = self.ask(c.leaf)
        key = "closed_" + "_".join(c.until).replace("-", "_")
        closes = list(c.until)
        self.exams[key] = lambda rows: rows.day.max(where=rows.result.isin(closes) | rows.kind.isin(closes))

        def answer(people: ir.Table) -> Answer:
            open_ = part(people)
            if key not in people.columns:
                return open_
            closed = (people[key] >= open_.since).fill_null(False)
            return replace(open_, truth=open_.truth & ~closed)

        return answer

    def _measured(self, c: Lab | Rising | DateOf, early: bool) -> Build:
        gather, as_of = self.questions.gather(early=early), self.as_of
        values = gather.value_sets[c.codes]
        if isinstance(c, Lab):
            keys = ask_lab(gather, c, as_of)
            return lambda people: answer_lab(people, keys, c, values)
        if isinstance(c, Rising):
            series = ask_rising(gather, c, as_of)
            return lambda people: answer_rising(people, series, c, values)
        stated = ask_date(gather, c)
        return lambda people: answer_date(people, stated, c, as_of)

    def _booked(self, c: Booked, early: bool) -> Build:
        since = self.questions.facts.day.start

        def next_one(rows: ir.Table) -> ir.Value:
            day = local_day(rows.start, since)
            return ibis.struct({"day": day, "id": rows.id}).min(where=in_set(rows, c.codes))

        name = "".join(ch if ch.isalnum() else "_" for ch in f"booked_{c.codes}")
        key = self.questions.gather(early=early).ask("appointment", name, next_one)

        def answer(people: ir.Table) -> Answer:
            found = people[key]
            return Answer(found.notnull(), ibis.literal("Appointment/") + found["id"], found["day"], NO_TEXT)

        return answer


LATEST = "exam_latest"


def _latest_of(rows: ir.Table, kinds: tuple[str, ...]) -> ir.StructScalar:
    fields = ("day", "weight", "id", "kind", "result", "coded")
    return ibis.struct({name: rows[name] for name in fields}).max(where=rows.kind.isin(kinds))


def said_of_exam(found: ir.StructValue) -> ir.StringValue:
    """The result, or that nobody has coded it; for a test whose doing is enough, its kind."""
    said = ibis.ifelse(found["result"] == "", found["kind"], found["result"])
    return ibis.cases((found.isnull(), NO_TEXT), (~found["coded"], "no coded result"), else_=said)


def _sex(people: ir.Table, c: Sex) -> Answer:
    known = people.sex.isin(("female", "male"))
    truth = ibis.ifelse(known, people.sex == c.value, UNKNOWN)
    return Answer(truth, _patient(people), value=people.sex, missing={"sex": truth.isnull()})


def _sex_at_birth(people: ir.Table, c: SexAtBirth) -> Answer:
    """http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex: F, M; anything else is not known."""
    letter = {"female": "F", "male": "M"}[c.value]
    known = people.birth_sex.isin(("F", "M"))
    other = _sex(people, Sex(c.value)).truth if c.or_sex else UNKNOWN
    truth = ibis.ifelse(known, people.birth_sex == letter, other)
    return Answer(truth, _patient(people), missing={"sex-at-birth": truth.isnull()})


def _patient(people: ir.Table) -> ir.StringValue:
    return ibis.literal("Patient/") + people.person
