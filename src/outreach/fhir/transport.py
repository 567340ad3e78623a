"""One call to the server: its tries, its limits, and what must never leave with it.

Never: a redirect followed, a proxy or netrc from the environment, a cookie kept, a certificate unchecked, the login
sent off the base, a query or body in an error or a log line.
"""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from pathlib import Path

import requests
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from outreach import __version__
from outreach.errors import ServerRefused
from outreach.fhir.auth import Auth
from outreach.fhir.deadline import Watchdog, WatchedAdapter
from outreach.fhir.faults import Broken, NeverSent
from outreach.fhir.origin import Origin
from outreach.fhir.retry import READ_AGAIN, TRIES, WRITE_AGAIN, pause
from outreach.fhir.wire import Answer, Call, Sink, delimited, receive

CONNECT_S = 10.0
WIRE_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
FHIR_JSON = "application/fhir+json"

for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(lambda record: False)  # they print whole URLs, and a query may name a patient


@dataclass(frozen=True)
class Limits:
    """``deadline_s``: seconds that all tries of a call may spend talking. ``patience_s``: the waits between, in all."""

    deadline_s: float
    patience_s: float


class Transport:
    """Makes calls. Safe to share between threads: each has connections of its own."""

    def __init__(
        self,
        origin: Origin,
        auth: Auth | None,
        limits: Limits,
        sleep: Callable[[float], object],
        monotonic: Callable[[], float],
        ca_file: Path | None,
    ) -> None:
        self.origin, self.sleep, self.monotonic = origin, sleep, monotonic
        self._auth, self._limits = auth, limits
        self._verify: str | bool = str(ca_file) if ca_file else True
        self._own = threading.local()

    def ask(self, call: Call, sink: Sink | None = None) -> Answer:
        """Makes the call, again where that is safe, and returns the last answer whatever its status but 401 and 403.

        Raises:
            ServerRefused: 401 or 403.
            NeverSent, Broken: no whole answer on the last try.
        """
        spare, patience, doubted = self._limits.deadline_s, self._limits.patience_s, False
        for attempt in count():
            began = self.monotonic()
            result = self._try(call, spare, sink)
            spare -= 0.0 if sink else self.monotonic() - began
            wait = _wait(call, attempt, result)
            if wait is None or wait > patience or spare <= 0:
                return _finish(call, result, doubted)
            doubted = doubted or not (isinstance(result, NeverSent) or _status(result) == 429)
            patience -= wait
            self.sleep(wait)
        raise AssertionError

    def _try(self, call: Call, seconds: float, sink: Sink | None) -> Answer | NeverSent | Broken:
        with Watchdog(seconds) as watchdog:
            try:
                return self._exchange(call, seconds, sink, watchdog)
            except Broken as fault:
                return fault
            except WIRE_ERRORS as error:
                if watchdog.fired or isinstance(error, requests.ReadTimeout):
                    return Broken(f"{call.what}: no whole answer within the time limit.")
                if _never_sent(error):
                    return NeverSent(f"{call.what}: the server cannot be reached ({type(error).__name__}).")
                return Broken(f"{call.what}: the connection broke ({type(error).__name__}).")

    def _exchange(self, call: Call, seconds: float, sink: Sink | None, watchdog: Watchdog) -> Answer:
        headers = {"Accept": FHIR_JSON, "Accept-Encoding": "identity", "Cache-Control": "no-cache", **call.headers}
        if self._auth and call.login and self.origin.is_home(call.url):
            headers.update(self._auth.headers())
        response = self._session().request(
            call.method,
            call.url,
            headers=headers,
            data=call.body,
            stream=True,
            allow_redirects=False,
            timeout=(min(CONNECT_S, seconds), seconds),
            verify=self._verify,
        )
        try:
            body = receive(call, response, sink if response.status_code == 200 else None, watchdog)
        finally:
            response.close()
        if watchdog.fired:
            raise Broken(f"{call.what}: no whole answer within the time limit.")
        return Answer(response.status_code, response.headers, body, delimited(response.headers))

    def _session(self) -> requests.Session:
        """This thread's session: nothing from the environment, no cookies, nothing tried again behind our back."""
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            session.trust_env = False
            session.headers = CaseInsensitiveDict({"User-Agent": f"outreach/{__version__}"})
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.mount("http://", WatchedAdapter(max_retries=0))
            session.mount("https://", WatchedAdapter(max_retries=0))
        return session


def _wait(call: Call, attempt: int, result: Answer | NeverSent | Broken) -> float | None:
    """Seconds until the next try; None when there must be none."""
    if attempt + 1 >= TRIES or (call.write and isinstance(result, Broken)):
        return None
    if isinstance(result, Answer):
        again = WRITE_AGAIN if call.write else READ_AGAIN
        return pause(attempt, result.headers.get("Retry-After")) if result.status in again else None
    return pause(attempt, None)


def _finish(call: Call, result: Answer | NeverSent | Broken, doubted: bool) -> Answer:
    if isinstance(result, NeverSent) and doubted:
        raise Broken(str(result))
    if isinstance(result, NeverSent | Broken):
        raise result
    if result.status in (401, 403):
        raise ServerRefused(f"{call.what}: the server refuses our login or lacks a scope ({result.status}).")
    return replace(result, doubted=doubted)


def _status(result: Answer | NeverSent | Broken) -> int | None:
    return result.status if isinstance(result, Answer) else None


def _never_sent(error: Exception) -> bool:
    """Whether the failure came before anything was sent."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return True
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
