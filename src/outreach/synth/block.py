"""One block of people: truth first, then the records that bear it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from outreach.synth import labs, moments
from outreach.synth.background import Everyday, Setting
from outreach.synth.cast import Part, cast_block, play
from outreach.synth.codes import LIVER_ULTRASOUND
from outreach.synth.days import born_exactly
from outreach.synth.facts import Order
from outreach.synth.life import Life
from outreach.synth.luck import stream
from outreach.synth.people import BLOCK, Luck, Person, patient_id, sample_people
from outreach.synth.places import Home, home
from outreach.synth.render_facts import render
from outreach.synth.render_person import patient_json
from outreach.synth.truth import MERGED, NOT_AT_RISK, verdict
from outreach.synth.visits import coming_in, ordered


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is asked for: ``size`` people of one block."""

    seed: int
    block: int
    size: int
    as_of: date
    scale: float


@dataclass(slots=True)
class Block:
    """What a worker gives back. ``coming`` counts the overdue with a visit ahead, who want a slot."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    truth: list[str] = field(default_factory=list)
    archetypes: Counter[str] = field(default_factory=Counter)
    coming: int = 0
    judged: set[int] = field(default_factory=set)  #: rows the rule says something of
    overdue: set[int] = field(default_factory=set)

    def put(self, kind: str, line: str) -> None:
        self.lines.setdefault(kind, []).append(line)

    def put_all(self, kind: str, lines: Iterable[str]) -> None:
        self.lines.setdefault(kind, []).extend(lines)


def make_block(job: Job) -> Block:
    """Every record and truth of a block, in seat order within each type."""
    made, where = Block(), home(job.seed, job.block, job.as_of)
    people = list(sample_people(job.seed, job.block, job.as_of))[: job.size]
    row = 0
    for part in cast_block(job.seed, job.block, job.size):
        made.archetypes.update(part.names())
        records = people[row : row + part.seats]
        _plain(made, records, where, job) if part.kind == "plain" else _judged(made, part, records, where, job)
        row += part.seats
    _everyday(made, people, where, job)
    return made


def _everyday(made: Block, people: list[Person], where: Home, job: Job) -> None:
    """The records of everyday care of everyone in the block."""
    youngest = born_exactly(65, job.as_of)
    everyday = Everyday(Setting(job.seed, job.block, job.size, job.as_of, where, job.scale))
    made.put_all("Observation", everyday.measurements(made.judged))
    for kind, lines in everyday.dated():
        made.put_all(kind, lines)
    made.put_all("Appointment", everyday.visits(made.overdue))
    made.put_all("Coverage", everyday.coverages([person.birth <= youngest for person in people]))


def _plain(made: Block, records: list[Person], where: Home, job: Job) -> None:
    """Somebody the rule says nothing of; the register has its usual gaps."""
    person = records[0]
    if person.luck[Luck.BIRTH_GAP] < 0.015:
        person.birth_text = "" if person.luck[Luck.BIRTH_GAP] < 0.005 else f"{person.birth:%Y}"
    if person.luck[Luck.DEATH] < 0.02:
        person.deceased = '"deceasedBoolean":true,'
    _register(made, records, where, job)
    made.truth.append(NOT_AT_RISK.line(person.id))
    made.truth.extend(MERGED.line(loser.id) for loser in records[1:])


def _judged(made: Block, part: Part, records: list[Person], where: Home, job: Job) -> None:
    """Somebody with a part to play: plan the life, take its truth, then write it down."""
    person = records[0]
    draw = stream(job.seed, "life", person.seat)
    life = Life(person, job.as_of, draw, len(records))
    risk, course = play(part, life, where)
    truth = verdict(risk, course, job.as_of)
    _round_off(made, life, truth.status, where)
    made.judged.update(record.seat % BLOCK for record in records)
    ids = _register(made, records, where, job)
    for number, (holder, fact) in enumerate(life.facts, start=1):
        made.put(*render(fact, ids[holder], number, where, where.practitioner(draw.random())))
    made.truth.append(truth.line(person.id))
    made.truth.extend(MERGED.line(loser.id) for loser in records[1:])


def _round_off(made: Block, life: Life, status: str, where: Home) -> None:
    """Orders, visits and quiet liver labs, which change no truth."""
    if status == "overdue":
        made.overdue.add(life.person.seat % BLOCK)
        ordered(life)
        made.coming += coming_in(life, where)
    elif life.draw.random() < 0.12:
        life.add_here(Order(LIVER_ULTRASOUND, moments.stamp(life.draw, life.ago(3, 200))))
    if life.cirrhosis and not life.liver_labs:
        _quiet_labs(life)


def _quiet_labs(life: Life) -> None:
    """A liver that still does its work: Child-Pugh A, as far as measured."""
    draw, day = life.draw, life.ago(5, 500)
    if draw.random() < 0.6:
        molar = draw.random() < 0.3
        life.add(
            labs.bilirubin_molar(draw, draw.randint(8, 25), day)
            if molar
            else labs.bilirubin(draw, draw.uniform(0.4, 1.6), day)
        )
    if draw.random() < 0.6:
        life.add(labs.albumin(draw, draw.uniform(3.8, 4.7), day))
    if draw.random() < 0.5:
        life.add(labs.inr(draw, draw.uniform(0.9, 1.4), day))


def _register(made: Block, records: list[Person], where: Home, job: Job) -> list[str]:
    """Write the person's Patient records, survivor first, and give their ids."""
    survivor, ids = records[0], [record.id for record in records]
    if survivor.luck[Luck.INACTIVE] < 0.012:
        survivor.active = "false"
    if survivor.luck[Luck.SEE_ALSO] < 0.008 and survivor.seat:
        survivor.links = (("seealso", patient_id(survivor.seat - 1)),)
    for record in [survivor] if len(ids) == 1 else _merged(survivor, ids):
        made.put("Patient", patient_json(record, where, job.as_of))
    return ids


def _merged(survivor: Person, ids: list[str]) -> Iterator[Person]:
    """The same person under every id: each later record was merged into the one before it."""
    for place, record in enumerate(ids):
        into = (("replaced-by", ids[place - 1]),) if place else survivor.links
        from_ = (("replaces", ids[place + 1]),) if place + 1 < len(ids) else ()
        copy = replace(survivor, id=record, links=into + from_)
        if place:
            copy.active, copy.deceased = "false", ""
        yield copy
