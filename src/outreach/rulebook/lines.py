"""The lines of a rule: risk groups, ends, own choices and pauses, and the definitions they use."""

from __future__ import annotations

import re
from typing import Literal

from outreach.rulebook.criteria import WORDS, criterion
from outreach.rulebook.forms import OneOf, Schema, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.model import Grade, Named, Worklist
from outreach.rulebook.named import ResultOrTest, SourceName
from outreach.rulebook.named_values import NamedValues
from outreach.rulebook.patterns import NAME
from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located
from outreach.rulebook.values import Prose, Span

#: Lists that the engine itself keeps.
OWN_LISTS = (
    *("ask-list", "call-list", "clinician-decides", "data-quality", "interpreter-call", "missed", "navigator"),
    "signature-request",
)


class ListName:
    """The name of a worklist: a name, and not one of the engine's own."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        word = scope.reader.word(at, what)
        if word and (not re.fullmatch(NAME, word) or word in OWN_LISTS):
            hint = f"Small letters, digits and hyphens; not one of the engine's own: {', '.join(OWN_LISTS)}."
            scope.say(at, f"“{word}” cannot name a list", "list-name", hint)
            return None
        return word or None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{NAME}$", "not": {"enum": list(OWN_LISTS)}}


class GradeForm:
    """A grade of recommendation; D is refused. Source: https://uspreventiveservicestaskforce.org/apps/gradedef.jsp"""

    form = OneOf[Literal["A", "B", "C", "I"]](("A", "B", "C", "I"))

    def read(self, scope: Scope, at: Located, what: str) -> Grade | None:
        if getattr(at, "value", None) == "D":
            hint = "Take this line away: grade D says that screening does more harm than good."
            scope.say(at, "grade D means: do not screen", "grade-d", hint)
            return None
        return self.form.read(scope, at, what)

    def schema(self) -> Schema:
        return self.form.schema()


LIST_NAME = Key("name", ListName(), "What the worklist is called.", required=True)
LIST_OWNER = Key("owner", Prose(), "Who works through it.", required=True)
LATE_AFTER = Key("late_after", Span(), "After how long somebody on it is late.", required=True)

SOURCE = Key("source", SourceName(), "Where this comes from: a name under sources.")
SOURCE_NEEDED = Key("source", SOURCE.form, SOURCE.says, required=True)
WHY = Key("why", Prose(), "The reason, in a sentence a clinician would sign.")
GRADE: Key[Grade] = Key("grade", GradeForm(), "The grade of the recommendation; C and I never invite by themselves.")
UNTIL = Key("until", Several(ResultOrTest()), "The results or kinds of test that end the pause, once it has begun.")


def _worklist(at: Entries) -> Worklist | None:
    name, owner, late = at.get(LIST_NAME), at.get(LIST_OWNER), at.get(LATE_AFTER)
    return Worklist(name, owner, late) if name and owner and late else None


LIST = Key(
    "list", Built((LIST_NAME, LIST_OWNER, LATE_AFTER), _worklist), "The worklist that holds the person meanwhile."
)


def _line(at: Entries) -> Named | None:
    """A line without its name. Keys that its section does not have are absent, so they read as nothing."""
    asked = criterion(at)
    source, why, until = at.get(SOURCE) or "", at.get(WHY) or "", at.get(UNTIL) or ()
    worklist, grade = at.get(LIST), at.get(GRADE) or ""
    return None if asked is None else Named("", asked, source, why, until, worklist, grade)


_ELSEWHERE = (
    ("until", "Only a line of not_now has until."),
    ("list", "Only a line of not_now has a list."),
    ("grade", "Only a line of at_risk has a grade."),
)
AT_RISK_LINE = Built((*WORDS, SOURCE_NEEDED, WHY, GRADE), _line, elsewhere=_ELSEWHERE)
PLAIN_LINE = Built((*WORDS, SOURCE, WHY), _line, elsewhere=_ELSEWHERE)
PAUSE_LINE = Built((*WORDS, SOURCE, WHY, UNTIL, LIST), _line, elsewhere=_ELSEWHERE)


def _section(line: Built[Named], direction: str) -> NamedValues[Named]:
    says = f"Write {direction}: what happens when it cannot be told, for a missing fact is no answer."
    return NamedValues(line, (Key("if_unknown", OneOf((direction,)), says, required=True),))


#: What each section does with somebody of whom it cannot tell (unknown has a direction).
AT_RISK = _section(AT_RISK_LINE, "ask-list")
CANNOT_HELP = _section(PLAIN_LINE, "continue-and-flag")
OWN_CHOICE = _section(PLAIN_LINE, "hold")
NOT_NOW = _section(PAUSE_LINE, "hold")
DEFINITION = PLAIN_LINE
