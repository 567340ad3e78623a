"""How the settings say that we log in: ``server: {auth: …}``. Names of places only; a secret never stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from outreach.errors import Problem, Refused
from outreach.rulebook.leaks import leaks
from outreach.rulebook.located import Located, Mapping, Sequence, Text
from outreach.rulebook.reader import Reader

FORMS = ("v1", "v2")  #: how SMART scopes are written: Patient.read, or Patient.rs
_WAYS = ("bearer_env", "bearer_file", "smart")
_SMART = ("client_id", "key_file", "key_id", "token_url", "scopes", "jwks_url")
_SECRETS = frozenset({"password", "secret", "token", "key", "private_key", "client_secret", "bearer", "access_token"})
_KEY_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "keys"})  # a private JWK, RFC 7518 section 6
_HINT = "Put it in an environment variable or a file of mode 0600 and name that: bearer_env, bearer_file or key_file."
#: RFC 6749 section 3.3 without the quotation mark: https://www.rfc-editor.org/rfc/rfc6749#section-3.3
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")


@dataclass(frozen=True)
class EnvToken:
    """A bearer token kept in an environment variable."""

    variable: str


@dataclass(frozen=True)
class FileToken:
    """A bearer token kept in a file of mode 0600."""

    path: Path


@dataclass(frozen=True)
class Backend:
    """SMART Backend Services: a client that signs for itself. https://hl7.org/fhir/smart-app-launch/backend-services.html

    ``""`` where a setting is absent. ``form`` is v1, v2 or "" (as the server says); ``scopes`` are asked for literally
    when there are any, instead of what the night needs.
    """

    client_id: str
    key_file: Path
    key_id: str = ""
    token_url: str = ""
    jwks_url: str = ""
    form: str = ""
    scopes: tuple[str, ...] = ()


Login = EnvToken | FileToken | Backend


def refuse_secrets(reader: Reader, auth: Located | None) -> None:
    """Refuse a secret in the settings, at once and without its line: no message may repeat it.

    Raises:
        Refused: where each stands.
    """
    found = [_without_line(reader, at) for at in _secrets(auth)]
    if found:
        raise Refused(found)


def read_login(reader: Reader, auth: Located | None, folder: Path) -> Login | None:
    """The login that ``auth`` describes; None for none. Paths are relative to ``folder``."""
    if auth is None or (isinstance(auth, Text) and auth.value == "none"):
        return None
    way = reader.mapping(auth, _WAYS, "auth")
    named = [key for key in _WAYS if way is not None and way.get(key) is not None]
    if way is None or len(named) != 1:
        if way is not None and (named or not way.pairs):
            hint = "Write one of bearer_env, bearer_file and smart."
            reader.say(auth, "auth must name one way to log in", "one-login", hint)
        return None
    if named == ["bearer_env"]:
        return EnvToken(_variable(reader, way.get("bearer_env")))
    if named == ["bearer_file"]:
        return FileToken(_file(reader, way.get("bearer_file"), "bearer_file", folder))
    smart = reader.mapping(way.get("smart"), _SMART, "smart", ("client_id", "key_file"))
    return _backend(reader, smart, folder) if smart is not None else None


def why_not_secure(url: str) -> str:
    """Why nothing secret may be sent to an address; "" when it may: https, or http to this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "cannot be read as an address"
    if parts.scheme not in ("https", "http") or not host or not url.isprintable() or " " in url:
        return "is no https address"
    if "@" in parts.netloc or parts.fragment:
        return "must hold no login and no fragment"
    if parts.scheme == "http" and not is_loopback(host):
        return "is plain http: use https"
    return ""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _backend(reader: Reader, smart: Mapping, folder: Path) -> Backend:
    form, scopes = _scopes(reader, smart.get("scopes"))
    return Backend(
        client_id=reader.word(smart.get("client_id"), "client_id"),
        key_file=_file(reader, smart.get("key_file"), "key_file", folder),
        key_id=reader.word(smart.get("key_id"), "key_id"),
        token_url=_address(reader, smart.get("token_url"), "token_url"),
        jwks_url=_address(reader, smart.get("jwks_url"), "jwks_url"),
        form=form,
        scopes=scopes,
    )


def _scopes(reader: Reader, at: Located | None) -> tuple[str, tuple[str, ...]]:
    if isinstance(at, Text) and at.value in FORMS:
        return str(at.value), ()
    found = reader.words(at, "scopes")
    for item in at.items if isinstance(at, Sequence) else [at] if isinstance(at, Text) else []:
        if isinstance(item, Text) and isinstance(item.value, str) and not _SCOPE.fullmatch(item.value):
            reader.say(item, "this is no scope", "not-a-scope", "Write v1, v2, or a list like [system/Patient.rs].")
    return "", found


def _variable(reader: Reader, at: Located | None) -> str:
    word = reader.word(at, "bearer_env")
    if at is not None and word and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", word):
        hint = "Write the variable's name, like OUTREACH_TOKEN, not what it holds."
        what = "bearer_env must be the name of an environment variable"
        problem = reader.source.problem(at, what, "not-a-name", hint)
        reader.problems.append(replace(problem, source=""))  # it may be the token itself
    return word


def _file(reader: Reader, at: Located | None, what: str, folder: Path) -> Path:
    word = reader.word(at, what)
    path = (folder / word).expanduser()
    if at is not None and word and not path.is_file():
        reader.say(at, f"there is no file “{word}” beside the settings", "no-file")
    return path


def _address(reader: Reader, at: Located | None, what: str) -> str:
    word = reader.word(at, what)
    why = why_not_secure(word) if word else ""
    if at is not None and why:
        reader.say(at, f"{what} {why}", "not-an-address", "Write it whole, like https://auth.example.org/token.")
    return word


def _secrets(at: Located | None) -> Iterator[Located]:
    for key, value in at.pairs if isinstance(at, Mapping) else ():
        if key.value in _SECRETS | _KEY_PARTS:
            yield key
        yield from _secrets(value)
    for item in at.items if isinstance(at, Sequence) else ():
        yield from _secrets(item)
    if isinstance(at, Text) and isinstance(at.value, str) and any(leaks(at.value)):
        yield at


def _without_line(reader: Reader, at: Located) -> Problem:
    what = "a secret must not stand in the settings"
    return replace(reader.source.problem(at, what, "secret-in-settings", _HINT), source="")
