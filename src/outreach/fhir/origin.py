"""Where a request may go: the configured base, and nowhere a server's answer points to instead.

A next link, a Content-Location or a manifest is text that somebody else wrote. Followed as it stands, it can carry a
login, or a search that names a patient, to another host.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from outreach.errors import Refused, ServerFault
from outreach.logins import is_loopback

_PORTS = {"https": 443, "http": 80}


def check_base(url: str) -> str:
    """The base address as the client uses it: scheme and host in lower case, no slash at the end.

    Raises:
        Refused: not an absolute http(s) address; it carries a login, query or fragment; or it is plain http to a
            host other than this machine. The message never repeats the address, which may hold a password.
    """
    base = _spelt(url)
    parts = urlsplit(base)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Refused("The server's address is plain http: use https. Plain http is allowed to this machine only.")
    return base


def _spelt(url: str) -> str:
    """The one spelling of a base address; Refused when it is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("The server's address cannot be read as a URL.") from None
    if parts.scheme not in _PORTS or not host:
        raise Refused("The server's address must begin with https:// and name a host.")
    if "@" in parts.netloc or parts.query or parts.fragment or _has_dots(parts.path):
        raise Refused("The server's address must hold no login, no query, no fragment and no dot segments.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


class Origin:
    """The base of one server, the other names it gives itself, and the hosts that may serve its bulk files.

    Args:
        base: the address the settings give.
        aliases: other bases under which the server speaks of itself (behind a proxy). A link below one of them is
            asked at ``base``, so they may be plain http.
        file_hosts: other bases from which bulk files may be fetched, never with our login.

    Raises:
        Refused: one of the addresses cannot be used.
    """

    def __init__(self, base: str, aliases: Sequence[str] = (), file_hosts: Sequence[str] = ()) -> None:
        self.base = check_base(base)
        self._aliases = [_spelt(alias) for alias in aliases]
        self._file_hosts = [check_base(host) for host in file_hosts]

    def resolve(self, link: str) -> str:
        """A link the server gave, relative or absolute, as an address below the base.

        Raises:
            ServerFault: it points elsewhere. The link itself is not repeated.
        """
        return self._own(self._absolute(link, f"{self.base}/"))

    def resolve_file(self, link: str, given_at: str = "") -> str:
        """As ``resolve``, for bulk jobs and files, which may lie beside the base on its host, or on a file host.

        ``given_at``: the address that the link was given at, if it is relative to that (a redirect's is) and not to
        the base.
        """
        url = self._absolute(link, given_at or f"{self.base}/")
        if self.is_home(url) or any(_below(host, url) for host in self._file_hosts):
            return url
        return self._own(url)

    def _own(self, url: str) -> str:
        for home in (self.base, *self._aliases):
            if _below(home, url):
                return _moved(url, home, self.base)
        raise ServerFault("The server gave a link to another origin than its own; it was not followed.")

    def _absolute(self, link: str, given_at: str) -> str:
        """The whole address; empty when it cannot be read as one, or be sent: JSON can hold half of a character."""
        try:
            link.encode()
            return urljoin(given_at, link)
        except ValueError:
            return ""

    def is_home(self, url: str) -> bool:
        """Whether our login may go with a request to this address: scheme, host and port are the base's."""
        return _below(urlsplit(self.base)._replace(path="").geturl(), url)


def _below(home: str, url: str) -> bool:
    """Whether ``url`` has the scheme, host, port and path prefix of ``home``."""
    try:
        ours, theirs = urlsplit(home), urlsplit(url)
        same = _origin(ours) == _origin(theirs)
    except ValueError:
        return False
    if not same or "@" in theirs.netloc or _has_dots(theirs.path):
        return False
    return theirs.path == ours.path or theirs.path.startswith(ours.path + "/")


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)


def _moved(url: str, home: str, base: str) -> str:
    """``url``, which lies below ``home``, below ``base``; both ends spelt as the base is."""
    parts = urlsplit(url)
    rest = parts.path[len(urlsplit(home).path) :]
    return base + rest + (f"?{parts.query}" if parts.query else "")


def _has_dots(path: str) -> bool:
    """``/fhir/../admin`` begins with ``/fhir/`` and is not below it, encoded or not."""
    return any(segment in (".", "..") for segment in unquote(path).replace("\\", "/").split("/"))
