"""Every record criterion of every rule, judged in one pass over each kind of record.

Criteria are data here: a row for each code of each criterion, with its window as bounds and its filters
beside it. So the work grows with the records that match, not with the number of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from outreach.assess.facts import Facts
from outreach.assess.gather import NEVER
from outreach.assess.records import counting
from outreach.assess.windows import Bounds, bounds, inside
from outreach.rulebook.criterion import Record
from outreach.rulebook.terms import ValueSet

#: What a record says of a criterion; the least is the best evidence.
YES, MAYBE, NO = 0, 1, 2
#: The value set of close relatives (v3-RoleCode), by its name in rules/codes.
CLOSE = "first-degree-relative"
#: A visit criterion without a value set asks of visits of any type.
ANY_CODE = ("*", "*")

_TEXTS = pa.list_(pa.string())
_SCHEMA = pa.schema(
    [
        ("system", pa.string()),
        ("code", pa.string()),
        ("leaf", pa.int32()),
        *((name, pa.date32()) for name in ("first_from", "first_to", "last_from", "last_to")),
        ("count", pa.int32()),
        ("latest", pa.bool_()),
        *((name, _TEXTS) for name in ("values", "sites_in", "settings_in", "left_to_in", "relations_in")),
        ("must_value", pa.bool_()),
        ("must_live", pa.bool_()),
    ]
)


def judge(facts: Facts, leaves: Mapping[Record, int], people: ir.Table | None, name: str) -> ir.Table:
    """person, leaf, best (rank, day, id, text), last and counts: one row where a record has something to say.

    Args:
        leaves: the criteria, each with its number.
        people: judge records of these people (``person``) only; None: of everyone.
    """
    parts = []
    for kind in sorted({leaf.kind for leaf in leaves}):
        asked = {leaf: number for leaf, number in leaves.items() if leaf.kind == kind}
        members = facts.engine.values(f"{name}_{kind.replace('-', '_')}_asked", _members(facts, asked))
        parts.append(_of_kind(facts, kind, asked, members, people))
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return facts.engine.keep(name, _verdicts(rows, leaves))


def _of_kind(
    facts: Facts, kind: str, asked: Mapping[Record, int], members: ir.Table, people: ir.Table | None
) -> ir.Table:
    rows = counting(facts, kind)
    rows = rows if people is None else rows.semi_join(people, "person")
    pairs = rows.inner_join(members.filter(members.system != ANY_CODE[0]), ["system", "code"])
    if any(not leaf.codes for leaf in asked):
        every = members.filter(members.system == ANY_CODE[0]).drop("system", "code")
        pairs = ibis.union(pairs, rows.cross_join(every).select(*pairs.columns))
    pairs = pairs.filter(*_filters(pairs, asked))
    return _ranked(pairs, asked)


def _filters(pairs: ir.Table, asked: Iterable[Record]) -> list[ir.BooleanValue]:
    """Whatever makes a record no candidate at all; only what some criterion asks."""
    found = [ibis.literal(True)]
    lists = {"sites": "site", "left_to": "discharged_to"}
    found += [
        pairs[f"{column}_in"].isnull() | _meets(pairs[column], pairs[f"{column}_in"])
        for column, word in lists.items()
        if any(getattr(leaf, word) for leaf in asked)
    ]
    if any(leaf.settings for leaf in asked):
        found.append(pairs.settings_in.isnull() | pairs.settings_in.contains(pairs.setting).fill_null(False))
    if any(leaf.kind == "close-relative" for leaf in asked):
        found.append(_meets(pairs.relations, pairs.relations_in))
    if any(leaf.active for leaf in asked):
        found.append(~pairs.must_live | pairs.live)
    return found


def _meets(ours: ir.ArrayValue, wanted: ir.ArrayValue) -> ir.BooleanValue:
    return (ours.intersect(wanted).length() > 0).fill_null(False)


def _ranked(pairs: ir.Table, asked: Iterable[Record]) -> ir.Table:
    """person, leaf, count, latest, day, last, id, text, window and rank of every record that says something."""
    window = inside(pairs)
    fits = _fits(pairs, asked)
    rows = pairs.select(
        "person",
        "leaf",
        "count",
        "latest",
        "id",
        "text",
        day=pairs.f_lo,
        last=ibis.coalesce(pairs.l_hi, pairs.f_hi, ibis.date(1, 1, 1)),
        window=_rank(window),
        rank=_rank(ibis.ifelse(pairs.latest, fits, window & fits)),
        both=_rank(window & fits),
    )
    return rows.filter((rows.both < NO) | (rows.latest & (rows.window == YES)))


def _fits(pairs: ir.Table, asked: Iterable[Record]) -> ir.BooleanValue:
    """Whether a finding's value is what is asked; where only the latest is judged, none is not known."""
    absent, tests = ibis.ifelse(pairs.latest, ibis.null("boolean"), False), [ibis.literal(True)]
    if any(leaf.value for leaf in asked):
        coded = (pairs.results.length() > 0).fill_null(False)
        has = ibis.ifelse(coded, _meets(pairs.results, pairs["values"]), absent)
        tests.append(pairs["values"].isnull() | has)
    if any(leaf.has_value for leaf in asked):
        tests.append(~pairs.must_value | ibis.ifelse(pairs.valued.fill_null(False), True, absent))
    return ibis.and_(*tests)


def _rank(truth: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.cases((truth, YES), (truth.isnull(), MAYBE), else_=NO).cast("int8")


def _verdicts(rows: ir.Table, asked: Iterable[Record]) -> ir.Table:
    """One row per person and criterion: the verdict (YES, MAYBE, NO; absent where no row) and its evidence.

    What no criterion asks (several days, the latest) is not computed: to count apart costs more than all the rest.
    """
    several = any(leaf.count > 1 for leaf in asked)
    of_latest = any(leaf.which == "latest" for leaf in asked)
    best = ibis.struct({"rank": rows.both, "day": ibis.coalesce(rows.day, NEVER), "id": rows.id, "text": rows.text})
    latest = {"last": rows["last"], "id": rows.id, "rank": rows["rank"], "day": rows.day, "text": rows.text}
    found: dict[str, ir.Value] = {"best": best.min(where=rows.both < NO)}
    if of_latest:
        found["latest"] = ibis.struct(latest).max(where=rows.latest & (rows.window == YES))
    if several:
        found["count"] = rows["count"].max()
        found["days"] = rows.day.nunique(where=(rows["count"] > 1) & (rows.both == YES))
        found["doubts"] = rows.id.nunique(where=(rows["count"] > 1) & (rows.both == MAYBE))
    grouped = rows.group_by("person", "leaf").aggregate(**found)
    said = {"verdict": grouped.best["rank"], **{name: grouped.best[name] for name in ("id", "text")}}
    said["day"] = grouped.best["day"].nullif(NEVER)
    if several:
        said["verdict"] = ibis.ifelse(grouped["count"] > 1, _counted(grouped), said["verdict"])
    if of_latest:
        chosen = {"verdict": "rank", "id": "id", "text": "text", "day": "day"}
        has = grouped.latest.notnull()
        said = {name: ibis.ifelse(has, grouped.latest[field], said[name]) for name, field in chosen.items()}
    judged = grouped.select("person", "leaf", **said | {"verdict": said["verdict"].cast("int8")})
    return judged.filter(judged.verdict >= YES)


def _counted(grouped: ir.Table) -> ir.IntegerValue:
    """Records on as many days as asked; or not known to be; or too few, which says nothing."""
    days, doubts, count = grouped.days, grouped.doubts, grouped["count"]
    return ibis.cases((days >= count, YES), (days + doubts >= count, MAYBE), else_=-1)


def _members(facts: Facts, asked: Mapping[Record, int]) -> pa.Table:
    rows = [row for leaf, number in asked.items() for row in _rows(facts, leaf, number)]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _rows(facts: Facts, leaf: Record, number: int) -> Iterable[dict[str, object]]:
    sets, window = facts.value_sets, bounds(leaf.window, facts.day.as_of)
    common = {
        "leaf": number,
        **_bound_columns(window),
        "count": leaf.count,
        "latest": leaf.which == "latest",
        "values": [f"{c.system}|{c.code}" for c in sets[leaf.value].codes] if leaf.value else None,
        "sites_in": _codes_of(sets, [leaf.site]),
        "settings_in": list(leaf.settings) or None,
        "left_to_in": [f"{c.system}|{c.code}" for c in sets[leaf.discharged_to].codes] if leaf.discharged_to else None,
        "relations_in": _codes_of(sets, [CLOSE]) if leaf.kind == "close-relative" else None,
        "must_value": leaf.has_value,
        "must_live": leaf.active,
    }
    pairs = {(c.system, c.code) for name in leaf.codes for c in sets[name].codes} if leaf.codes else {ANY_CODE}
    return [{"system": system, "code": code, **common} for system, code in sorted(pairs)]


def _bound_columns(window: Bounds) -> dict[str, date | None]:
    return {name: getattr(window, name) for name in ("first_from", "first_to", "last_from", "last_to")}


def _codes_of(sets: Mapping[str, ValueSet], names: Sequence[str]) -> list[str] | None:
    return [code.code for name in names if name for code in sets[name].codes] or None


def wide(judged: ir.Table, leaves: Sequence[int]) -> ir.Table:
    """judged_person, and a struct column ``r<leaf>`` (verdict, day, id, text) for each criterion; NULL where absent."""
    mine = judged.filter(judged.leaf.isin(leaves))
    struct = ibis.struct({"verdict": mine.verdict, "day": mine.day, "id": mine.id, "text": mine.text})
    return mine.group_by(judged_person=mine.person).aggregate(
        **{f"r{leaf}": struct.arbitrary(where=mine.leaf == leaf) for leaf in leaves}
    )


def onto(people: ir.Table, found: ir.Table) -> ir.Table:
    """``people`` beside what ``wide`` made of their records."""
    joined = people.left_join(found, [("person", "judged_person")])
    return joined.select(*[people[c] for c in people.columns], *[found[c] for c in found.columns[1:]])
