"""The grammar of criteria: each word a nurse may write, and the model it becomes.

A mapping with several words means all of them. ``CRITERIA`` is the whole list; an editor's schema
and the reference page are made from it.
"""

from __future__ import annotations

from collections.abc import Callable

from outreach.domain.calendar import Period
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.located import Located, Mapping
from outreach.rulebook.model import (
    Age,
    All,
    AnyOf,
    AtLeast,
    Booked,
    CloseRelative,
    Criterion,
    Diagnosis,
    Lab,
    Not,
    OpenOrder,
    Origin,
    ProcedureDone,
    Rising,
    ScanResult,
    ScoreAtLeast,
    Sex,
)
from outreach.rulebook.reader import Reader

#: Scores a rule may ask for, and the bound a class letter stands for.
SCORES: dict[str, dict[str, float]] = {"page-b": {}, "child-pugh": {"B": 7.0, "C": 10.0}}
_SCORE_WITHIN = {"page-b": Period(2, "years"), "child-pugh": Period(1, "years")}


class CriterionReader:
    """Reads criteria of one rule; knows its value sets and the results its tests can have."""

    def __init__(self, reader: Reader, codes: CodeFolder, results: set[str]) -> None:
        self.reader = reader
        self.codes = codes
        self.results = results | {"uncoded"}

    def read(self, at: Located, extra: tuple[str, ...] = ()) -> Criterion | None:
        """The criterion under ``at``; ``extra`` are keys that belong to the line around it."""
        mapping = self.reader.mapping(at, (*CRITERIA, *extra), "a criterion")
        if mapping is None:
            return None
        found: list[Criterion] = []
        words = [(key, value) for key, value in mapping.pairs if key.value in CRITERIA]
        for key, value in words:
            criterion = CRITERIA[str(key.value)](self, value)
            if criterion is not None:
                found.append(criterion)
        if not words and not any(key.value not in (*CRITERIA, *extra) for key, _ in mapping.pairs):
            self.reader.say(at, "nothing is asked here", "empty-criterion", f"Use one of: {', '.join(CRITERIA)}.")
        return None if not found else found[0] if len(found) == 1 else All(tuple(found))

    def several(self, at: Located, what: str) -> tuple[Criterion, ...]:
        parts = tuple(c for item in self.reader.items(at, what) if (c := self.read(item)) is not None)
        if not parts:
            self.reader.say(at, f"{what} lists nothing", "empty-criterion")
        return parts

    def value_set(self, at: Located | None, what: str) -> str:
        return self.codes.ask(self.reader, at, what)


def _age(read: CriterionReader, at: Located) -> Criterion | None:
    mapping = read.reader.mapping(at, ("from", "to"), "age")
    if mapping is None:
        return None
    low = read.reader.whole(mapping.get("from"), "from", 0, 120)
    high = read.reader.whole(mapping.get("to"), "to", 0, 120)
    if low is not None and high is not None and low > high:
        read.reader.say(at, f"nobody is both {low} or older and {high} or younger", "impossible-window")
    if low is None and high is None:
        read.reader.say(at, "age says neither from nor to", "empty-criterion")
        return None
    return Age(low, high)


def _score(name: str) -> Callable[[CriterionReader, Located], Criterion | None]:
    classes = SCORES[name]

    def read_score(read: CriterionReader, at: Located) -> Criterion | None:
        within = _SCORE_WITHIN[name]
        if not isinstance(at, Mapping):
            letter = read.reader.word(at, name, classes) if classes else read.reader.mapping(at, ("from",), name) and ""
            return ScoreAtLeast(name, classes[letter], within) if letter else None
        mapping = read.reader.mapping(at, ("from", "within"), name, ("from",))
        low = read.reader.number(mapping.get("from"), "from", -100, 1000) if mapping else None
        if mapping is not None and mapping.get("within") is not None:
            within = read.reader.period(mapping.get("within"), "within") or within
        return None if low is None else ScoreAtLeast(name, low, within)

    return read_score


def _lab(read: CriterionReader, at: Located) -> Criterion | None:
    mapping = read.reader.mapping(at, ("name", "from", "below", "unit", "within"), "lab", ("name", "unit"))
    if mapping is None:
        return None
    codes = read.value_set(mapping.get("name"), "name")
    low = read.reader.number(mapping.get("from"), "from", -1e6, 1e9)
    below = read.reader.number(mapping.get("below"), "below", -1e6, 1e9)
    if low is None and below is None:
        read.reader.say(at, "lab says neither from nor below", "empty-criterion")
    if low is not None and below is not None and low >= below:
        read.reader.say(at, "no value is that high and that low", "impossible-window")
    _check_unit(read, mapping, codes)
    within = read.reader.period(mapping.get("within"), "within")
    return Lab(codes, low, below, within) if codes else None


def _check_unit(read: CriterionReader, mapping: Mapping, codes: str) -> None:
    at, known = mapping.get("unit"), read.codes.get(codes) if codes else None
    unit = read.reader.word(at, "unit")
    if at is not None and unit and known is not None and known.unit != unit:
        hint = f"The value set {codes} is in {known.unit}." if known.unit else f"The value set {codes} has no unit."
        read.reader.say(at, f"“{unit}” is not the unit of {codes}", "wrong-unit", hint)


def _rising(read: CriterionReader, at: Located) -> Criterion | None:
    mapping = read.reader.mapping(at, ("name", "values", "within"), "rising", ("name", "values", "within"))
    if mapping is None:
        return None
    codes = read.value_set(mapping.get("name"), "name")
    values = read.reader.whole(mapping.get("values"), "values", 2, 10)
    within = read.reader.period(mapping.get("within"), "within")
    return Rising(codes, values, within) if codes and values and within else None


def _scan(read: CriterionReader, at: Located) -> Criterion | None:
    results = read.reader.words(at, "a result of the scan", read.results)
    return ScanResult(results) if results else None


def _sex(read: CriterionReader, at: Located) -> Criterion | None:
    word = read.reader.word(at, "sex", ("female", "male"))
    return None if not word else Sex("female" if word == "female" else "male")


def _at_least(read: CriterionReader, at: Located) -> Criterion | None:
    mapping = read.reader.mapping(at, ("count", "of"), "at_least", ("count", "of"))
    inner = mapping.get("of") if mapping else None
    if mapping is None or inner is None:
        return None
    parts = read.several(inner, "of")
    count = read.reader.whole(mapping.get("count"), "count", 1, max(len(parts), 1))
    return AtLeast(count, parts) if count and parts else None


def _not(read: CriterionReader, at: Located) -> Criterion | None:
    inner = read.read(at)
    return None if inner is None else Not(inner)


def _set(kind: Callable[[str], Criterion], what: str) -> Callable[[CriterionReader, Located], Criterion | None]:
    def read_set(read: CriterionReader, at: Located) -> Criterion | None:
        codes = read.value_set(at, what)
        return kind(codes) if codes else None

    return read_set


CRITERIA: dict[str, Callable[[CriterionReader, Located], Criterion | None]] = {
    "diagnosis": _set(Diagnosis, "a diagnosis"),
    "procedure": _set(ProcedureDone, "a procedure"),
    "close-relative": _set(CloseRelative, "a relative's condition"),
    "sex": _sex,
    "age": _age,
    "born-in": _set(Origin, "a list of countries"),
    "page-b": _score("page-b"),
    "child-pugh": _score("child-pugh"),
    "scan": _scan,
    "lab": _lab,
    "rising": _rising,
    "open-order": _set(OpenOrder, "an order"),
    "appointment": _set(Booked, "an appointment's service"),
    "all": lambda read, at: All(parts) if (parts := read.several(at, "all")) else None,
    "any": lambda read, at: AnyOf(parts) if (parts := read.several(at, "any")) else None,
    "not": _not,
    "at_least": _at_least,
}
