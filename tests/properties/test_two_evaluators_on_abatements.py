"""Both evaluators on a diagnosis that has ended, in every form in which its end can be told or fail to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from plain.conftest import coded
from plain.fhir import Resource
from plain.made.writing import NEVER_SCANNED, opening, written
from properties.both import World
from properties.told import Lot

TODAY = date(2026, 3, 1)
UNREADABLE = "2025-13-45"
DAYS = ("", "2025-06-01", "2026-02", "2026", "2026-03-01", "2026-03-02", "2027", UNREADABLE)
ONSETS = ("2024-06-01", "2026", "")
WINDOWS: tuple[dict[str, object], ...] = (
    {"active": True},
    *({word: "year"} for word in ("ends_in", "during", "overlaps", "starts_in")),
    {"during": "prior"},
    {"active": True, "overlaps": "prior"},
)


def _ends() -> Iterator[Resource]:
    yield {}
    yield {"clinicalStatus": {"coding": [{"code": "resolved"}]}}
    for day in DAYS[1:]:
        yield {"abatementDateTime": day}
    for start, end in product(DAYS, DAYS):
        if start or end:
            yield {"abatementPeriod": {side: day for side, day in (("start", start), ("end", end)) if day}}


def _people() -> Iterator[Resource]:
    for number, (end, onset) in enumerate(product(_ends(), ONSETS)):
        me = f"p{number}"
        yield {"resourceType": "Patient", "id": me, "gender": "male"}
        began = {"onsetDateTime": onset} if onset else {}
        yield {"resourceType": "Condition", "id": me, "subject": {"reference": f"Patient/{me}"}, "code": coded("ill-a"),
               **end, **began}  # fmt: skip


def _rule() -> str:
    lines = {f"line-{n}": {"diagnosis": {"name": "ill-a", **asked}} for n, asked in enumerate(WINDOWS)}
    told = dict.fromkeys(("why", "owner", "source"), "nobody")
    return written(
        {
            **opening("ended"),
            "periods": {"year": {"length": "1 year"}, "prior": {"before": "year", "length": "1 year"}},
            "reads": {"sex": {**told, "review_by": "2027-01-01"}},
            "at_risk": {"all": {"sex": "male", "source": "nobody", "why": "for a test"}, "if_unknown": "ask-list"},
            "cannot_help": {**lines, "if_unknown": "continue-and-flag"},
            "counts_as_done": {"scan": {"report": "image-a"}},
            "next_due": [NEVER_SCANNED],
            "proven_by": "public-test-cases",
        }
    )


def test_both_agree_on_every_end_of_a_diagnosis(tmp_path):
    people = list(_people())
    world = World(tmp_path / "world", people, Lot(TODAY, seeded=1, people=len(people) // 2, rules=1))
    told = world.compare([_rule()])
    world.close()
    assert told.refused == 0
    assert told.pairs == 72 * len(ONSETS)
    assert [str(each.difference) for each in told.unlike] == []
