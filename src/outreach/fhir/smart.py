"""SMART Backend Services as a login: a token that is had when first needed, and a new one before the old one ends.

The token goes with requests to the base only; to the token endpoint, which may be another host, goes nothing but an
assertion that is good once. https://hl7.org/fhir/smart-app-launch/backend-services.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from outreach.errors import OutreachError, ServerFault, ServerRefused
from outreach.fhir.discovery import Offer, discover
from outreach.fhir.faults import Broken, NeverSent
from outreach.fhir.keys import signing_key
from outreach.fhir.origin import Origin
from outreach.fhir.retry import TRIES, pause
from outreach.fhir.scopes import Need, asked, missing
from outreach.fhir.tokens import Passing, Token, token_call, token_of
from outreach.fhir.transport import Limits, Transport
from outreach.logins import Backend

RENEW_AT = 0.8  #: of a token's life
AGAIN_AT = 0.05  #: of its life later, when the new one could not be had and the old one is still good


@dataclass(frozen=True)
class Grant:
    """A token in use: what was offered, asked for and granted, and when it is renewed and ends (monotonic seconds)."""

    offer: Offer
    alg: str
    kid: str
    asked: tuple[str, ...]
    token: Token = field(repr=False)
    renew_at: float
    ends_at: float


class SmartLogin:
    """The headers of a login by signed assertions. Shared between threads: one renewal at a time.

    Args:
        base: the FHIR server; asked for its smart-configuration when the first token is needed.
        needs: what is to be done there. Less than that granted is a refusal, before anything else is asked.
        lenient: give the token out even so, for looking at what a server grants.
        now: seconds since 1970, real time: the server compares it with its own. ``monotonic`` measures a token's life.

    Raises:
        Refused: the key file is unfit, before anything is contacted.
    """

    def __init__(
        self,
        base: str,
        backend: Backend,
        needs: Sequence[Need] = (),
        *,
        lenient: bool = False,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        deadline_s: float = 30.0,
        ca_file: Path | None = None,
    ) -> None:
        signing_key(backend.key_file, backend.key_id)
        self.backend, self.needs, self._lenient = backend, tuple(needs), lenient
        self._now, self._monotonic, self._sleep = now, monotonic, sleep
        self._transport = Transport(Origin(base), None, Limits(deadline_s, 60.0), sleep, monotonic, ca_file)
        self._offer: Offer | None = None
        self._grant: Grant | None = None
        self._failure: OutreachError | None = None  # of the last attempt
        self._ended = 0  # attempts, failed or not
        self._lock = threading.Lock()

    def headers(self) -> Mapping[str, str]:
        """The login of one request.

        Raises:
            ServerRefused: the server gives no token, or one that allows too little.
            ServerFault: the server or its token endpoint is away.
        """
        grant = self.grant()
        lacking = () if self._lenient else self.missing(grant)
        if lacking:
            raise ServerRefused(
                f"login: the server does not grant {', '.join(lacking)}. Have it granted to this client."
            )
        return {"Authorization": f"Bearer {grant.token.text}"}

    def refused(self, headers: Mapping[str, str]) -> bool:
        """Told of a 401 to these headers: their token is not used again. True: another may be tried."""
        with self._lock:
            if self._grant and headers.get("Authorization") == f"Bearer {self._grant.token.text}":
                self._grant = None
        return True

    def grant(self) -> Grant:
        """The token in use, renewed when it is time. Who waits for another's try shares its failure."""
        ended = self._ended
        with self._lock:
            if self._grant is None or self._monotonic() >= self._grant.renew_at:
                if self._failure is not None and self._ended != ended:
                    raise self._failure
                self._grant = self._attempt(self._grant)
            return self._grant

    def missing(self, grant: Grant) -> list[str]:
        """The scopes a night needs that a token lacks."""
        return missing(grant.token.scopes, self.needs, grant.offer.form)

    def _attempt(self, old: Grant | None) -> Grant:
        self._failure = None
        try:
            return self._renewed(old)
        except OutreachError as failure:
            self._failure = failure
            raise
        finally:
            self._ended += 1

    def _renewed(self, old: Grant | None) -> Grant:
        try:
            return self._new()
        except ServerFault:
            again = self._monotonic() + AGAIN_AT * old.token.life_s if old else 0.0
            if old is None or again >= old.ends_at:
                raise
            return Grant(old.offer, old.alg, old.kid, old.asked, old.token, again, old.ends_at)

    def _new(self) -> Grant:
        """A new token, in a few tries, each with an assertion of its own. A repeat costs at worst a token more."""
        self._offer = self._offer or discover(self._transport, self.backend)
        for attempt in range(TRIES):
            try:
                return self._once(self._offer)
            except Passing as fault:
                wait = pause(attempt, fault.retry_after)
                if attempt + 1 == TRIES or wait > 60.0:
                    raise
                self._sleep(wait)
        raise AssertionError

    def _once(self, offer: Offer) -> Grant:
        key = signing_key(self.backend.key_file, self.backend.key_id)
        scopes = self.backend.scopes or tuple(asked(self.needs, offer.form))
        now, began = self._now(), self._monotonic()
        try:
            answer = self._transport.once(token_call(offer.token_url, self.backend, key, scopes, now))
        except (NeverSent, Broken) as fault:
            raise Passing(str(fault)) from None
        token = token_of(answer, scopes, now)
        renew_at, ends_at = began + RENEW_AT * token.life_s, began + token.life_s
        return Grant(offer, key.alg, key.kid, scopes, token, renew_at, ends_at)
