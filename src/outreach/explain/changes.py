"""What would change the answer, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from outreach.domain.assessment import Status
from outreach.explain.endings import ending
from outreach.explain.ends import Change, ends, says
from outreach.explain.lines import Answer, Line, Story
from outreach.explain.logic import alone, truth
from outreach.explain.reasons import missing
from outreach.explain.row import Told, survivor
from outreach.prose.sets import coded
from outreach.prose.words import capital, listed, said
from outreach.rulebook.criterion import Age, All, Ethnicity, Origin, Race, Sex, SexAtBirth


def changes(told: Told, story: Story) -> list[Change]:
    """In the order of a reader's interest: what comes by itself, then what somebody would have to do."""
    of = {
        Status.UP_TO_DATE: _counting,
        Status.DUE: _counting,
        Status.OVERDUE: _counting,
        Status.NOT_NOW: _paused,
        Status.EXCLUDED: _ended,
        Status.EXCEPTION: _chosen,
        Status.UNKNOWN: _unknown,
        Status.NOT_APPLICABLE: _outside,
    }
    return [*of[told.found.status](told, story), *_new_numbers(told, story)]


def _counting(told: Told, story: Story) -> Iterator[Change]:
    found = told.found
    if found.due_on is None:
        yield Change("Nothing by itself: this test is done once.")
        return
    if found.due_on > told.as_of:
        yield Change(f"Becomes due on {said(found.due_on)}.", found.due_on)
    if found.overdue_on is not None and found.overdue_on > told.as_of:
        yield Change(f"Overdue from {said(found.overdue_on)}.", found.overdue_on)
    if story.rule is not None:
        kinds = listed(coded(kind.name for kind in story.rule.counts), "or")
        yield Change(f"A new test that counts moves the dates: {kinds}.")
    if found.status is Status.OVERDUE:
        for line in story.of("cannot_help"):
            if truth(line.answer) == "unknown":
                yield Change(f"Whether “{line.name}” holds is not known; if it does, the person is left out.")


def _paused(told: Told, story: Story) -> Iterator[Change]:
    found = told.found
    if found.reason == "cannot-tell":
        yield from _cannot_tell(story)
    elif found.reason == "no-due-date":
        yield Change("Ends with a test, or a coded result, for which the rule has a row.")
    elif found.reason == "clinician-decides":
        yield Change("Nothing by itself: a clinician and the person decide together.")
    else:
        yield from ends(story, "not_now", told)
    if found.due_on is not None:
        verb = "is" if found.due_on > told.as_of else "was"
        yield Change(f"Once it ends, the dates hold again: the test {verb} due on {said(found.due_on)}.")


def _cannot_tell(story: Story) -> Iterator[Change]:
    for line in [*story.of("own_choice"), *story.of("not_now")]:
        for answer in line.criteria if truth(line.answer) == "unknown" else ():
            if truth(answer) == "unknown":
                yield Change(f"It must be known whether the person {says(answer, story)} (“{line.name}”).")


def _ended(told: Told, story: Story) -> Iterator[Change]:
    if told.found.reason == "deceased":
        yield Change("Nothing, unless the record is wrong: then the Patient record must be corrected.")
        return
    yield from ends(story, "cannot_help", told)


def _chosen(told: Told, story: Story) -> Iterator[Change]:
    if told.found.reason == "opted-out":
        yield Change("Ends when the person says yes again and the Consent is no longer active.")
        return
    yield from ends(story, "own_choice", told)


def _unknown(told: Told, story: Story) -> Iterator[Change]:
    names = [missing(name, story.rule) for name in told.found.missing]
    if names:
        which = "This would settle it, if it were" if len(names) == 1 else "These, or one of them, would settle it if"
        yield Change(f"{which} recorded: {listed(names)}.")


def _outside(told: Told, story: Story) -> Iterator[Change]:
    if told.found.reason == "merged":
        other = survivor(told)
        yield Change(f"Ask about the record that remains: {other}." if other else "Ask about the record that remains.")
        return
    for line in story.of("at_risk"):
        if line.named is not None:
            ages = () if story.age is None or story.age.leaf is None else (story.age,)
            whole = All((line.named.criterion, *(age.leaf for age in ages if age.leaf is not None)))
            for answer in alone(whole, (*line.criteria, *ages), "yes"):
                yield from _enters(line, answer, told, story)
    if not story.lines:
        yield Change("A record that puts the person in one of the rule’s risk groups.")


def _enters(line: Line, answer: Answer, told: Told, story: Story) -> Iterator[Change]:
    """A way into a risk group. What a person was born with is none, nor an age that lies behind."""
    if isinstance(answer.leaf, Sex | SexAtBirth | Origin | Race | Ethnicity):
        return
    if not isinstance(answer.leaf, Age):
        yield Change(f"At risk (“{line.name}”) if the person {says(answer, story)}.")
        return
    turn = ending(answer, told.as_of, story)
    if turn is not None and turn.on is not None:
        yield Change(f"At risk from {said(turn.on)} on by age (“{line.name}”).", turn.on)


def _new_numbers(told: Told, story: Story) -> Iterator[Change]:
    if story.rule is None:
        return
    names: dict[date, list[str]] = {}
    for parameter in story.rule.parameters:
        for value in parameter.values:
            if value.since > told.as_of:
                names.setdefault(value.since, []).append(parameter.name)
    for day, changed in sorted(names.items()):
        yield Change(f"{capital(listed(changed))} of the rule change on {said(day)}.", day)
