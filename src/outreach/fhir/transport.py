"""One call to the server: its tries, its limits, and what must never leave with it.

Never: a redirect followed, a proxy or netrc from the environment, a cookie kept, a certificate unchecked, the login
sent off the base, a query or body in an error or a log line.
"""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from pathlib import Path

import requests
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from outreach import __version__
from outreach.errors import Refused, ServerFault, ServerRefused
from outreach.fhir.auth import Auth, Renewing
from outreach.fhir.deadline import Watchdog, WatchedAdapter
from outreach.fhir.faults import Broken, Forbidden, NeverSent
from outreach.fhir.origin import Origin
from outreach.fhir.pace import Pace
from outreach.fhir.retry import READ_AGAIN, TRIES, WRITE_AGAIN, pause
from outreach.fhir.wire import Answer, Call, Sink, delimited, receive

CONNECT_S = 10.0
WIRE_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
#: A time-out of one read, which ends with the watchdog's: in the headers requests' own, in the body urllib3's.
WAITED = (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError)
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
        requests_per_second: float = 0.0,
    ) -> None:
        self.origin, self.sleep, self.monotonic = origin, sleep, monotonic
        self._auth, self._limits = auth, limits
        self._verify: str | bool = str(ca_file) if ca_file else True
        self._own = threading.local()
        self._pace = Pace(requests_per_second, sleep, monotonic)

    def ask(self, call: Call, sink: Sink | None = None) -> Answer:
        """Makes the call, again where that is safe, and returns the last answer whatever its status but 401 and 403.

        Raises:
            ServerRefused: 401 or 403.
            NeverSent, Broken: no whole answer on the last try; Broken also for a write that is refused now and may have
                been carried out before.
        """
        spare, patience, doubted, renewed = self._limits.deadline_s, self._limits.patience_s, False, False
        for attempt in count():
            try:
                login = self._login(call)
            except NeverSent as fault:
                return _finish(call, fault, doubted)
            except ServerRefused as refusal:
                raise _refused(call, refusal, doubted) from None
            self._pace.wait()
            began = self.monotonic()
            result = self._try(call, login, spare, sink)
            spare -= 0.0 if sink else self.monotonic() - began
            if not renewed and spare > 0 and _status(result) == 401 and self._renews(login):
                renewed = True  # and again, a write too: what was answered 401 was not carried out (RFC 9110, 15.5.2)
                continue
            wait = _wait(call, attempt, result)
            if wait is None or wait > patience or spare <= 0:
                return _finish(call, result, doubted)
            doubted = doubted or not (isinstance(result, NeverSent) or _status(result) == 429)
            patience -= wait
            self.sleep(wait)
        raise AssertionError

    def once(self, call: Call) -> Answer:
        """Makes the call in a single try, without our login, and returns the answer whatever its status.

        Raises:
            NeverSent, Broken: no whole answer.
        """
        result = self._try(call, {}, self._limits.deadline_s, None)
        if isinstance(result, Answer):
            return result
        raise result

    def _login(self, call: Call) -> Mapping[str, str]:
        """The login that goes with a call; none off the base. NeverSent when it cannot be had: the call waits for it.

        It is had before the call's own time runs, since it may need calls of its own.
        """
        if not (self._auth and call.login and self.origin.is_home(call.url)):
            return {}
        try:
            return self._auth.headers()
        except Refused as refusal:  # a key or token file that was fit at the start
            raise ServerRefused(str(refusal)) from None
        except ServerFault as fault:
            raise NeverSent(str(fault)) from None

    def _renews(self, login: Mapping[str, str]) -> bool:
        return bool(login) and isinstance(self._auth, Renewing) and self._auth.refused(login)

    def _try(
        self, call: Call, login: Mapping[str, str], seconds: float, sink: Sink | None
    ) -> Answer | NeverSent | Broken:
        with Watchdog(seconds) as watchdog:
            try:
                return self._exchange(call, login, seconds, sink, watchdog)
            except Broken as fault:
                return fault
            except WIRE_ERRORS as error:
                if watchdog.fired or isinstance(error, WAITED):
                    return Broken(f"{call.what}: no whole answer within the time limit.")
                if _never_sent(error):
                    return NeverSent(f"{call.what}: the server cannot be reached ({type(error).__name__}).")
                return Broken(f"{call.what}: the connection broke ({type(error).__name__}).")

    def _exchange(
        self, call: Call, login: Mapping[str, str], seconds: float, sink: Sink | None, watchdog: Watchdog
    ) -> Answer:
        plain = {"Accept": FHIR_JSON, "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
        response = self._session().request(
            call.method,
            call.url,
            headers={**plain, **call.headers, **login},
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
        refusal = ServerRefused if result.status == 401 else Forbidden
        said = refusal(f"{call.what}: the server refuses our login or lacks a scope ({result.status}).")
        raise _refused(call, said, doubted)
    return replace(result, doubted=doubted)


def _refused(call: Call, refusal: ServerRefused, doubted: bool) -> ServerRefused | Broken:
    """A refusal, unless an earlier try of the same write may have been carried out: then nobody knows."""
    return Broken(f"{refusal} An earlier try may have gone through.") if doubted and call.write else refusal


def _status(result: Answer | NeverSent | Broken) -> int | None:
    return result.status if isinstance(result, Answer) else None


def _never_sent(error: Exception) -> bool:
    """Whether the failure came before anything was sent. An InvalidHeader may be ours, or one in the answer."""
    inner = error.args[0] if error.args else None
    if isinstance(inner, urllib3.exceptions.InvalidHeader):
        return False
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return True
    reason = getattr(inner, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
