"""``next_due`` — when the next test is due, by the kind and the result of the last one."""

from __future__ import annotations

from datetime import date

from outreach.domain.calendar import Period, add
from outreach.rulebook.forms import Schema, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.model import DueRow
from outreach.rulebook.named import GroupName, ResultName, SourceName, TestName
from outreach.rulebook.named_values import Entry
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import shape
from outreach.rulebook.tree import Located, Sequence, Text
from outreach.rulebook.values import Span

FIRST, NEVER = "when-first-at-risk", "never-again"


class DueForm:
    """A length of time after the test; when first at risk; never again."""

    def read(self, scope: Scope, at: Located, what: str) -> Period | str | None:
        if isinstance(at, Text) and at.value in (FIRST, NEVER):
            return str(at.value)
        return Span(least=0).read(scope, at, what)

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": [FIRST, NEVER]}, shape("period")]}


SCAN = Key(
    "scan", Several(ResultName(("none",), unread=False)), "The result of the test, whatever its kind; none: no test."
)
TEST = Key("test", Several(TestName(("none",))), "The kind of test, by its name under counts_as_done; none: no test.")
RESULT = Key("result", Several(ResultName(unread=False)), "The result of that kind of test.")
GROUP = Key("risk_group", Several(GroupName()), "Whom the row is for, by lines of at_risk; left out: everybody.")
DUE: Key[Period | str] = Key("due", DueForm(), "How long after the test the next is due.", required=True)
OVERDUE = Key("overdue", Span(), "How long after the test it is overdue; then somebody is invited.")
SOURCE = Key("source", SourceName(), "Where this row comes from: a name under sources.", required=True)
PARTS: tuple[Key[object], ...] = (SCAN, TEST, RESULT, GROUP, DUE, OVERDUE, SOURCE)


def _row(at: Entries) -> DueRow | None:
    results, tests, due, overdue = (
        at.get(SCAN) or at.get(RESULT) or (),
        at.get(TEST) or (),
        at.get(DUE),
        at.get(OVERDUE),
    )
    groups = at.get(GROUP) or ()
    source, none = at.get(SOURCE) or "", results == ("none",) or tests == ("none",)
    unread = at.has(GROUP) and not groups
    if not _asks_once(at) or due is None or unread or not _fits(at, due, none):
        return None
    if due == NEVER:
        return DueRow(tests, results, None, None, source, groups=groups)
    if not at.has(OVERDUE):
        at.say(at.at, f"{at.what} lacks the key “overdue”", "missing-key", OVERDUE.says)
    if none and overdue:
        return DueRow((), (), Period(0, "days"), overdue, source, never_tested=True)
    if not isinstance(due, Period) or overdue is None:
        return None
    day = date(2001, 1, 31)
    if add(day, overdue) < add(day, due):
        at.say(at.at, f"overdue ({overdue}) comes before due ({due})", "impossible-window", "Swap them?")
    return DueRow(tests, results, due, overdue, source, groups=groups)


def _asks_once(at: Entries) -> bool:
    if at.has(SCAN) and (at.has(TEST) or at.has(RESULT)):
        at.say(at.where(SCAN), "a row says scan, or test and result", "odd-row", "Take scan away.")
        return False
    if not at.has(SCAN) and not at.has(TEST):
        at.say(
            at.at, "the row does not say after what", "missing-key", "Add scan: with a result, or test: with a kind."
        )
        return False
    return True


def _fits(at: Entries, due: Period | str, none: bool) -> bool:
    """Whether ``due`` is a thing that this row can say."""
    if none != (due == FIRST):
        what = f"without a test, due is {FIRST}" if none else f"{FIRST} is for the row without a test"
        at.say(at.where(DUE), what, "odd-row", f"Write {{scan: none, due: {FIRST}, overdue: 2 months, source: …}}.")
        return False
    if none and at.has(GROUP):
        at.say(at.where(GROUP), "the row without a test is for everybody", "odd-row", "Take risk_group away.")
        return False
    if due == NEVER and at.has(OVERDUE):
        at.say(at.where(OVERDUE), "what is never due again is never overdue", "odd-row", "Take overdue away.")
        return False
    return True


class Rows:
    """The rows in order, exactly one of them for somebody never tested."""

    row = Built(PARTS, _row, "a row of next_due")

    def read(self, scope: Scope, at: Located, what: str) -> tuple[Entry[DueRow], ...] | None:
        if not isinstance(at, Sequence):
            scope.say(at, f"{what} must be a list of rows", "not-a-list", "Start each row with a dash.")
            return None
        rows = [(item, self.row.read(scope, item, what)) for item in at.items]
        found = tuple(Entry("", item, row) for item, row in rows if row is not None)
        if len(found) == len(rows) and sum(entry.value.never_tested for entry in found) != 1:
            hint = f"Add {{scan: none, due: {FIRST}, overdue: 2 months, source: …}}."
            scope.say(at, "one row must say what is due when there is no scan", "missing-row", hint)
        return found

    def schema(self) -> Schema:
        return {"type": "array", "items": self.row.schema(), "minItems": 1}
