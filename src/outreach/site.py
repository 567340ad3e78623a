"""A site, opened: its settings with the rules, templates, ledger and server they name. Nothing is contacted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from outreach.content import shipped
from outreach.errors import Problem, Refused
from outreach.fhir.auth import BearerFromEnv
from outreach.fhir.client import FhirClient
from outreach.invite import check_templates, languages
from outreach.ledger import Ledger
from outreach.post import Checkpoint
from outreach.rulebook.codes import CodeFolder
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule
from outreach.rulebook.terms import ValueSet
from outreach.settings import Programme, Settings


@dataclass(frozen=True)
class Site:
    """Everything a night works with."""

    settings: Settings
    programmes: tuple[tuple[Programme, Rule], ...]
    codes: CodeFolder
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
        draft = self.settings.allow_draft_on_loopback and self.settings.loopback and rule.status != "retired"
        return self.settings.mode == "live" and (not rule.unsigned(self.today()) or draft)

    def value_set(self, name: str) -> ValueSet:
        """A value set that the engine itself reads.

        Raises:
            Refused: the rules folder lacks it.
        """
        found = self.codes.get(name) if name in self.codes.names() else None
        if found is None:
            raise Refused(f"the rules folder lacks the value set “{name}”, which every night reads")
        return found


def open_site(settings: Settings, now: Callable[[], datetime]) -> Site:
    """Read every rule and template and open the ledger.

    Raises:
        Refused: a rule, template or setting is wrong, with every problem.
    """
    folder = settings.rules or shipped("rules")
    rules = {rule.name: rule for rule in load([folder], folder / "codes")}
    programmes = tuple((programme, _named(rules, programme.rule)) for programme in settings.programmes)
    templates = settings.templates or shipped("templates")
    problems = check_templates(templates)
    if problems:
        raise Refused(problems)
    _require_letters(programmes, templates)
    client = FhirClient(settings.server, auth=_auth(settings))
    private(settings.home)
    ledger = Ledger.open(settings.ledger, folder=settings.home, clock=now)
    ledger.secret()  # a lost or open key is refused now
    site = Site(settings, programmes, CodeFolder(folder / "codes"), templates, ledger, client, now)
    site.value_set("telehealth")
    return site


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


def _auth(settings: Settings) -> BearerFromEnv | None:
    if not settings.bearer_env:
        return None
    login = BearerFromEnv(settings.bearer_env)
    login.headers()  # an unset variable is refused now, before anything is contacted
    return login
