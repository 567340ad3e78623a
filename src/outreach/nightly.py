"""The night, in order. This is the only module that knows it.

pull → flatten → assess → allocate → plan → post → report. Everything before the plan may be done again
without harm; from the plan on, the ledger says what is left to do.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from outreach.allocate import Policy, allocate
from outreach.assess import Day, assess_rules
from outreach.compare.counterfactual import counterfactual
from outreach.compare.people import Ground
from outreach.content import shipped
from outreach.domain.outcome import Bucket, Outcome
from outreach.engines import Engines, engines
from outreach.errors import NotWhole, Stopped
from outreach.followup import earlier_invitations, still_open, write_followed
from outreach.invite.key import campaign_key
from outreach.ledger import Lease, Run
from outreach.letters import letter_writer, named_places
from outreach.needs import types_needed
from outreach.outcomes import merge, statuses, write_outcomes
from outreach.planning import STEP, Plan, Tables, guard, guard_rule, lottery_seed, make_plan, to_be_matched
from outreach.post import CallRow, Desk, Posted, PostSettings, post_night, tidy
from outreach.pull import Manifest, Poll, pull, put_away, read_manifest
from outreach.refresh import Reading, is_proved, read_night
from outreach.report.notebook import NotebookFailed, execute
from outreach.report.strata import STRATIFIERS
from outreach.report.write import write_report
from outreach.rulebook.model import Rule
from outreach.settings import Programme
from outreach.site import Site, private
from outreach.summary import Summary, of_ledger, of_rehearsal, together, told_stop
from outreach.worklists import unreadable_lines, write_call_lists, write_unreadable, write_worklists

#: Told what is happening, for whoever watches.
Progress = Callable[[str], None]

_REPLY_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Night:
    """One night at work: where its files are, and the right to write to the ledger (None: a rehearsal)."""

    site: Site
    as_of: date
    folder: Path
    lease: Lease | None
    progress: Progress
    engines: Engines

    @property
    def tables(self) -> Path:
        return self.folder / "tables"

    def assessment(self, rule: Rule) -> Path:
        """One programme's answers; ``assessment.parquet`` holds those of all."""
        return self.tables / f"assessment.{rule.name}.parquet"


@dataclass(frozen=True)
class Part:
    """One programme of a night: its run in the ledger, or None where nothing may be sent."""

    programme: Programme
    rule: Rule
    run: Run | None

    @property
    def state(self) -> str:
        """planning, planned or done; a rehearsal is always planning."""
        return self.run.state if self.run is not None else "planning"


def run_night(site: Site, as_of: date, *, dry_run: bool, progress: Progress) -> Summary:
    """One night of every programme.

    Repeating a night that is done sends nothing and gives its summary again, with ``sent_now`` 0. A night
    that was cut off is finished as it was planned. A rehearsal of a day that has a real night leaves that
    night's files alone.

    Raises:
        Refused: the settings ask for Spark, and it cannot run here (2).
        PullIncomplete: the server did not give everything; nothing was sent (exit 3).
        LeaseHeld: another run is at work (4).
        ServerRefused: the login, a scope, or something the settings ask; nothing was sent (5).
        Stopped: the stop switch or a guard (6).
        NotWhole: something was sent but the night is not whole (7).
        NotebookFailed: the night is done and its tables are written, but not its page (70).
    """
    with closing(engines(site.settings)) as engine, _lease(site, dry_run) as lease:
        night = Night(site, as_of, _folder(site, as_of, lease), lease, progress, engine)
        parts = [_begin(night, programme, rule) for programme, rule in site.programmes]
        runs = [part.run for part in parts if part.run is not None]
        if runs and all(run.state == "done" for run in runs):
            return replace(together([Summary.from_json(run.summary).again() for run in runs]), folder=night.folder)
        if lease is not None:
            _refuse_when_stopped(site)
        _tidy(night, parts)
        manifest = _gather(night, parts)
        _assess(night, parts)
        _believe(night, parts)
        unread = unreadable_lines(night.tables)
        summaries = [replace(_programme(night, part, manifest), unreadable_lines=unread) for part in parts]
        failed = _report(night, parts)
        whole = _close(night, parts, summaries)
    if failed is not None:
        raise failed
    return replace(whole, folder=night.folder)


def _lease(site: Site, dry_run: bool) -> AbstractContextManager[Lease | None]:
    """The right to write tonight; a rehearsal writes nothing that counts and needs none."""
    if dry_run or not any(site.may_invite(rule) for _, rule in site.programmes):
        return nullcontext()
    return site.ledger.lease("night", f"{socket.gethostname()}:{os.getpid()}")


def _folder(site: Site, as_of: date, lease: Lease | None) -> Path:
    """The night's folder; a rehearsal of a day that has a real night gets one of its own."""
    real = any(site.ledger.run_on(rule.name, as_of) for _, rule in site.programmes)
    kind = "rehearsals" if lease is None and real else "nights"
    private(site.settings.home / kind)
    return private(site.settings.home / kind / as_of.isoformat())


def _begin(night: Night, programme: Programme, rule: Rule) -> Part:
    if night.lease is None or not night.site.may_invite(rule):
        return Part(programme, rule, None)
    return Part(programme, rule, night.site.ledger.begin_run(night.lease, rule.name, night.as_of, rule_hash=rule.hash))


def _refuse_when_stopped(site: Site) -> None:
    if told := told_stop(site.ledger.stopped()):
        raise Stopped(told)


def _tidy(night: Night, parts: Sequence[Part]) -> None:
    """Settle what earlier nights left, before the pull. Replies are not read yet, so no place lapses by itself."""
    for part in parts:
        if part.run is not None and night.lease is not None:
            tidy(_desk(night, part, night.lease), part.rule.name, night.as_of, replies_read=False)


def _gather(night: Night, parts: Sequence[Part]) -> Manifest:
    """Tonight's landing and tables. What a night was planned from is kept; anything else is read anew."""
    landing = night.folder / "landing"
    kept = read_manifest(landing)
    if kept is not None and any(part.state == "planned" for part in parts) and is_proved(night.tables):
        return kept
    _put_away_left(night)
    shutil.rmtree(landing, ignore_errors=True)  # an earlier rehearsal of this day: too old to send from
    manifest = read_night(_reading(night, landing, types_needed(part.rule for part in parts)), _server_time())
    begun = [part.run.started for part in parts if part.run is not None and part.run.state == "planned"]
    if begun:  # the plan is older than this pull: whatever changed since the plan must still be seen
        oldest = min(*begun, datetime.fromisoformat(manifest.transaction_time))
        return replace(manifest, transaction_time=oldest.isoformat())
    return manifest


def _reading(night: Night, landing: Path, types: Sequence[str]) -> Reading:
    site, settings = night.site, night.site.settings
    group = settings.reach.group

    def land(wanted: Sequence[str], folder: Path, since: str, patients: Sequence[str] = ()) -> Manifest:
        return pull(
            site.client, wanted, folder,
            since=since or None, group=group or None, patients=patients,
            prefer_bulk=settings.bulk, kickoff=settings.bulk_kickoff,
            now=_server_time, poll=Poll(most_s=settings.longest_poll_s),
        )  # fmt: skip

    every = settings.whole_pull_every_days
    return Reading(
        site.client, types, landing, night.tables, settings.home, land, every, night.progress,
        group=group, flatten=night.engines.flatten,
    )  # fmt: skip


def _put_away_left(night: Night) -> None:
    """What nights that were cut off in a pull left: an export that runs on, and half a landing.

    Only tonight's own first pull is gone on with.
    """
    if night.lease is not None:
        nights = night.folder.parent
        for part in sorted([*nights.glob("*/landing.part"), *nights.glob("*/landing/*.part")]):
            if part.parent != night.folder:
                put_away(night.site.client, part.with_suffix(""))


def _server_time() -> datetime:
    """Real time, whatever clock a rehearsal keeps: it is compared with the server's own stamps."""
    return datetime.now(UTC)


def _programme(night: Night, part: Part, manifest: Manifest) -> Summary:
    """Match, plan and send one programme."""
    if part.state == "done" and part.run is not None:
        return Summary.from_json(part.run.summary).again()
    if part.run is None or night.lease is None:
        return _rehearse(night, part)
    run = part.run
    if run.state == "planning":
        night.progress(f"allocate {part.rule.name}")
        plan = _plan(night, part)
        run = night.site.ledger.plan(night.lease, run, plan.items, plan.outcomes)
    night.progress(f"post {part.rule.name}")
    return _send(night, replace(part, run=run), run, night.lease, manifest)


def _believe(night: Night, parts: Sequence[Part]) -> None:
    """Every rule's own guard, before anything of any programme is sent; what is planned already was believed."""
    for part in parts:
        if part.state == "planning":
            guard_rule(part.rule, statuses(night.assessment(part.rule)))


def _assess(night: Night, parts: Sequence[Part]) -> None:
    """Assess every programme that is not planned yet, all in one go: what rules share is computed once."""
    left = [p for p in parts if p.state != "done" and (p.state == "planning" or not night.assessment(p.rule).exists())]
    if left:
        night.progress("assess")
        outs = {part.rule.name: night.assessment(part.rule) for part in left}
        with night.engines.assessing(night.tables) as engine:
            assess_rules(engine, [part.rule for part in left], Day(night.as_of, night.site.settings.zone), outs)


def _plan(night: Night, part: Part) -> Plan:
    """Everyone's place in the night, once the guard has believed the numbers."""
    site, rule = night.site, part.rule
    reader = Tables(night.tables, night.assessment(rule), rule, site.value_set("telehealth"))
    settled, found = reader.settled(), reader.night(site.now(), part.programme.clinic.horizon_days)
    guard(part.programme.guard, len(settled) + len(found.overdue), len(found.overdue))
    earlier = earlier_invitations(site.ledger, rule.name, night.as_of, site.settings.zone, night.assessment(rule))
    found = replace(found, open=still_open(earlier, found.aliases))
    secret = site.ledger.secret()
    keys = {p.person: campaign_key(secret, rule.name, p.person, p.due_on.isoformat(), STEP) for p in found.overdue}
    known = site.ledger.known(keys.values())
    people, seed = to_be_matched(found, keys, known), lottery_seed(rule.name, night.as_of)
    allocation = allocate(people, found.visits, found.slots, _policy(night, part), now=site.now(), seed=seed)
    return make_plan(found, settled, allocation, keys, known, reader.cohort())


def _policy(night: Night, part: Part) -> Policy:
    clinic = part.programme.clinic
    return Policy(
        zone=night.site.settings.zone,
        longest_wait_minutes=clinic.longest_wait_minutes,
        notice_hours=clinic.notice_hours,
        horizon_days=clinic.horizon_days,
        risk_groups=tuple(line.name for line in part.rule.at_risk),
    )


def _rehearse(night: Night, part: Part) -> Summary:
    """What the night would do: everything up to the plan, and nothing written that counts."""
    night.progress(f"allocate {part.rule.name}")
    plan, rule = _plan(night, part), part.rule
    offered = [Outcome(item.person, Bucket.DEFERRED, "rehearsed", slot=item.choices[0].slot) for item in plan.items]
    outcomes = [*plan.outcomes, *offered]
    write_outcomes(outcomes, night.assessment(rule), night.tables / f"outcomes.{rule.name}.parquet", rule.name)
    why = "" if night.site.may_invite(rule) else rule.unsigned(night.site.today())
    mode, found = f"dry-run ({why})" if why else "dry-run", statuses(night.assessment(rule))
    hashes, run_id = {rule.name: rule.hash}, f"{rule.name}.{night.as_of}"
    return of_rehearsal(run_id, night.as_of, mode, hashes, found, outcomes, len(offered), plan.cohort)


def _send(night: Night, part: Part, run: Run, lease: Lease, manifest: Manifest) -> Summary:
    """Carry out a planned programme and write down what became of everyone.

    Raises:
        NotWhole: of some message or hold it cannot be told yet whether it is there.
    """
    posted = _post(night, part, run, lease, manifest)
    ledger, rule = night.site.ledger, part.rule
    told = night.tables / f"outcomes.{rule.name}.parquet"
    write_outcomes(ledger.outcomes(run), night.assessment(rule), told, rule.name)
    _call(night, part, posted.calls)
    if not posted.whole:
        raise NotWhole(f"{run.run_id}: the fate of some messages or holds is still unknown; run it again")
    found, counts = statuses(night.assessment(rule)), ledger.counts(run)
    return of_ledger(run.run_id, night.as_of, {rule.name: rule.hash}, found, counts, posted.sent_now)


def _post(night: Night, part: Part, run: Run, lease: Lease, manifest: Manifest) -> Posted:
    letters = letter_writer(night.site.settings, part.programme, part.rule, night.site.templates, night.tables)
    since = datetime.fromisoformat(manifest.transaction_time)
    return post_night(_desk(night, part, lease), run, since=since, letters=letters)


def _desk(night: Night, part: Part, lease: Lease) -> Desk:
    site = night.site
    settings = PostSettings(
        zone=site.settings.zone,
        sender=site.settings.organization or site.settings.site_name,
        portal_system=site.settings.portal_system,
        notice=timedelta(hours=part.programme.clinic.notice_hours),
        reply_within=_REPLY_WITHIN,
    )
    return Desk(site.client, site.ledger, lease, settings, now=site.now, checkpoint=site.checkpoint)


def _call(night: Night, part: Part, calls: Sequence[CallRow]) -> None:
    """The call lists; with several programmes each has its own."""
    suffix = f".{part.rule.name}" if len(night.site.programmes) > 1 else ""
    write_call_lists(
        calls, private(night.folder / "worklist"), night.site.settings.zone, suffix, named_places(night.tables)
    )


def _report(night: Night, parts: Sequence[Part]) -> NotebookFailed | None:
    """The lists for the morning, the tables of the report, and the notebook that tells them.

    Returns:
        Why the notebook failed, if it did: a broken chart must not leave a sent night open.
    """
    night.progress("report")
    site, rules = night.site, [part.rule.name for part in parts]
    for name in ("assessment", "criteria", "outcomes"):
        merge([night.tables / f"{name}.{rule}.parquet" for rule in rules], night.tables / f"{name}.parquet")
    write_worklists(night.tables, private(night.folder / "worklist"))
    write_unreadable(night.tables, night.folder / "worklist")
    zone, ledger = site.settings.zone, site.ledger
    earlier = [earlier_invitations(ledger, p.rule.name, night.as_of, zone, night.assessment(p.rule)) for p in parts]
    write_followed([one for found in earlier for one in found], night.folder)
    folder = private(night.folder / "report")
    write_report(night.tables, folder, night.as_of, portal_system=site.settings.portal_system)
    if night.lease is not None:
        _without_each(night, parts, folder)
    notebook = shipped("notebooks") / "equity_dashboard.ipynb"
    try:
        execute(notebook, night.folder, folder / "equity_dashboard.ipynb", night.as_of)
    except NotebookFailed as failed:
        return failed
    return None


def _without_each(night: Night, parts: Sequence[Part], folder: Path) -> None:
    """Who would stand elsewhere if a protected attribute were known of nobody: each rule, each attribute it reads."""
    night.progress("counterfactual")
    site = night.site
    ground = Ground(night.tables, night.as_of, tuple(STRATIFIERS), site.settings.portal_system)
    assessed, rules = {p.rule.name: night.assessment(p.rule) for p in parts}, [p.rule for p in parts]
    with night.engines.assessing(night.tables) as engine:
        counterfactual(engine, rules, Day(night.as_of, site.settings.zone), assessed, ground, folder)


def _close(night: Night, parts: Sequence[Part], summaries: list[Summary]) -> Summary:
    """Leave the summary where the morning looks for it, and finish each run in the ledger."""
    whole = together(summaries)
    path = night.folder / "summary.json"
    path.write_text(whole.as_json() + "\n", encoding="utf-8")
    path.chmod(0o600)
    for part, summary in zip(parts, summaries, strict=True):
        if part.run is not None and night.lease is not None and part.state != "done":
            night.site.ledger.finish(night.lease, part.run, summary.as_json())
    return whole
