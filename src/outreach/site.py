"""A site, opened: its settings with the rules, templates, ledger and server they name. Nothing is contacted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from outreach.content import shipped
from outreach.errors import Problem, Refused
from outreach.fhir.auth import Auth, BearerFromEnv, BearerFromFile
from outreach.fhir.client import FhirClient
from outreach.fhir.scopes import Need
from outreach.fhir.smart import SmartLogin
from outreach.invite import check_templates, languages
from outreach.ledger import Ledger
from outreach.logins import EnvToken, FileToken
from outreach.needs import permissions_needed
from outreach.post import Checkpoint
from outreach.rulebook.library import Library
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import ValueSet
from outreach.settings import Programme, Settings


@dataclass(frozen=True)
class Site:
    """Everything a night works with."""

    settings: Settings
    programmes: tuple[tuple[Programme, Rule], ...]
    sets: Callable[[str], ValueSet | None]  #: the value sets beside the rules, then those that ship
    templates: Path
    ledger: Ledger
    client: FhirClient
    now: Callable[[], datetime]  #: the one clock; aware instants
    checkpoint: Callable[[Checkpoint], object] = field(default=lambda _: None)  #: told each step of the sending

    def folder(self, as_of: date) -> Path:
        """Where a night's files are."""
        return self.settings.home / "nights" / as_of.isoformat()

    def today(self) -> date:
        """The site's own date."""
        return self.now().astimezone(self.settings.zone).date()

    def may_invite(self, rule: Rule) -> bool:
        """Whether the rule may invite anyone here: a live and signed one, or a draft rehearsed on this machine."""
        return may_invite(self.settings, rule, self.today())

    def value_set(self, name: str) -> ValueSet:
        """A value set that the engine itself reads.

        Raises:
            Refused: the rules folder lacks it.
        """
        found = self.sets(name)
        if found is None:
            raise Refused(f"the rules folder lacks the value set “{name}”, which every night reads")
        return found


def may_invite(settings: Settings, rule: Rule, today: date) -> bool:
    """See ``Site.may_invite``."""
    draft = settings.allow_draft_on_loopback and settings.loopback and rule.status != "retired"
    return settings.mode == "live" and (not rule.unsigned(today) or draft)


def open_site(settings: Settings, now: Callable[[], datetime], *, dry_run: bool = False) -> Site:
    """Read every rule and template and open the ledger. The login asks for what will be done: a dry run only reads.

    Raises:
        Refused: a rule, template or setting is wrong, with every problem.
    """
    folder = settings.rules or shipped("rules")
    programmes = programmes_of(settings)
    templates = settings.templates or shipped("templates")
    problems = check_templates(templates)
    if problems:
        raise Refused(problems)
    _require_letters(programmes, templates)
    today = now().astimezone(settings.zone).date()
    rules = [rule for _, rule in programmes]
    sends = not dry_run and any(may_invite(settings, rule, today) for rule in rules)
    needs = permissions_needed(rules, sends=sends, group=bool(settings.reach.group))
    client = client_of(settings, login(settings, needs))
    private(settings.home)
    ledger = Ledger.open(settings.ledger, folder=settings.home, clock=now)
    ledger.secret()  # a lost or open key is refused now
    site = Site(settings, programmes, Library().finder(folder / "any.yaml"), templates, ledger, client, now)
    site.value_set("telehealth")
    return site


def programmes_of(settings: Settings) -> tuple[tuple[Programme, Rule], ...]:
    """Each programme with its rule.

    Raises:
        Refused: a rule is wrong, or there is none of a programme's name.
    """
    folder = settings.rules or shipped("rules")
    rules = {rule.name: rule for rule in load([folder])}
    return tuple((programme, _named(rules, programme.rule)) for programme in settings.programmes)


def login(settings: Settings, needs: Sequence[Need], *, lenient: bool = False) -> Auth | None:
    """How requests show who they are, to do what ``needs`` says; None for not at all. ``lenient``: see ``SmartLogin``.

    Raises:
        Refused: a token or key cannot be had, before anything is contacted.
    """
    way = settings.login
    if way is None:
        return None
    if isinstance(way, EnvToken | FileToken):
        token = BearerFromEnv(way.variable) if isinstance(way, EnvToken) else BearerFromFile(way.path)
        token.headers()
        return token
    return SmartLogin(settings.server, way, needs, lenient=lenient, ca_file=settings.reach.ca_file)


def client_of(settings: Settings, auth: Auth | None) -> FhirClient:
    """The server of the settings.

    Raises:
        Refused: an address cannot be used, before anything is contacted.
    """
    reach = settings.reach
    return FhirClient(
        settings.server, auth=auth, aliases=reach.aliases, file_hosts=reach.file_hosts, ca_file=reach.ca_file,
        identifiers_in_urls=reach.identifiers_in_urls, requests_per_second=settings.requests_per_second,
    )  # fmt: skip


def _require_letters(programmes: Iterable[tuple[Programme, Rule]], templates: Path) -> None:
    for _, rule in programmes:
        if not languages(templates, rule.name, "portal"):
            raise Refused(
                f"there is no letter for “{rule.name}”: templates/{rule.name}/portal.<language>.txt.j2 is missing"
            )


def private(folder: Path) -> Path:
    """A folder that only its owner can open."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def _named(rules: dict[str, Rule], name: str) -> Rule:
    if name not in rules:
        what = f"there is no rule “{name}”"
        raise Refused([Problem("settings", 0, 0, what, "unknown-rule", f"Known here: {', '.join(sorted(rules))}.")])
    return rules[name]
