"""Nights: begun once, planned in one transaction with every decision, finished when the sum closes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, Row, func, insert, select, update

from outreach.domain.outcome import Bucket, Outcome
from outreach.errors import NotWhole, Refused
from outreach.ledger import tables
from outreach.ledger.book import Book
from outreach.ledger.database import insert_many
from outreach.ledger.items import chunks, columns_of
from outreach.ledger.states import REOPENABLE, UNFINISHED, State
from outreach.ledger.tables import hold, item, outcome
from outreach.ledger.words import ACTIVE, OUTCOME_UNKNOWN, Counts, Lease, Mode, PlannedInvitation, Run, Wrong


class Runs(Book):
    """The chapter on nights."""

    def begin_run(self, lease: Lease, programme: str, as_of: date, *, rule_hash: str, mode: Mode = "live") -> Run:
        """The run of this programme and date, new or as it was left.

        While nothing is planned the rule may still change. A planned night is finished with the rule
        it was planned with; a done night is returned whatever the rule is now.

        Raises:
            Refused: the night was planned under another rule, or begun in another mode.
        """
        with self._writing(lease) as connection:
            row = _run_on(connection, programme, as_of)
            if row is None:
                return self._new_run(connection, programme, as_of, rule_hash, mode)
            run = as_run(row)
            if run.state != "done" and run.mode != mode:
                raise Refused(f"the night {run.run_id} was begun as {run.mode}; run it again in that mode")
            if run.state == "planned" and run.rule_hash != rule_hash:
                raise Refused(f"the rule has changed since {run.run_id} was planned; restore it to finish that night")
            if run.state == "planning" and run.rule_hash != rule_hash:
                self._change(connection, run, rule_hash=rule_hash)
            return _found(connection, run.run_id)

    def run_on(self, programme: str, as_of: date) -> Run | None:
        """The run of this programme and date, if there is one; nothing is begun."""
        with self._reading() as connection:
            row = _run_on(connection, programme, as_of)
            return None if row is None else as_run(row)

    def plan(self, lease: Lease, run: Run, items: Sequence[PlannedInvitation], outcomes: Iterable[Outcome]) -> Run:
        """Write tonight's invitations and everybody else's outcome, all or nothing.

        A key that an earlier night withheld or deferred is opened again for tonight. Nothing in the
        outcomes but person, bucket, reason and list is kept.

        Raises:
            Wrong: the run is planned already, a person stands twice, a first-choice slot is proposed
                twice, or a key has had its invitation (see ``known``).
        """
        _refuse_doubles(items)
        with self._writing(lease) as connection:
            if _found(connection, run.run_id).state != "planning":
                raise Wrong(f"{run.run_id} is planned already")
            for planned in items:
                self._plan_one(connection, run, planned)
            people = len(items) + _write_outcomes(connection, run, outcomes, {p.person for p in items})
            self._change(connection, run, state="planned", cohort=people)
            decided = decisions_digest(connection, run.run_id)
            self._log(connection, "plan", {"items": len(items), "cohort": people, "decisions": decided}, run.run_id)
            return _found(connection, run.run_id)

    def counts(self, run: Run) -> Counts:
        """The sum of the whole run as it stands now, whichever process did what."""
        with self._reading() as connection:
            cohort = _found(connection, run.run_id).cohort
            buckets = _buckets(connection, run.run_id)
            of_run = item.c.run_id == run.run_id
            offered = connection.scalar(select(func.count()).select_from(item).where(of_run)) or 0
            active = hold.c.state.in_(list(ACTIVE))
            holds = connection.scalar(select(func.count()).select_from(hold.join(item)).where(of_run, active)) or 0
        told = sum(n for reasons in buckets.values() for n in reasons.values())
        return Counts(cohort, offered, holds, cohort - told, buckets)

    def unaccounted(self, run: Run, cohort: Collection[str]) -> frozenset[str]:
        """People of the cohort without an outcome, and people with one who are not of the cohort."""
        with self._reading() as connection:
            told = set(connection.scalars(select(outcome.c.person).where(outcome.c.run_id == run.run_id)))
        return frozenset(told.symmetric_difference(cohort))

    def outcomes(self, run: Run) -> list[Outcome]:
        """What has become of everybody so far, in the order of persons; with what was offered to the invited."""
        offered = (item.c.slot, item.c.visit, item.c.language, item.c.channel)
        same = (item.c.campaign_key == outcome.c.campaign_key) & (item.c.run_id == outcome.c.run_id)
        told = (outcome.c.person, outcome.c.bucket, outcome.c.reason, outcome.c.list_name, *offered)
        query = select(*told).select_from(outcome.outerjoin(item, same)).where(outcome.c.run_id == run.run_id)
        with self._reading() as connection:
            return [_as_outcome(*row) for row in connection.execute(query.order_by(outcome.c.person))]

    def finish(self, lease: Lease, run: Run, summary: str) -> Run:
        """Close the night and keep its summary (a JSON object) for whoever asks again.

        Raises:
            NotWhole: somebody is unaccounted for, or an outcome is still unknown.
        """
        left = self.counts(run).unaccounted
        with self._writing(lease) as connection:
            if left or _open(connection, run.run_id):
                raise NotWhole(f"{run.run_id} is not over: {left} people without an outcome; run it again")
            self._change(connection, run, state="done", finished=self.now(), summary=summary)
            digest = hashlib.sha256(summary.encode()).hexdigest()
            self._log(connection, "finish", {"summary": digest}, run.run_id)
            return _found(connection, run.run_id)

    def _new_run(self, connection: Connection, programme: str, as_of: date, rule_hash: str, mode: Mode) -> Run:
        run_id = f"{programme}.{as_of.isoformat()}"
        row = {"run_id": run_id, "programme": programme, "as_of": as_of, "rule_hash": rule_hash, "mode": mode}
        fresh = {"state": "planning", "started": self.now(), "cohort": 0, "summary": ""}
        connection.execute(insert(tables.run).values(row | fresh))
        self._log(connection, "begin", {"rule_hash": rule_hash, "mode": mode}, run_id)
        return _found(connection, run_id)

    def _change(self, connection: Connection, run: Run, **values: object) -> None:
        connection.execute(update(tables.run).where(tables.run.c.run_id == run.run_id).values(values))

    def _plan_one(self, connection: Connection, run: Run, planned: PlannedInvitation) -> None:
        row = columns_of(planned, run.run_id, run.programme, self.now())
        same = item.c.campaign_key == planned.key
        state = connection.scalar(select(item.c.state).where(same))
        if state is None:
            connection.execute(insert(item).values(row))
        elif State(state) in REOPENABLE:
            connection.execute(update(item).where(same).values(row))
        else:
            raise Wrong(f"an invitation that is already {state} cannot be planned again")
        detail = {"from": state or "", "to": State.PLANNED.value}
        self._log(connection, "item", detail, run.run_id, planned.key)


def as_run(row: Row[tuple[object, ...]]) -> Run:
    """A row as a run."""
    return Run(**dict(row._mapping))


def _as_outcome(person: str, bucket: str, reason: str, list_name: str, *offered: str | None) -> Outcome:
    return Outcome(person, Bucket(bucket), reason, list_name, *(text or "" for text in offered))


def decisions_digest(connection: Connection, run_id: str) -> str:
    """A hash over what the plan decided of everybody without an invitation."""
    columns = (outcome.c.person, outcome.c.bucket, outcome.c.reason, outcome.c.list_name)
    decided = (outcome.c.run_id == run_id) & (outcome.c.campaign_key == "")
    digest = hashlib.sha256()
    for line in sorted("\x1f".join(row) for row in connection.execute(select(*columns).where(decided))):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _refuse_doubles(items: Sequence[PlannedInvitation]) -> None:
    firsts = [planned.choices[0].slot for planned in items if planned.choices]
    for what, values in (("person", [p.person for p in items]), ("first-choice slot", firsts)):
        if len(set(values)) != len(values):
            raise Wrong(f"a {what} stands twice in tonight's plan")


def _write_outcomes(connection: Connection, run: Run, outcomes: Iterable[Outcome], invited: set[str]) -> int:
    seen = set(invited)
    for chunk in chunks(outcomes, 20_000):
        before = len(seen)
        seen.update(o.person for o in chunk)
        if len(seen) != before + len(chunk):
            raise Wrong("a person stands twice in tonight's plan")
        rows = [(run.run_id, o.person, run.programme, str(o.bucket), o.reason, o.list_name, "") for o in chunk]
        insert_many(connection, outcome, rows)
    return len(seen) - len(invited)


def _run_on(connection: Connection, programme: str, as_of: date) -> Row[tuple[object, ...]] | None:
    of_night = (tables.run.c.programme == programme) & (tables.run.c.as_of == as_of)
    return connection.execute(select(tables.run).where(of_night)).first()


def _found(connection: Connection, run_id: str) -> Run:
    row = connection.execute(select(tables.run).where(tables.run.c.run_id == run_id)).first()
    if row is None:
        raise Wrong(f"there is no run {run_id}")
    return as_run(row)


def _buckets(connection: Connection, run_id: str) -> dict[str, dict[str, int]]:
    by = (outcome.c.bucket, outcome.c.reason)
    query = select(*by, func.count()).where(outcome.c.run_id == run_id).group_by(*by).order_by(*by)
    buckets: dict[str, dict[str, int]] = {}
    for bucket, reason, people in connection.execute(query):
        buckets.setdefault(bucket, {})[reason] = people
    return buckets


def _open(connection: Connection, run_id: str) -> bool:
    doubtful = (item.c.state == State.QUARANTINED) & (item.c.reason == OUTCOME_UNKNOWN)
    unfinished = item.c.state.in_(list(UNFINISHED)) | doubtful
    return connection.scalar(select(item.c.campaign_key).where(item.c.run_id == run_id, unfinished)) is not None
