"""The answer for a clinician: status first, what would change it, then each line with the record that decided it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from outreach.explain.ends import Change
from outreach.explain.evidence import seen
from outreach.explain.lines import Answer, Line, Story
from outreach.explain.logic import truth
from outreach.explain.measured import Measured
from outreach.explain.reasons import headline, missing
from outreach.explain.row import Told
from outreach.prose.leaves import phrase
from outreach.prose.sets import titled
from outreach.prose.words import listed, said

Values = Mapping[str, Sequence[Measured]]
_SECTIONS = {
    "at_risk": "Is the person at risk?",
    "cannot_help": "Is there a reason why screening cannot help?",
    "own_choice": "Has the person chosen otherwise?",
    "not_now": "Is there a reason to wait?",
}
_ANSWER = {"yes": "yes", "no": "no", "unknown": "cannot tell", "outside": "does not apply"}
_WIDTH = 16  #: of the column of answers


def in_words(
    told: Told, story: Story, changes: Sequence[Change], outcome: str = "", values: Values | None = None
) -> str:
    """The whole answer as lines of text."""
    return "\n".join(
        [
            *_top(told, story, outcome),
            *_changes(changes),
            *_sections(story),
            *_values(values or {}, story),
            *_notes(told, story),
        ]
    )


def _top(told: Told, story: Story, outcome: str) -> Iterator[str]:
    found = told.found
    yield f"{found.person} under {found.rule}, {told.kind} of {said(told.as_of)}"
    yield headline(found, story)
    if found.risk_group and found.status.value not in ("not-applicable", "unknown"):
        yield f"At risk by: {found.risk_group}."
    if found.missing:
        yield f"Missing: {listed([missing(name, story.rule) for name in found.missing])}."
    if found.list_name:
        since = f" since {said(found.since)}" if found.since else ""
        yield f"On the list “{found.list_name}”{since}{'; late' if found.late else ''}."
    going_on = found.status.value not in ("excluded", "exception", "not-applicable")
    flags = found.flags if going_on else ()
    yield from (f"To look at: whether “{flag.removesuffix('-not-known')}” holds is not known." for flag in flags)
    if outcome:
        yield f"What the {told.kind} did: {outcome}."


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield from ("", "What would change this")
        yield from (f"  {change.says}" for change in changes)


def _sections(story: Story) -> Iterator[str]:
    for section, title in _SECTIONS.items():
        lines = story.of(section)
        if lines:
            yield from ("", title)
        if lines and section == "at_risk" and story.age is not None:
            yield _said(story.age, story, 2)
        for line in lines:
            yield from _line(line, story)
    if story.test is not None:
        yield from ("", "Counted from", _counted_from(story))


def _values(values: Values, story: Story) -> Iterator[str]:
    """What is on record of each measured value that the lines ask for, read or not."""
    if values:
        yield from ("", "Measured values it looks at")
    for name, found in values.items():
        title = titled(name, story.rule) if story.rule else name
        yield f"  {title}: {'; '.join(map(str, found)) or 'none on record'}"


def _line(line: Line, story: Story) -> Iterator[str]:
    yield f"  {_ANSWER[truth(line.answer)]:<{_WIDTH}}{line.name}"
    yield from (_said(answer, story, 6) for answer in line.criteria)


def _said(answer: Answer, story: Story, indent: int) -> str:
    if answer.leaf is not None and story.rule is not None:
        words = str(phrase(answer.leaf, story.rule).short)
    else:
        words = answer.finding.criterion.split(": ", 1)[-1]
    record = seen(answer, story.rule)
    return f"{' ' * indent}{_ANSWER[truth(answer)]:<{_WIDTH}}{words}{f'  [{record}]' if record else ''}"


def _counted_from(story: Story) -> str:
    found = story.test.finding.evidence if story.test else None
    if found is None or not story.test or not story.test.finding.truth:
        return "  no test that counts is on record; counted from the day the person was first at risk"
    return f"  the latest test that counts  [{seen(story.test, story.rule)}]"


def _notes(told: Told, story: Story) -> Iterator[str]:
    if story.rule is None and story.lines:
        yield from ("", f"The rule has changed since this {told.kind}; its criteria are named as they were then.")
