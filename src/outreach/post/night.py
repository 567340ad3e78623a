"""A planned night, carried out: the only place from which anything is sent or held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, Future, ThreadPoolExecutor, wait
from datetime import datetime

from outreach.domain.outcome import Bucket
from outreach.errors import LeaseHeld, NotWhole, OutreachError, PullIncomplete, ServerFault, ServerRefused, Stopped
from outreach.ledger import Item, Run, State
from outreach.ledger.items import chunks
from outreach.ledger.states import IN_DOUBT, UNFINISHED
from outreach.ledger.words import OUTCOME_UNKNOWN
from outreach.post.checkpoints import Checkpoint
from outreach.post.messages import LOGIN_REFUSED
from outreach.post.offers import offer
from outreach.post.recheck import Recheck, Records
from outreach.post.slots import checks_versions
from outreach.post.tidy import sweep
from outreach.post.words import CallRow, Desk, Letters, Posted

_WORK = UNFINISHED | {State.HANDED_OVER, State.QUARANTINED}


def post_night(desk: Desk, run: Run, *, since: datetime, letters: Letters) -> Posted:
    """Send, hand over or withhold everything that a run planned and has not finished. Repeating it is safe.

    Args:
        since: the transaction time of the pull that the plan was made from.
        letters: writes one letter; see ``words.Letters``.

    Raises:
        Stopped: the stop switch is on (exit 6); what is left stays planned.
        LeaseHeld: another run took over (exit 4).
        PullIncomplete: the server went away before anything was sent (exit 3).
        ServerRefused: the server refuses us, or cannot hold slots safely; nothing was sent (exit 5).
        NotWhole: the server went away or refused us after something was sent (exit 7): run again.
    """
    sent_before = desk.ledger.counts(run).total(Bucket.SENT)
    try:
        rows = list(_work(desk, run, since, letters))
        stray = sweep(desk)
    except (ServerFault, ServerRefused) as fault:
        raise _verdict(desk, run, fault) from None
    sent = desk.ledger.counts(run).total(Bucket.SENT) - sent_before
    doubtful = [i for i in desk.ledger.items(run.run_id, {State.QUARANTINED}) if i.reason == OUTCOME_UNKNOWN]
    return Posted(tuple(sorted(rows, key=lambda row: row.key)), sent, len(doubtful), stray)


def _work(desk: Desk, run: Run, since: datetime, letters: Letters) -> Iterator[CallRow]:
    items = [item for item in desk.ledger.items(run.run_id, _WORK) if not item.needs_somebody]
    _refuse_unsafe_server(desk, items)
    items.sort(key=lambda item: (item.state not in IN_DOUBT, item.key))  # what may have been sent comes first
    pool = ThreadPoolExecutor(desk.settings.workers, "post")
    try:
        recheck = Recheck(desk.client, since, desk.now, pool)
        for batch in chunks(items, desk.settings.batch):
            yield from _batch(desk, batch, recheck, letters, pool)
    finally:
        pool.shutdown(cancel_futures=True)  # an interrupt ends the night after what is under way


def _batch(desk: Desk, batch: Sequence[Item], recheck: Recheck, letters: Letters, pool: Executor) -> Iterator[CallRow]:
    _go_on(desk)
    records = recheck.records(batch)
    desk.checkpoint(Checkpoint.RECHECKED)
    futures = [pool.submit(_one, desk, item, recheck, records[item.key], letters) for item in batch]
    for row in _results(futures):
        if row is not None:
            yield row


def _one(desk: Desk, item: Item, recheck: Recheck, records: Records | None, letters: Letters) -> CallRow | None:
    """One invitation, asked about again when a slow server has made its records old."""
    if records is not None and desk.now() - records.asked > desk.settings.fresh_for:
        records = recheck.alone(item)
    return offer(desk, item, records, letters)


def _results(futures: Sequence[Future[CallRow | None]]) -> list[CallRow | None]:
    """The rows in order; or, when one failed, the gravest failure, after those under way have ended."""
    _, waiting = wait(futures, return_when=FIRST_EXCEPTION)
    for future in waiting:
        future.cancel()
    wait(futures)
    faults = [fault for future in futures if not future.cancelled() and (fault := future.exception())]
    if faults:
        raise min(faults, key=_gravity)
    return [future.result() for future in futures]


def _gravity(fault: BaseException) -> int:
    """A mistake of ours first, then whatever must end the run at once."""
    order = (OutreachError, LeaseHeld, Stopped, ServerRefused, ServerFault)
    return next((i for i, kind in reversed(list(enumerate(order))) if isinstance(fault, kind)), -1)


def _go_on(desk: Desk) -> None:
    """Raise when the run must not go on: a stop, or a lost lease."""
    desk.ledger.renew(desk.lease)
    stop = desk.ledger.stopped()
    if stop is not None:
        raise Stopped(f"stopped by {stop.who}: {stop.why}")


def _refuse_unsafe_server(desk: Desk, items: Sequence[Item]) -> None:
    slots = [choice.slot for item in items if item.state is State.PLANNED for choice in item.planned.choices[:1]]
    if slots and not checks_versions(desk.client, slots[0]):
        raise ServerRefused("the server takes a write with a wrong ETag, so two people could get one slot: no holds")


def _verdict(desk: Desk, run: Run, fault: ServerFault | ServerRefused) -> OutreachError:
    in_doubt = [item for item in desk.ledger.items(run.run_id, IN_DOUBT) if item.reason != LOGIN_REFUSED]
    if desk.ledger.counts(run).total(Bucket.SENT) or in_doubt:
        return NotWhole(f"{fault} Something was sent and the night is not whole: run it again.")
    if isinstance(fault, ServerRefused):
        return fault
    return PullIncomplete(f"{fault} Nothing was sent; run it again.")
