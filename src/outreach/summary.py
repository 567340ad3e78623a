"""The night in numbers: the one object that every run, repeat and test is judged by."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from outreach.domain.outcome import UNREADABLE, Bucket, Outcome
from outreach.ledger import Counts, Stop

#: Buckets whose people the summary counts by reason; the others are one number.
_BY_REASON = (
    Bucket.HANDED_OVER,
    Bucket.WITHHELD,
    Bucket.QUARANTINED,
    Bucket.DEFERRED,
    Bucket.NOT_NOW,
    Bucket.EXCLUDED,
    Bucket.EXCEPTION,
    Bucket.UNKNOWN,
)


@dataclass(frozen=True)
class Summary:
    """Counts of people × programmes for the whole run, whichever process did what.

    ``cohort`` = the sum of all buckets + ``unaccounted``; ``unaccounted`` is 0 in every night that is whole.
    """

    run_id: str
    as_of: str
    mode: str  #: live, dry-run, or rehearsal (a rule that may not invite yet)
    rule_hashes: Mapping[str, str]
    cohort: int
    status_counts: Mapping[str, int]
    offered: int
    sent_now: int
    holds: int
    unaccounted: int
    complete: bool
    buckets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unreadable_lines: Mapping[str, int] = field(default_factory=dict)  #: lines set aside: of a person, of nobody known
    repeated: bool = False  #: told by a process that found the night done
    folder: Path = field(default=Path(), compare=False)  #: where the night's files lie; no part of the JSON

    def total(self, bucket: Bucket) -> int:
        return sum(self.buckets.get(bucket.value, {}).values())

    def again(self) -> Summary:
        """The same night reported by a process that sent nothing."""
        return replace(self, sent_now=0, repeated=True)

    def as_json(self) -> str:
        """One line of JSON with the fields of the command-line contract."""
        told: dict[str, Any] = {
            "run_id": self.run_id,
            "as_of": self.as_of,
            "mode": self.mode,
            "rule_hashes": dict(self.rule_hashes),
            "cohort": self.cohort,
            "status_counts": dict(self.status_counts),
            "offered": self.offered,
            "sent": self.total(Bucket.SENT),
            "sent_now": self.sent_now,
            "not_due": self.total(Bucket.NOT_DUE),
            "not_applicable": self.total(Bucket.NOT_APPLICABLE),
            "holds": self.holds,
            "unaccounted": self.unaccounted,
            "complete": self.complete,
            "unreadable_lines": dict(self.unreadable_lines),
        }
        for bucket in _BY_REASON:
            told[bucket.value] = dict(sorted(self.buckets.get(bucket.value, {}).items()))
        return json.dumps(told, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Summary:
        """The summary that ``as_json`` wrote."""
        told = json.loads(text)
        buckets = {bucket.value: told[bucket.value] for bucket in _BY_REASON if told[bucket.value]}
        for bucket in (Bucket.SENT, Bucket.NOT_DUE, Bucket.NOT_APPLICABLE):
            buckets |= {bucket.value: {"": told[bucket.value]}} if told[bucket.value] else {}
        plain = ("run_id", "as_of", "mode", "rule_hashes", "cohort", "status_counts", "offered", "sent_now", "holds")
        found = {k: told[k] for k in (*plain, "unaccounted", "complete")}
        return Summary(**found, buckets=buckets, unreadable_lines=told.get("unreadable_lines", {}))


def of_ledger(
    run_id: str, as_of: date, hashes: Mapping[str, str], statuses: Mapping[str, int], counts: Counts, sent_now: int
) -> Summary:
    """A live night, counted by its ledger."""
    complete = counts.unaccounted == 0
    return Summary(run_id, as_of.isoformat(), "live", hashes, counts.cohort, statuses, counts.offered, sent_now,
                   counts.holds, counts.unaccounted, complete, counts.buckets)  # fmt: skip


def of_rehearsal(
    run_id: str, as_of: date, mode: str, hashes: Mapping[str, str], statuses: Mapping[str, int],
    outcomes: Iterable[Outcome], offered: int, cohort: int,
) -> Summary:  # fmt: skip
    """A night that showed what it would do. Those who would be offered a slot count as deferred."""
    counted: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        counted.setdefault(outcome.bucket.value, Counter())[outcome.reason] += 1
    told = sum(sum(reasons.values()) for reasons in counted.values())
    return Summary(run_id, as_of.isoformat(), mode, hashes, cohort, statuses, offered, 0, 0, cohort - told,
                   told == cohort, counted)  # fmt: skip


def together(parts: list[Summary]) -> Summary:
    """The programmes of a night as one: counts added up; the lines that could not be read are those of the night."""
    if len(parts) == 1:
        return parts[0]
    buckets: dict[str, Counter[str]] = {}
    for part in parts:
        for bucket, reasons in part.buckets.items():
            buckets.setdefault(bucket, Counter()).update(reasons)
    statuses: Counter[str] = Counter()
    for part in parts:
        statuses.update(part.status_counts)
    hashes = {rule: digest for part in parts for rule, digest in part.rule_hashes.items()}
    modes = sorted({part.mode for part in parts})
    return Summary(
        " ".join(part.run_id for part in parts), parts[0].as_of, " ".join(modes), hashes,
        sum(p.cohort for p in parts), statuses, sum(p.offered for p in parts), sum(p.sent_now for p in parts),
        sum(p.holds for p in parts), sum(p.unaccounted for p in parts), all(p.complete for p in parts), buckets,
        parts[0].unreadable_lines,
    )  # fmt: skip


def told_stop(stop: Stop | None) -> str:
    """Who stopped all sending, when and why, and how to go on; "" when nobody did."""
    if stop is None:
        return ""
    return f"stopped by {stop.who} at {stop.at:%Y-%m-%d %H:%M} UTC: {stop.why}. To go on: outreach resume"


def in_words(summary: Summary) -> str:
    """The night in a few lines, for whoever started it."""
    told = {
        "cohort": summary.cohort,
        "offered a slot": summary.offered,
        "messages sent": f"{summary.total(Bucket.SENT)} ({summary.sent_now} now)",
        "holds": summary.holds,
    }
    told |= {
        bucket.value.replace("_", " "): _reasons(summary, bucket) for bucket in Bucket if bucket is not Bucket.SENT
    }
    told["unaccounted"] = summary.unaccounted
    if any(summary.unreadable_lines.values()):
        lines = ", ".join(f"{whose} {n}" for whose, n in summary.unreadable_lines.items())
        told["unreadable lines"] = f"{lines}: see worklist/{UNREADABLE}.csv"
    head = f"night of {summary.as_of} ({summary.mode}): {'whole' if summary.complete else 'NOT WHOLE'}"
    again = "\nnothing was left to send: this night was done before" if _was_done(summary) else ""
    return "\n".join([head, *(f"  {name:<16} {value}" for name, value in told.items())]) + again


def _was_done(summary: Summary) -> bool:
    return summary.repeated


def _reasons(summary: Summary, bucket: Bucket) -> str:
    found = sorted(summary.buckets.get(bucket.value, {}).items(), key=lambda pair: -pair[1])
    return f"{summary.total(bucket)}" + "".join(f", {reason} {n}" for reason, n in found if reason)
