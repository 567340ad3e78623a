"""The exemplars beside a rule: each has its own day, a person in a few words, and the answer expected."""

from __future__ import annotations

from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.located import Located, Mapping, Text
from outreach.rulebook.model import Case, Given, GivenFact
from outreach.rulebook.reader import Reader

_CASE = ("it", "today", "given", "then")
_PERSON = ("born", "sex", "birthplace", "died", "opted_out")
#: Section of ``given`` → the kind of record it makes. Each holds {value set: date} or {value set: {…}}.
RECORDS = {
    "diagnoses": "condition",
    "refuted": "refuted",
    "procedures": "procedure",
    "labs": "lab",
    "scans": "report",
    "relatives": "relative",
    "orders": "order",
    "appointments": "appointment",
}
THEN = ("status", "because", "risk_group", "due_on", "overdue_on", "list", "missing", "flags")


def read_cases(reader: Reader, at: Located | None, codes: CodeFolder) -> tuple[Case, ...]:
    """Every case of a rule; a rule without cases is a problem."""
    cases = [case for item in reader.items(at, "cases") if (case := _case(reader, item, codes)) is not None]
    if at is not None and not cases and not reader.problems:
        reader.say(at, "a rule without cases proves nothing", "no-cases", "Add one under cases:.")
    return tuple(cases)


def _case(reader: Reader, at: Located, codes: CodeFolder) -> Case | None:
    mapping = reader.mapping(at, _CASE, "a case", _CASE)
    if mapping is None:
        return None
    today = reader.day(mapping.get("today"), "today")
    then = reader.mapping(mapping.get("then"), THEN, "then", ("status",))
    given = _given(reader, mapping.get("given"), codes)
    it = reader.word(mapping.get("it"), "it")
    if today is None or then is None or given is None:
        return None
    expected = tuple((str(key.value), _as_text(reader, value)) for key, value in then.pairs)
    return Case(it, today, given, expected, at.line, at.column)


def _as_text(reader: Reader, at: Located) -> str:
    if isinstance(at, Text):
        return "" if at.value is None else str(at.value)
    return ";".join(sorted(reader.words(at, "an expectation")))


def _given(reader: Reader, at: Located | None, codes: CodeFolder) -> Given | None:
    mapping = reader.mapping(at, (*_PERSON, *RECORDS), "given")
    if mapping is None:
        return None
    facts = [
        fact
        for key, value in mapping.pairs
        if key.value in RECORDS
        for fact in _records(reader, RECORDS[str(key.value)], value, codes)
    ]
    return Given(
        reader.partial_day(mapping.get("born"), "born"),
        reader.word(mapping.get("sex"), "sex", ("female", "male", "other", "unknown")),
        reader.word(mapping.get("birthplace"), "birthplace"),
        reader.partial_day(mapping.get("died"), "died"),
        reader.flag(mapping.get("opted_out"), "opted_out", default=False),
        tuple(facts),
    )


def _records(reader: Reader, kind: str, at: Located, codes: CodeFolder) -> list[GivenFact]:
    if not isinstance(at, Mapping):
        reader.say(at, "records are written as {value set: date}", "not-a-mapping")
        return []
    return [fact for key, value in at.pairs for fact in _of_one(reader, kind, key, value, codes)]


def _of_one(reader: Reader, kind: str, key: Text, at: Located, codes: CodeFolder) -> list[GivenFact]:
    name = codes.ask(reader, key, "a value set")
    items = list(reader.items(at, "records")) if not isinstance(at, Mapping) else [at]
    return [fact for item in items if name and (fact := _fact(reader, kind, name, item)) is not None]


def _fact(reader: Reader, kind: str, name: str, at: Located) -> GivenFact | None:
    if isinstance(at, Text):
        undated = at.value == "undated"
        return GivenFact(kind, name, "" if undated else reader.partial_day(at, "a date"))
    mapping = reader.mapping(at, ("on", "value", "unit", "result", "status"), "a record")
    if mapping is None:
        return None
    value = mapping.get("value") or mapping.get("result")
    text = str(value.value) if isinstance(value, Text) and value.value is not None else ""
    return GivenFact(
        kind, name, reader.partial_day(mapping.get("on"), "on"), text, reader.word(mapping.get("unit"), "unit")
    )
