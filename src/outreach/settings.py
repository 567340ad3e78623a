"""The settings of a site: one commented YAML file, read whole and checked before anything is contacted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from outreach.errors import Refused, at_file
from outreach.logins import Login, is_loopback, read_login, refuse_secrets
from outreach.reach import KEYS, Reach, read_reach
from outreach.rulebook.located import Located, Mapping, read
from outreach.rulebook.reader import Reader

_KEYS = (
    *("server", "site", "programmes", "rules", "templates", "home", "ledger", "engine", "mode"),
    *("allow_draft_on_loopback", "portal", "spark"),
)
_CLINIC = ("horizon_days", "longest_wait_minutes", "notice_hours", "fasting_hours")
_SERVER = (
    *("url", "auth", "bulk", "bulk_kickoff", "longest_poll_seconds", "requests_per_second"),
    "whole_pull_every_days",
    *KEYS,
)
Kickoff = Literal["auto", "get", "post"]
KICKOFFS: tuple[Kickoff, ...] = ("auto", "get", "post")
EngineName = Literal["duckdb", "spark"]
ENGINES: tuple[EngineName, ...] = ("duckdb", "spark")
_GUARD = ("cohort", "overdue")


@dataclass(frozen=True)
class Clinic:
    """How a pop-up clinic may be offered. All are whole numbers in the unit their name gives."""

    horizon_days: int = 21
    longest_wait_minutes: int = 120
    notice_hours: int = 24
    fasting_hours: int = 6


@dataclass(frozen=True)
class Guard:
    """The numbers of people between which a night is believable; outside them nothing is sent."""

    cohort: tuple[int, int] = (1, 10**9)
    overdue: tuple[int, int] = (0, 10**9)


@dataclass(frozen=True)
class Spark:
    """Where Spark runs, for ``engine: spark``: its address of the cluster, and the driver's memory ("4g")."""

    master: str = "local[*]"
    memory: str = "2g"


@dataclass(frozen=True)
class Programme:
    rule: str
    clinic: Clinic
    guard: Guard


@dataclass(frozen=True)
class Settings:
    """Everything a night needs to know of its site. Paths are absolute."""

    path: Path
    server: str
    bulk: bool  #: use Bulk $export where the server offers it
    bulk_kickoff: Kickoff  #: how an export is started; auto: by GET, and by POST where the server wants that
    requests_per_second: int  #: no more than these are begun; 0 for no limit
    longest_poll_s: int  #: seconds between two looks at a running export, whatever the server asks for
    whole_pull_every_days: int  #: other nights read what changed; 0 or 1: every night reads everything
    reach: Reach
    login: Login | None  #: how we log in; None: not at all
    site_name: str
    phone: str
    organization: str  #: who the messages are from, as a reference: "Organization/1"; "" for none
    zone: ZoneInfo
    programmes: tuple[Programme, ...]
    rules: Path | None  #: None: the rules that ship
    templates: Path | None
    home: Path
    ledger: str  #: an SQLAlchemy address
    mode: Literal["dry-run", "live"]
    allow_draft_on_loopback: bool
    portal_system: str  #: Patient.identifier.system of a portal account
    engine: EngineName  #: what reads the landing and works out the rules
    spark: Spark

    @property
    def loopback(self) -> bool:
        """Whether the server is on this machine."""
        return is_loopback(urlsplit(self.server).hostname or "")


_ELSEWHERE = (
    "Say where they are, as in --config outreach-demo/outreach.yaml for the demo's, or write some with outreach init."
)


def read_settings(path: Path) -> Settings:
    """Read a settings file.

    Raises:
        Refused: every problem in it at once.
    """
    if not path.exists():
        raise at_file(path, "there are no settings here", "no-settings", _ELSEWHERE)
    source, top = read(path)
    return _SettingsReader(Reader(source), top, path.resolve()).settings()


class _SettingsReader:
    def __init__(self, reader: Reader, top: Mapping, path: Path) -> None:
        self.reader, self.top, self.path = reader, top, path

    def settings(self) -> Settings:
        part = self.top.get("server")
        auth = part.get("auth") if isinstance(part, Mapping) else None
        refuse_secrets(self.reader, auth)
        self.reader.mapping(self.top, _KEYS, "the settings", ("server", "site", "programmes", "home"))
        way = self._part("server", _SERVER, ("url",))
        site = self._part("site", ("name", "phone", "organization", "time_zone"), ("name", "phone", "time_zone"))
        home = self._path("home") or self.path.parent / "outreach-home"
        portal = self._part("portal", ("identifier_system",), ())
        mode = self.reader.word(self.top.get("mode"), "mode", ("dry-run", "live")) or "dry-run"
        settings = Settings(
            self.path,
            self._server(),
            self.reader.flag(way.get("bulk") if way else None, "bulk", default=True),
            self._kickoff(way),
            self.reader.whole(way.get("requests_per_second") if way else None, "requests_per_second", 0, 1000) or 0,
            self.reader.whole(way.get("longest_poll_seconds") if way else None, "longest_poll_seconds", 1, 3600) or 300,
            self._days(way, "whole_pull_every_days", 7),
            read_reach(self.reader, way, self.path.parent),
            read_login(self.reader, auth, self.path.parent),
            self._text(site, "name", ""),
            self._text(site, "phone", ""),
            self._organization(site),
            self._zone(site),
            self._programmes(),
            self._path("rules"),
            self._path("templates"),
            home,
            self._ledger(home),
            "live" if mode == "live" else "dry-run",
            self.reader.flag(self.top.get("allow_draft_on_loopback"), "allow_draft_on_loopback", default=False),
            self._text(portal, "identifier_system", "urn:outreach:portal-account"),
            self._engine(),
            self._spark(),
        )
        self.reader.done()
        return settings

    def _kickoff(self, way: Mapping | None) -> Kickoff:
        word = self.reader.word(way.get("bulk_kickoff") if way else None, "bulk_kickoff", KICKOFFS)
        return next((known for known in KICKOFFS if known == word), "auto")

    def _engine(self) -> EngineName:
        word = self.reader.word(self.top.get("engine"), "engine", ENGINES)
        return next((known for known in ENGINES if known == word), "duckdb")

    def _spark(self) -> Spark:
        part = self._part("spark", ("master", "memory"), ())
        spark = Spark(self._text(part, "master", Spark.master), self._text(part, "memory", Spark.memory))
        at = part.get("memory") if part else None
        if at is not None and spark.memory and not re.fullmatch(r"[1-9][0-9]*[mg]", spark.memory):
            self.reader.say(at, "memory must be a whole number of m or g", "not-a-size", "Like 4g.")
        return spark

    def _part(self, key: str, known: tuple[str, ...], required: tuple[str, ...]) -> Mapping | None:
        return self.reader.mapping(self.top.get(key), known, key, required)

    def _text(self, mapping: Mapping | None, key: str, default: str) -> str:
        at = mapping.get(key) if mapping else None
        return default if at is None else self.reader.word(at, key)

    def _server(self) -> str:
        part = self.top.get("server")
        at = part.get("url") if isinstance(part, Mapping) else None
        url = self.reader.word(at, "url").rstrip("/")
        if at is not None and url and urlsplit(url).scheme not in ("http", "https"):
            self.reader.say(at, "the server's address must start with https://", "not-an-address")
        return url

    def _days(self, part: Mapping | None, key: str, default: int) -> int:
        days = self.reader.whole(part.get(key), key, 0, 90) if part else None
        return default if days is None else days

    def _organization(self, site: Mapping | None) -> str:
        at = site.get("organization") if site else None
        word = self._text(site, "organization", "")
        if at is not None and word and not re.fullmatch(r"Organization/[A-Za-z0-9\-.]{1,64}", word):
            self.reader.say(at, "organization must be a reference", "not-a-reference", "Write it like Organization/1.")
        return word

    def _zone(self, site: Mapping | None) -> ZoneInfo:
        at = site.get("time_zone") if site else None
        name = self.reader.word(at, "time_zone", available_timezones(), "unknown-time-zone") if at else ""
        return ZoneInfo(name or "UTC")

    def _path(self, key: str) -> Path | None:
        at = self.top.get(key)
        word = self.reader.word(at, key) if at is not None else ""
        if not word:
            return None
        path = (self.path.parent / word).resolve()
        if key != "home" and not path.is_dir() and at is not None:
            self.reader.say(at, f"there is no folder “{word}” beside the settings", "no-folder")
        return path

    def _ledger(self, home: Path) -> str:
        at = self.top.get("ledger")
        word = self.reader.word(at, "ledger") if at is not None else ""
        if "://" in word:
            return word
        return f"sqlite:///{(self.path.parent / word).resolve() if word else home / 'ledger.sqlite'}"

    def _programmes(self) -> tuple[Programme, ...]:
        at = self.top.get("programmes")
        found = [p for item in self.reader.items(at, "programmes") if (p := self._programme(item)) is not None]
        for number, programme in enumerate(found):
            if at is not None and any(programme.rule == other.rule for other in found[:number]):
                self.reader.say(at, f"the programme “{programme.rule}” stands here twice", "same-programme")
        if at is not None and not found and not self.reader.problems:
            self.reader.say(at, "there is no programme", "no-programme", "Add - {rule: hcc-surveillance}.")
        return tuple(found)

    def _programme(self, at: Located) -> Programme | None:
        mapping = self.reader.mapping(at, ("rule", "clinic", "guard"), "a programme", ("rule",))
        if mapping is None:
            return None
        clinic = self.reader.mapping(mapping.get("clinic"), _CLINIC, "clinic")
        numbers = {k: self.reader.whole(clinic.get(k), k, 0, 10_000) if clinic else None for k in _CLINIC}
        guard = self.reader.mapping(mapping.get("guard"), _GUARD, "guard")
        bounds = {k: b for k in _GUARD if guard and (b := self._bounds(guard.get(k), k)) is not None}
        return Programme(
            self.reader.word(mapping.get("rule"), "rule"),
            Clinic(**{k: v for k, v in numbers.items() if v is not None}),
            Guard(**bounds),
        )

    def _bounds(self, at: Located | None, what: str) -> tuple[int, int] | None:
        if at is None:
            return None
        numbers = [self.reader.whole(item, what) for item in self.reader.items(at, what)]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None or numbers[0] > numbers[1]:
            self.reader.say(at, f"{what} must be two numbers, least and greatest", "not-bounds", "Like [200, 900].")
            return None
        return numbers[0], numbers[1]


__all__ = ["Clinic", "Guard", "Programme", "Refused", "Settings", "Spark", "read_settings"]
