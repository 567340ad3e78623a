"""The words that ask for the tests that count, and for what is booked."""

from __future__ import annotations

from outreach.rulebook.criterion import Booked, Leaf, ScanResult
from outreach.rulebook.forms import Made, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named import ResultName, SetName, TestName

IS = Key("is", Several(TestName()), "The kinds of test, by their names under counts_as_done.", required=True)
RESULT = Key("result", Several(ResultName()), "The results that fit; left out, any or none.")


def _test(at: Entries) -> ScanResult | None:
    tests, results = at.get(IS), at.get(RESULT) or ()
    return ScanResult(results, tests) if tests else None


TESTS: tuple[Key[Leaf], ...] = (
    Key("scan", Made(Several(ResultName()), ScanResult), "The latest test of any kind has this result."),
    Key("test", Built((IS, RESULT), _test), "The latest test of these kinds has this result, or exists."),
    Key("appointment", Made(SetName(), Booked), "An appointment for this service is booked, today or later."),
)
